import CBBBKernels
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior
@testable import BBBPruning

/// The instruction sets that this processor has, the plain one first.
private let sets = [bbb_plain, bbb_avx2, bbb_avx512, bbb_neon]
  .filter { bbb_has_instruction_set($0) != 0 }.map(\.rawValue)

@Suite struct RankingKernelTests {
  /// Around the widths of vectors and words.
  static let counts = [0, 1, 3, 7, 15, 16, 17, 63, 64, 65, 127, 128, 200, 1000]

  private func compare(
    _ set: bbb_instruction_set, _ means: [Float], _ deviations: [Float], low: Float, high: Float,
    without: String = ""
  ) -> (above: [UInt64], inside: [UInt64], counts: bbb_band_counts) {
    let wordCount = (means.count + 63) / 64
    // What the kernel does not write shows.
    var above = [UInt64](repeating: .max, count: wordCount)
    var inside = above
    let counts = means.withUnsafeBufferPointer { means in
      deviations.withUnsafeBufferPointer { deviations in
        bbb_compare_with_band(
          set, without == "means" ? nil : means.baseAddress,
          without == "deviations" ? nil : deviations.baseAddress, means.count, low, high, &above,
          &inside)
      }
    }
    return (above, inside, counts)
  }

  @Test(arguments: sets, counts)
  func `weights are compared with both ends of the band, at any length`(
    set: UInt32, count: Int
  ) {
    var generator = SeededGenerator(seed: UInt64(count))
    let means = (0..<count).map { _ in Float(Int.random(in: -8...8, using: &generator)) / 4 }
    let deviations = (0..<count).map { _ in Float(Int.random(in: 1...8, using: &generator)) / 8 }
    for (low, high) in [(0, .infinity), (1, 2), (1, 1), (0.25, 3), (0, -1)] as [(Float, Float)] {
      for without in ["", "means", "deviations"] {
        let (above, inside, counts) = compare(
          bbb_instruction_set(set), means, deviations, low: low, high: high, without: without)
        var (expectedAbove, expectedInside) = (
          above.map { _ in UInt64(0) }, inside.map { _ in UInt64(0) }
        )
        for index in 0..<count {
          let mean = without == "means" ? 1 : abs(means[index])
          let deviation = without == "deviations" ? 1 : deviations[index]
          let bit: UInt64 = 1 << UInt64(index % 64)
          if mean > high * deviation {
            expectedAbove[index / 64] |= bit
          } else if mean >= low * deviation {
            expectedInside[index / 64] |= bit
          }
        }
        #expect(above == expectedAbove && inside == expectedInside)
        let aboveCount = expectedAbove.reduce(0) { $0 + $1.nonzeroBitCount }
        let insideCount = expectedInside.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(counts.above == aboveCount && counts.inside == insideCount)
      }
    }
  }

  @Test(arguments: sets)
  func `memory need not be aligned to vectors`(set: UInt32) {
    let means = (0..<300).map { Float($0) }
    let deviations = [Float](repeating: 1, count: 300)
    for start in 0..<16 {
      let part = Array(means[start...])
      let expected = compare(bbb_plain, part, part.map { _ in 1 }, low: 50, high: 200)
      let actual = means.withUnsafeBufferPointer { means in
        deviations.withUnsafeBufferPointer { deviations in
          var above = [UInt64](repeating: 0, count: 5)
          var inside = above
          _ = bbb_compare_with_band(
            bbb_instruction_set(set), means.baseAddress.map { $0 + start },
            deviations.baseAddress.map { $0 + start }, 300 - start, 50, 200, &above, &inside)
          return (above, inside)
        }
      }
      #expect(actual.0 == expected.above && actual.1 == expected.inside)
    }
  }

