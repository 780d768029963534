import BBBKernels
import CBBBKernels
import Foundation
import Testing

@testable import BBBInference

/// The kernel that rectifies Gaussians, against its formulas in double precision.
struct RectifiedMomentsTests {
  /// The moments of max(0, h), h ~ N(mean, variance):
  /// E = m Φ(a) + s φ(a), E₂ = (m² + v) Φ(a) + m s φ(a) with a = m/s.
  private func reference(mean: Double, variance: Double) -> (mean: Double, variance: Double) {
    guard variance > 0 else { return (max(0, mean), 0) }
    let deviation = variance.squareRoot()
    let a = mean / deviation
    let density = exp(-a * a / 2) / (2 * Double.pi).squareRoot()
    let below = 0.5 * erfc(-a / 2.0.squareRoot())
    let first = mean * below + deviation * density
    let second = (mean * mean + variance) * below + mean * deviation * density
    return (first, second - first * first)
  }

  private func rectified(
    _ means: [Float], _ variances: [Float], _ set: InstructionSet
  ) -> (means: [Float], variances: [Float], seconds: [Float]) {
    var (means, variances) = (means, variances)
    var seconds = [Float](repeating: .nan, count: means.count)
    bbb_rectify_moments(set.kernelValue, means.count, &means, &variances, &seconds)
    return (means, variances, seconds)
  }

  @Test(arguments: InstructionSet.available)
  func `moments are those of the closed form`(set: InstructionSet) {
    var (means, variances): ([Float], [Float]) = ([], [])
    for deviation: Float in [1e-3, 0.5, 1, 30] {
      for a in stride(from: Float(-5), through: 12, by: 0.03125) {
        means.append(a * deviation)
        variances.append(deviation * deviation)
      }
    }
    let result = rectified(means, variances, set)
    for index in means.indices {
      let (mean, variance) = (Double(means[index]), Double(variances[index]))
      let expected = reference(mean: mean, variance: variance)
      let scale = variance.squareRoot()
      #expect(
        abs(Double(result.means[index]) - expected.mean) < 4e-6 * (expected.mean + 1e-9 * scale))
      #expect(abs(Double(result.variances[index]) - expected.variance) < 4e-6 * variance)
      // Far below 0 the variance is small, and still right to some digits.
      #expect(
        abs(Double(result.variances[index]) / expected.variance - 1) < 1e-4
          || expected.variance < 1e-6 * variance)
      let second = expected.mean * expected.mean + expected.variance
      #expect(abs(Double(result.seconds[index]) - second) < 1e-5 * (second + 1e-9 * variance))
    }
  }

  @Test(arguments: InstructionSet.available)
  func `what is certain is rectified exactly`(set: InstructionSet) {
    let means: [Float] = [-3, -0.0, 0, 1e-30, 2, 1e30]
    let result = rectified(means, means.map { _ in 0 }, set)
    #expect(result.means == means.map { max(0, $0) })
    #expect(result.variances == means.map { _ in 0 })
    #expect(result.seconds == means.map { max(0, $0) * max(0, $0) })
  }

  @Test(arguments: InstructionSet.available)
  func `what is far from 0 is cut off or left as it is`(set: InstructionSet) {
    let result = rectified([-1e6, 1e6, -1e20, 1e20], [1, 1, 1e-10, 1e-10], set)
    #expect(result.means == [0, 1e6, 0, 1e20])
    #expect(result.variances == [0, 1, 0, 1e-10])
  }

  @Test(arguments: InstructionSet.available)
  func `NaN is not hidden`(set: InstructionSet) {
    let result = rectified([.nan, .nan, 1], [1, 0, .nan], set)
    #expect(result.means[0].isNaN && result.means[1].isNaN)
    #expect(result.variances[2].isNaN || result.means[2].isNaN)
  }

  @Test func `any count is computed, and nothing behind it`() {
    for count in 0...40 {
      var (means, variances) = ([Float](repeating: 0, count: 41), [Float](repeating: 1, count: 41))
      var seconds = [Float](repeating: 7, count: 41)
      bbb_rectify_moments(bbb_best_instruction_set(), count, &means, &variances, &seconds)
      // E[max(0, ε)] = φ(0), E[max(0, ε)²] = ½.
      let expected = Float(1 / (2 * Double.pi).squareRoot())
      #expect(means.prefix(count).allSatisfy { abs($0 - expected) < 1e-6 })
      #expect(seconds.prefix(count).allSatisfy { abs($0 - 0.5) < 1e-6 })
      #expect(means[count...].allSatisfy { $0 == 0 } && seconds[count...].allSatisfy { $0 == 7 })
    }
  }
}
