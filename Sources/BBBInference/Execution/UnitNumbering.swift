/// The numbers that inputs and units have where a network runs.
///
/// Inputs of a layer are numbered by falling count of the weights that leave them. The columns that a
/// single vector visits then have almost always the length of the one before, so that the processor
/// foresees where each ends: a third of the time. Inputs of the network that no weight leaves have no
/// number at all.
struct UnitNumbering: Sendable {
  /// For each layer, the number in the model of each of its inputs as they are numbered here.
  let inputs: [[Int]]
  /// The number of the last layer's outputs, which keep theirs.
  let outputCount: Int

  /// Numbers the units of a network.
  init(_ patterns: [SparsePattern]) {
    inputs = patterns.map(\.columnCounts).enumerated().map { index, counts in
      var order = CountingSort.fallingOrder(counts)
      if index == 0 { order.removeAll { counts[$0] == 0 } }
      return order
    }
    outputCount = patterns.last?.rowCount ?? 0
  }

  /// The numbers in the model of a layer's outputs, in the order that they have here.
  func outputs(ofLayer layer: Int) -> [Int] {
    layer + 1 < inputs.count ? inputs[layer + 1] : Array(0..<outputCount)
  }
}