  @Test(arguments: sets, counts)
  func `one number out of the ordinary is found wherever it is`(set: UInt32, count: Int) {
    let set = bbb_instruction_set(set)
    let ones = [Float](repeating: 1, count: count)
    #expect(bbb_are_ordinary(set, ones, ones, count) == 1)
    #expect(bbb_are_ordinary(set, nil, nil, count) == 1)
    // Those at the ends of what is read at a time, of the longest arrays.
    for index in 0..<count where count < 200 || index % 16 == 0 || count - index < 3 {
      func isOrdinary(mean: Float = 1, deviation: Float = 1) -> Bool {
        var (means, deviations) = (ones, ones)
        means[index] = mean
        deviations[index] = deviation
        // What is left out is not looked at.
        let alone =
          bbb_are_ordinary(set, mean == 1 ? ones : nil, deviation == 1 ? ones : nil, count) == 1
        return alone && bbb_are_ordinary(set, means, deviations, count) == 1
      }
      let ordinary = [0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude] as [Float]
      let others = [Float.nan, .infinity, -.infinity]
      #expect(ordinary.allSatisfy { isOrdinary(mean: $0) })
      #expect(others.allSatisfy { !isOrdinary(mean: $0) })
      let strange = [0, -1, .nan, .infinity, 0x0.8p-60, 0x1.8p60, -0.0] as [Float]
      #expect(strange.allSatisfy { !isOrdinary(deviation: $0) })
      #expect([0x1p-60, 0x1p60].allSatisfy { isOrdinary(deviation: $0) })
    }
  }

  static let parametrisations: [ScaleParametrisation] = [
    .softplus(), .softplus(offset: 1e-6), .logStandardDeviation, .logVariance,
    .ivon(effectiveSampleSize: 60000, weightDecay: 1e-4),
    .laplace(curvatureFactor: 1, priorPrecision: 3),
    .laplace(curvatureFactor: 0.5, priorPrecision: 0),
  ]

  @Test(arguments: sets, parametrisations)
  func `standard deviations are within the error bound, or zero`(
    set: UInt32, parametrisation: ScaleParametrisation
  ) throws {
    guard case .formula(let scale) = parametrisation.kernel else {
      Issue.record("there is a kernel for \(parametrisation)")
      return
    }
    var generator = SeededGenerator(seed: 11)
    var stored = (0..<20001).map { _ in Float.random(in: -41...41, using: &generator) }
    stored += (0..<2000).map { _ in Float.random(in: 0...1e-5, using: &generator) }
    stored += (-1300...1300).map { Float($0) / 10 }
    stored += [0, -0.0, .infinity, -.infinity, .nan, 1e30, -1e30, .leastNonzeroMagnitude]
    var deviations = [Float](repeating: -1, count: stored.count)
    bbb_standard_deviations(
      bbb_instruction_set(set), scale, stored, stored.count, &deviations)
    let ordinary = Double(BBB_LEAST_ORDINARY)...Double(BBB_GREATEST_ORDINARY)
    let accurate = zip(stored, deviations).filter { ordinary.contains(Double($1)) }
    let wrong = accurate.filter { stored, deviation in
      let expected = parametrisation.standardDeviation(Double(stored))
      return abs(Double(deviation) / expected - 1) > Double(BBB_SCALE_ERROR)
        || parametrisation.marksAbsence(Double(stored))
    }
    #expect(wrong.isEmpty)
    // Most of what is stored in practice is accurate; x < 0 is not a curvature.
    #expect(accurate.count > stored.count / 3)
  }

  @Test(arguments: sets, counts)
  func `standard deviations do not depend on the length`(set: UInt32, count: Int) {
    var generator = SeededGenerator(seed: 12)
    let stored = (0..<count).map { _ in Float.random(in: -9...3, using: &generator) }
    let scale = bbb_scale(formula: bbb_softplus, factor: 1, offset: 0)
    var together = [Float](repeating: -1, count: count + 1)
    bbb_standard_deviations(bbb_instruction_set(set), scale, stored, count, &together)
    #expect(together[count] == -1, "nothing is written behind the end")
    var separately: [Float] = []
    for index in 0..<count {
      var alone: Float = -1
      bbb_standard_deviations(bbb_instruction_set(set), scale, [stored[index]], 1, &alone)
      separately.append(alone)
    }
    #expect(separately == Array(together[..<count]))
  }
}
