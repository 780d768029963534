import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@testable import BBBConditioning

@Suite("Moments of what a matrix reads")
struct InputMomentsTests {
  /// With a row w̃ and its bias, E[z] = w̃ᵀ H e₀ and E[z²] = w̃ᵀ H w̃, whatever the reference network computes z by.
  @Test("give the mean and the square of every sum of the reference network", arguments: 0..<60)
  func reference(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 3000 + seed)
    let sample = NetworkPassTests.Sample(RandomNetworks.make(using: &generator), seed: seed)
    let network = sample.network
    let references = sample.inputs.map { sample.reference.values(for: $0) }
    for (node, step) in sample.plan.steps.enumerated() {
      guard case .matrix(let matrix) = step else { continue }
      let moments = InputMoments(matrix, hasTargets: true)
      moments.add(
        matrix, sample.pass.value(network.nodes[node].inputs[0].index),
        targets: sample.pass.value(node + 1), width: sample.inputs.count,
        positions: Array(0..<matrix.outputPositions), threadCount: 2)
      moments.finish()
      let weights = sample.weights[matrix.parameter]
      for row in 0..<matrix.rows * matrix.groups {
        let (group, number) = row.quotientAndRemainder(dividingBy: matrix.rows)
        let own = weights.row(row, columns: matrix.columns)
        let size = moments.size
        let second = moments.second[group].start
        func moment(_ one: Int, _ other: Int) -> Double {
          second[max(one, other) * size + min(one, other)]
        }
        var (mean, square) = (0.0, 0.0)
        for one in 0..<size {
          mean += own[one] * moment(one, 0)
          for other in 0..<size { square += own[one] * own[other] * moment(one, other) }
        }
        let sums = references.flatMap { values in
          let positions = matrix.outputPositions
          return values[node + 1][row * positions..<(row + 1) * positions]
        }
        guard sums.allSatisfy({ abs($0) < 1e4 }) else { continue }
        let expected = sums.reduce(0, +) / Double(sums.count)
        let expectedSquare = sums.reduce(0) { $0 + $1 * $1 } / Double(sums.count)
        let scale = 1 + expectedSquare
        #expect(abs(mean - expected) < 1e-3 * scale, "seed \(seed), node \(node), row \(row)")
        #expect(abs(square - expectedSquare) < 1e-3 * scale, "seed \(seed), node \(node)")
        let squareOfTargets = moments.targetSquares[group].start[number]
        #expect(abs(squareOfTargets - expectedSquare) < 1e-3 * scale)
        #expect(abs(moments.cross[group].start[number * size] - expected) < 1e-3 * scale)
      }
    }
  }
}
