import BBBInference
import BBBPosterior
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct OutputTrialTests {
  private static let outputCount = 4
  private let change = OutputChange(meaning: .classes, outputCount: outputCount)

  /// A network whose last weights have a size, what it is without pruning, and how it is tried.
  private func example(
    inputCount: Int, lastWeights: Float = 1, deviation: Float = 0.1
  ) throws -> (model: CompactModel, trial: OutputTrial) {
    var generator = SeededGenerator(seed: 330)
    let sizes = [inputCount, 30, Self.outputCount]
    let layers = zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
      let count = size.0 * size.1
      return PlainLayer(
        outputs: size.1, inputs: size.0,
        means: (0..<count).map { _ in
          Float.random(in: -1...1, using: &generator) * (index == 1 ? lastWeights : 1)
        },
        deviations: .init(repeating: deviation, count: count),
        biases: (0..<size.1).map { _ in
          index == 0 ? Float.random(in: -1...1, using: &generator) : 0
        })
    }
    let posterior = try posterior(layers)
    let network = try DenseNetwork(posterior)
    let pruning = try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0)
    return (
      network.compacted(by: pruning), OutputTrial(of: network, calibration: nil)
    )
  }

  /// As of pixels from 0 to 255 that were learned as they are.
  @Test(arguments: [Float(1), 0.05, 0.002])
  func `inputs are made as large as it takes for outputs to vary`(lastWeights: Float) throws {
    let (model, trial) = try example(inputCount: 40, lastWeights: lastWeights)
    let outputs = trial.comparisons(model, change)[0].outputs
    #expect(change.certainty(of: outputs).variation >= 0.1)
  }

  @Test func `a comparison that shows nothing allows nothing`() throws {
    let (_, trial) = try example(inputCount: 40)
    #expect(trial.ceiling(for: .init(repeating: 0, count: 40), change) == 0)
    #expect(trial.ceiling(for: [9, 0, 0, 0, 9, 0, 0, 0], change) < 1e-12)
  }

  /// Outputs sure of four classes in turn, but for the chance of a tenth.
  @Test func `the more doubt, the less may change, and of few inputs least`() throws {
    let sure: [Float] = (0..<16).map { $0 % 5 == 0 ? 6 : 0 }
    let unsure = sure.map { $0 / 3 }
    let (_, many) = try example(inputCount: 900)
    #expect(many.ceiling(for: sure, change) > 2 * many.ceiling(for: unsure, change))
    let (_, few) = try example(inputCount: 3)
    #expect(few.ceiling(for: sure, change) == few.ceiling(for: unsure, change))
    #expect(few.ceiling(for: sure, change) < many.ceiling(for: unsure, change) / 3)
  }

  @Test func `where nearly all weights are given up more may change`() throws {
    let unsure: [Float] = (0..<16).map { $0 % 5 == 0 ? 2 : 0 }
    let (_, learned) = try example(inputCount: 900, deviation: 100)
    let (_, young) = try example(inputCount: 900)
    #expect(learned.ceiling(for: unsure, change) > 4 * young.ceiling(for: unsure, change))
  }
}
