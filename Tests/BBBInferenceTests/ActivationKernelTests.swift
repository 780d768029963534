import BBBKernels
import BBBNetwork
import CBBBKernels
import Foundation
import Testing

@testable import BBBInference

/// The kernels of activations, against the formulas in double precision.
struct ActivationKernelTests {
  private static let activations = Activation.allCases.filter { $0.kernelValue != nil }

  /// Those that means and variances pass.
  private static let smooth = activations.filter {
    !$0.jumps && $0 != .logarithm && $0 != .squareRoot
  }

  private func activated(
    _ values: [Float], _ activation: Activation, _ set: InstructionSet
  ) throws -> [Float] {
    var values = values
    bbb_activate(
      set.kernelValue, try #require(activation.kernelValue), values.count, &values)
    return values
  }

  @Test(arguments: activations, InstructionSet.available)
  func `values are those of the formula`(activation: Activation, set: InstructionSet) throws {
    let inputs =
      stride(from: Float(-20), through: 20, by: 0.003).map { $0 }
      + [
        -1e30, -500, -101, -81, 81, 88.7, 88.8, 500, 29_999, -29_999, 31_000, 1e30,
        .leastNonzeroMagnitude, -0.0,
      ]
    for (input, value) in zip(inputs, try activated(inputs, activation, set)) {
      let expected = activation(Double(input))
      guard Float(expected).isFinite else {
        #expect(value.isNaN == expected.isNaN && (value.isNaN || value == Float(expected)))
        continue
      }
      #expect(
        abs(Double(value) - expected) < 1e-6 * max(1, abs(expected)),
        "\(activation.rawValue) \(input)")
    }
    let special = try activated([.nan, -.infinity, .infinity], activation, set)
    #expect(special[0].isNaN)
    #expect(special[1].isNaN == activation(-.infinity).isNaN)
    #expect(special[2].isNaN == activation(.infinity).isNaN)
  }

  @Test(arguments: activations, InstructionSet.available)
  func `a number gives the same bits wherever it stands`(
    activation: Activation, set: InstructionSet
  ) throws {
    let inputs = (0..<45).map { Float($0) * 0.37 - 8 }
    let all = try activated(inputs, activation, set)
    for count in [1, 3, 17, 33] {
      let part = try activated(Array(inputs.suffix(count)), activation, set)
      #expect(
        zip(part, all.suffix(count)).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    }
  }

  /// Mean and variance of the value, by a fine trapezoidal sum in double precision.
  private func reference(
    _ activation: Activation, mean: Double, deviation: Double
  ) -> (mean: Double, variance: Double) {
    var sums = (weight: 0.0, first: 0.0, second: 0.0)
    for u in stride(from: -15.0, through: 15, by: 0.005) {
      let weight = exp(-u * u / 2)
      let value = activation(mean + deviation * u)
      sums.weight += weight
      sums.first += weight * value
      sums.second += weight * value * value
    }
    let first = sums.first / sums.weight
    return (first, sums.second / sums.weight - first * first)
  }

  @Test(arguments: smooth, InstructionSet.available)
  func `moments are those of the integrals`(activation: Activation, set: InstructionSet) throws {
    let kernel = try #require(activation.kernelValue)
    // Where a slope jumps, the nodes' distance shows.
    let precision: Double =
      switch activation {
      case .leakyRelu, .selu, .hardSwish: 2e-3
      case .relu6: 3e-3
      case .elu: 2e-4
      default: 3e-6
      }
    for deviation: Float in [0.05, 0.5, 1, 3] {
      var means = stride(from: Float(-6), through: 6, by: 0.37).map { $0 }
      let inputs = means
      var variances = means.map { _ in deviation * deviation }
      var seconds = means.map { _ in Float.nan }
      bbb_activate_moments(
        set.kernelValue, kernel, means.count, &means, &variances, &seconds)
      for index in inputs.indices {
        let expected = reference(
          activation, mean: Double(inputs[index]),
          deviation: Double(deviation * deviation).squareRoot())
        let scale = max(1, Double(deviation), expected.mean)
        #expect(abs(Double(means[index]) - expected.mean) < precision * scale)
        #expect(
          abs(Double(variances[index]) - expected.variance)
            < precision * max(scale * scale, expected.variance))
        #expect(
          abs(seconds[index] - (means[index] * means[index] + variances[index]))
            <= 2e-6 * (1 + seconds[index]))
      }
    }
  }

  @Test(arguments: smooth, InstructionSet.available)
  func `what is certain stays certain`(activation: Activation, set: InstructionSet) throws {
    let inputs: [Float] = [-3, -0.5, 0, 0.25, 4]
    var means = inputs
    var variances = [Float](repeating: 0, count: 5)
    var seconds = variances
    bbb_activate_moments(
      set.kernelValue, try #require(activation.kernelValue), 5, &means, &variances, &seconds)
    let expected = try activated(inputs, activation, set)
    #expect(means == expected)
    #expect(variances == [0, 0, 0, 0, 0])
  }
}
