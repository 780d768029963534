import BBBInference

/// Removes hidden units that pruning left without effect; the function stays the same.
///
/// - A unit without incoming weights is a constant, activation(bias): it is folded into the biases of
///   the next layer. That may leave units there without incoming weights, so layers go first to last.
/// - A unit without outgoing weights reaches nothing. Removing it may leave units before it without
///   outgoing weights, so layers go last to first; it never takes an incoming weight from a unit that
///   stays, so one sweep each way suffices.
///
/// Which units are dead depends on the connections only, not on their values.
enum DeadUnits {
  /// Removes dead units.
  ///
  /// - Parameter layers: Each feeding the next.
  /// - Returns: The layers without dead units.
  static func remove(from layers: [KeptConnections]) -> [LayerStructure] {
    var live = layers.map {
      LayerStructure(connections: $0, units: Array(0..<$0.outputCount), fromConstants: nil)
    }
    for index in live.indices.dropLast() {
      separateConstants(of: live[index].connections, in: &live[index + 1])
    }
    for index in live.indices.dropLast().reversed() {
      let isUsed = live[index + 1].connections.inputIsUsed
      let used = isUsed.indices.filter { isUsed[$0] }
      guard used.count < isUsed.count else { continue }
      var newNumber = [UInt32?](repeating: nil, count: isUsed.count)
      for (rank, unit) in used.enumerated() { newNumber[unit] = UInt32(rank) }
      live[index].units = used
      live[index].connections = live[index].connections.selecting(outputs: used)
      live[index + 1].connections = live[index + 1].connections.renumbering(
        newInput: newNumber, inputCount: used.count)
    }
    return live
  }

  /// Sets apart the connections that leave the constant units of a layer.
  private static func separateConstants(of layer: KeptConnections, in next: inout LayerStructure) {
    let isConstant = layer.incomingCounts.map { $0 == 0 }
    guard isConstant.contains(true) else { return }
    func connections(areConstant: Bool) -> KeptConnections {
      next.connections.renumbering(
        newInput: isConstant.enumerated().map { $1 == areConstant ? UInt32($0) : nil },
        inputCount: isConstant.count)
    }
    next.fromConstants = connections(areConstant: true)
    next.connections = connections(areConstant: false)
  }
}
