import BBBNetwork
import TestSupport

@testable import BBBConditioning
@testable import BBBPruning

/// Small networks, and inputs to condition them on.
enum ConditioningSample {
  /// A dense network of random weights and correlated examples.
  static func make(
    _ text: String, count: Int = 300, seed: UInt64 = 1, output: OutputMeaning = .classes
  ) throws -> (network: DenseNetwork, examples: CalibrationExamples, ranking: (Mask) -> Pruning) {
    var generator = SeededGenerator(seed: seed)
    let network = try Network(text: text)
    let matrices = network.parameters.map { parameter in
      let shape = parameter.weights
      return DenseMatrix(
        shape: shape,
        weights: (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) },
        biases: (0..<shape.rows).map { _ in
          parameter.hasBias ? Float.random(in: -0.5...0.5, using: &generator) : 0
        })
    }
    let dense = DenseNetwork(
      network: network, matrices: matrices,
      posteriorParameters: Array(network.parameters.indices), inputScaling: .identity,
      output: output)
    let inputs = (0..<count).flatMap { _ -> [Float] in
      let common = Float.random(in: -1...1, using: &generator)
      return (0..<network.inputCount).map { _ in
        common + 0.7 * Float.random(in: -1...1, using: &generator)
      }
    }
    var segments: [Ranking.Segment] = []
    var total = 0
    for (index, matrix) in matrices.enumerated() {
      segments.append(
        Ranking.Segment(
          parameter: index, isBias: false, positions: total..<total + matrix.weights.count))
      total += matrix.weights.count
    }
    return (
      dense, CalibrationExamples(floats: inputs, of: dense),
      { mask in
        Pruning(
          criterion: .conditional, segments: segments, keeps: mask,
          removedCount: mask.count - mask.keptCount, threshold: nil)
      }
    )
  }

  /// (A + R)⁻¹ b by elimination.
  static func solve(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    var rows = zip(matrix, vector).map { $0 + [$1] }
    let count = rows.count
    for pivot in 0..<count {
      let best = (pivot..<count).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
      rows.swapAt(pivot, best)
      for row in 0..<count where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...count { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
