import BBBNetwork

/// The order of a network's hidden units, which does not change its function but the bytes it takes.
///
/// Groups that are numbered by falling count, equal counts by first position, are coded best
/// (``OrderedGaps``). The units of a space (`UnitSpaces`) can be numbered by the incoming weights of a matrix that writes them
/// or by the outgoing weights of one that reads them, not by both: by that of the most weights. Positions along the other axis
/// must be settled first, so spaces up to a *turn* are numbered by their incoming weights, first to last, and the others by
/// their outgoing weights, last to first.
extension CompactModel {
  /// The same network with its hidden units in the order that takes the fewest bytes in a file.
  ///
  /// Every turn is tried, but only the last where positions hardly matter beside the values. Predictions may
  /// differ in the rounding of sums.
  ///
  /// - Returns: The network, renumbered.
  public func inCodingOrder() -> CompactModel { CodingOrder(self).model }

  /// The network as a `.bbbz` file, with its hidden units in the order that takes the fewest bytes.
  ///
  /// It is the file of ``inCodingOrder()``, in less time: what the trials wrote is not written again.
  ///
  /// - Parameter valueEncoding: As for ``encoded(valuesAs:)``.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` as ``encoded(valuesAs:)`` does.
  public func encodedInCodingOrder(
    valuesAs valueEncoding: ValueEncoding?
  ) throws(CompactModelError) -> [UInt8] {
    let order = CodingOrder(self)
    return try order.model.encoded(valuesAs: valueEncoding, connections: order.connections)
  }
}

/// A network in coding order, and its connections as they are written.
struct CodingOrder {
  let model: CompactModel
  /// Each matrix's connections in the coding that takes the fewest bits; `nil` where none was tried.
  let connections: [CodedConnections]?

  /// Above this density a weight's position takes less than two bits.
  private static let largestTrialDensity = 0.25

  /// Finds the order.
  init(_ model: CompactModel) {
    let renumbering = Renumbering(model)
    let spaces = renumbering.freeSpaces
    let patterns = model.matrices.map(\.pattern)
    let possible = patterns.reduce(0) { $0 + $1.rowCount * $1.columnCount }
    let density = Double(model.weightCount) / Double(max(possible, 1))
    let forward = renumbering.orderByIncomingWeights
    guard !spaces.isEmpty, density < Self.largestTrialDensity else {
      let numbered = patterns.indices.map { renumbering.numbered($0, forward) }
      self.model = model.with(matrices: numbered.map(\.matrix))
      connections = nil
      return
    }
    let backward = renumbering.orderByOutgoingWeights
    let involved = patterns.indices.map { renumbering.spaces(ofParameter: $0) }
    // How a matrix is numbered depends only on which of its spaces lie before the turn.
    var trials = [[[Bool]: CodedMatrix]](repeating: [:], count: patterns.count)
    var best: [CodedMatrix] = []
    var fewestBits = Double.infinity
    for turn in (0...spaces.count).reversed() {
      let before = Set(spaces[..<turn])
      let orders = forward.indices.map { before.contains($0) ? forward[$0] : backward[$0] }
      let candidate = patterns.indices.map { parameter in
        let side = involved[parameter].map { before.contains($0) }
        let coded =
          trials[parameter][side] ?? CodedMatrix(renumbering.numbered(parameter, orders))
        trials[parameter][side] = coded
        return coded
      }
      let bits = candidate.reduce(0) { $0 + $1.connections.estimatedBits }
      if bits < fewestBits { (best, fewestBits) = (candidate, bits) }
    }
    self.model = model.with(matrices: best.map(\.numbered.matrix))
    connections = best.map(\.connections)
  }
}

/// A numbered matrix and its connections as they are written.
private struct CodedMatrix {
  var numbered: NumberedMatrix
  var connections: CodedConnections

  /// Writes a matrix's connections.
  init(_ numbered: NumberedMatrix) {
    self.numbered = numbered
    connections = .shortest(byInput: numbered.byInput.pattern, byOutput: numbered.pattern.pattern)
  }
}
