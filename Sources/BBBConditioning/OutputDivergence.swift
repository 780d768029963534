import BBBInference
import BBBNetwork

/// How far the outputs of a changed network diverge from the dense network's, in nats per example.
struct OutputDivergence {
  private let output: OutputMeaning

  /// - Parameter output: What the outputs are; numbers whose noise is not known are given the spread of the dense network's outputs.
  init(_ output: OutputMeaning) { self.output = output }

  /// Means over the examples that nothing is fitted to; over all if there are none.
  ///
  /// - Parameter outputs: Of both networks.
  /// - Returns: The divergence, and the doubt of the dense network: the entropy of its outputs, 0 of numbers.
  func means(_ outputs: [NetworkWalk.Outputs]) -> (divergence: Double, doubt: Double) {
    let heldOut = outputs.filter { !$0.isFitted }
    let tiles = heldOut.isEmpty ? outputs : heldOut
    let dense = rows(tiles.map { ($0.dense.values, $0.width) })
    let changed = rows(tiles.map { ($0.changed.values, $0.width) })
    let count = tiles.first.map { $0.dense.count / $0.width } ?? 1
    var meaning = output
    if meaning == .numbers(noiseDeviation: nil) {
      meaning = .numbers(noiseDeviation: Self.spread(dense))
    }
    let distributions = [dense, changed].map {
      OutputDistribution(wholeOutputs: $0, outputCount: count, meaning: meaning)
    }
    let entropies = distributions[0].classes?.predictiveEntropies ?? []
    return (
      distributions[0].divergence(from: distributions[1]) ?? .nan,
      entropies.reduce(0, +) / Double(max(entropies.count, 1))
    )
  }

  /// The outputs of all examples, (examples, outputs), of tiles of (outputs, examples).
  private func rows(_ tiles: [(values: [Float], width: Int)]) -> [Float] {
    tiles.flatMap { values, width in
      let count = values.count / width
      return (0..<width).flatMap { example in (0..<count).map { values[$0 * width + example] } }
    }
  }

  /// The standard deviation of numbers; 1 if they do not differ.
  private static func spread(_ numbers: [Float]) -> Double {
    let count = Double(max(numbers.count, 1))
    let mean = numbers.reduce(0.0) { $0 + Double($1) } / count
    let square = numbers.reduce(0.0) { sum, number in
      let difference = Double(number) - mean
      return sum + difference * difference
    }
    return square > 0 ? (square / count).squareRoot() : 1
  }
}
