import BBBNetwork
import TestSupport
import Testing

@testable import BBBInference

/// An input that is not finite never becomes a confident answer.
struct NotFiniteInputTests {
  @Test(arguments: [Float.nan, .infinity, -.infinity], [1, 3, 40])
  func `makes NaN of its example's outputs, and of no other's`(
    number: Float, exampleCount: Int
  ) throws {
    // So sparse that most inputs reach nothing, and rectified.
    let model = CompactModel.random(sizes: [30, 20, 4], density: 0.05, seed: 8)
    let good = (0..<30 * exampleCount).map { Float($0 % 7) / 7 }
    let spoilt = exampleCount / 2
    for input in [0, 13, 29] {
      var inputs = good
      inputs[spoilt * 30 + input] = number
      let outputs = try model.predictOutputs(for: inputs)
      let expected = try model.predictOutputs(for: good)
      for example in 0..<exampleCount {
        let range = example * 4..<example * 4 + 4
        if example == spoilt {
          #expect(outputs[range].allSatisfy { $0.isNaN })
          #expect(try model.predictProbabilities(for: inputs)[range].allSatisfy { $0.isNaN })
        } else {
          #expect(outputs[range] == expected[range])
        }
      }
    }
  }

  @Test func `makes NaN of the moments too`() throws {
    let certain = CompactModel.random(sizes: [30, 20, 4], density: 0.05, seed: 8)
    let model = CompactModel(
      layers: certain.layers.map {
        $0.with(
          standardDeviations: .init(
            weights: $0.values.map { _ in 0.1 }, biases: $0.biases.map { _ in 0.1 }))
      }, output: .classes, inputScaling: .identity, origin: certain.origin)
    var inputs = [Float](repeating: 0.5, count: 90)
    inputs[45] = -.infinity
    let moments = try model.predictOutputMoments(for: inputs)
    #expect(moments.means[4..<8].allSatisfy { $0.isNaN })
    #expect(moments.variances[4..<8].allSatisfy { $0.isNaN })
    #expect((moments.means[..<4] + moments.means[8...]).allSatisfy { $0.isFinite })
  }
}
