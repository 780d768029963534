import BBBInference
import BBBNetwork

/// How far the outputs of a changed network diverge from the dense network's, in nats per example.
struct OutputDivergence {
  private let output: OutputMeaning

  /// - Parameter output: What the outputs are; numbers whose noise is not known are given the deviation 1.
  init(_ output: OutputMeaning) {
    self.output = output == .numbers(noiseDeviation: nil) ? .numbers(noiseDeviation: 1) : output
  }

  /// The mean over the examples that nothing is fitted to; over all if there are none.
  func mean(_ outputs: [NetworkWalk.Outputs]) -> Double {
    let heldOut = outputs.filter { !$0.isFitted }
    let tiles = heldOut.isEmpty ? outputs : heldOut
    let dense = distribution(tiles.map { ($0.dense.values, $0.width) })
    let changed = distribution(tiles.map { ($0.changed.values, $0.width) })
    return dense.divergence(from: changed) ?? 0
  }

  /// What values, (outputs, examples) each, say of all examples.
  private func distribution(_ tiles: [(values: [Float], width: Int)]) -> OutputDistribution {
    let count = tiles.first.map { $0.values.count / $0.width } ?? 1
    let rows = tiles.flatMap { values, width in
      (0..<width).flatMap { example in (0..<count).map { values[$0 * width + example] } }
    }
    return OutputDistribution(wholeOutputs: rows, outputCount: count, meaning: output)
  }
}
