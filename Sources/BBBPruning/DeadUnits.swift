import BBBInference

/// Removes hidden units that pruning left without effect; the function stays the same.
///
/// - A unit without incoming weights is a constant, activation(bias): it is folded into the biases of
///   the next layer. That may leave units there without incoming weights, so layers go first to last.
/// - A unit without outgoing weights reaches nothing. Removing it may leave units before it without
///   outgoing weights, so layers go last to first; it never takes an incoming weight from a unit that
///   stays, so one sweep each way suffices.
enum DeadUnits {
  /// Removes dead units, and orders hidden units by falling number of incoming weights.
  ///
  /// The order of hidden units does not change the function, but like densities side by side code
  /// shorter.
  ///
  /// - Parameters:
  ///   - layers: Each feeding the next.
  ///   - activations: What follows each layer.
  /// - Returns: The layers without dead units.
  static func remove(
    from layers: [KeptWeights], activations: [SparseLayer.Activation]
  ) -> [KeptWeights] {
    var layers = layers
    for index in layers.indices.dropLast() {
      foldConstants(of: layers[index], activations[index], into: &layers[index + 1])
    }
    for index in layers.indices.dropLast().reversed() {
      let isUsed = layers[index + 1].inputIsUsed
      let incoming = layers[index].incomingCounts
      let order = isUsed.indices.filter { isUsed[$0] }
        .sorted { incoming[$0] != incoming[$1] ? incoming[$0] > incoming[$1] : $0 < $1 }
      var newNumber = [Int?](repeating: nil, count: isUsed.count)
      for (rank, unit) in order.enumerated() { newNumber[unit] = rank }
      layers[index] = layers[index].selecting(
        outputs: order, newInput: Array(0..<layers[index].inputCount),
        inputCount: layers[index].inputCount)
      layers[index + 1] = layers[index + 1].selecting(
        outputs: Array(0..<layers[index + 1].outputCount), newInput: newNumber,
        inputCount: order.count)
    }
    return layers
  }

  /// Adds what the constant units of a layer contribute to the next layer's biases, and drops the
  /// weights that leave them.
  private static func foldConstants(
    of layer: KeptWeights, _ activation: SparseLayer.Activation, into next: inout KeptWeights
  ) {
    let constants = zip(layer.incomingCounts, layer.biases).map { incoming, bias -> Float? in
      guard incoming == 0 else { return nil }
      return activation == .rectifiedLinear ? max(0, bias) : bias
    }
    guard constants.contains(where: { $0 != nil }) else { return }
    for output in 0..<next.outputCount {
      var sum = 0.0
      for index in next.rowStarts[output]..<next.rowStarts[output + 1] {
        if let constant = constants[Int(next.columns[index])] {
          sum += Double(next.values[index]) * Double(constant)
        }
      }
      if sum != 0 { next.biases[output] = Float(Double(next.biases[output]) + sum) }
    }
    next = next.selecting(
      outputs: Array(0..<next.outputCount),
      newInput: constants.enumerated().map { $1 == nil ? $0 : nil }, inputCount: next.inputCount)
  }
}
