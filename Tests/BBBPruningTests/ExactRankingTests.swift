import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior
@testable import BBBPruning

/// Weights of one tensor, as a file would hold them.
private struct Weights {
  var mean: Tensor
  var scale: Tensor?
  var parametrisation: ScaleParametrisation? = .standardDeviation
  var mask: [UInt8]?

  init(_ means: [Float], _ stored: [Float], _ parametrisation: ScaleParametrisation? = nil) {
    mean = Tensor(name: "w", shape: [means.count], floats: means)
    scale = Tensor(name: "w.scale", shape: [stored.count], floats: stored)
    self.parametrisation = parametrisation ?? .standardDeviation
  }

  init(doubles means: [Double], _ stored: [Double]) {
    mean = Tensor(name: "w", shape: [means.count], doubles: means)
    scale = Tensor(name: "w.scale", shape: [stored.count], doubles: stored)
  }

  init(means: Tensor) {
    mean = means
    scale = nil
    parametrisation = nil
  }

  func tensor() throws -> GaussianTensor {
    try GaussianTensor(
      mean: mean, scale: scale, parametrisation: parametrisation,
      mask: mask.map { Tensor(name: "w.mask", shape: [$0.count], bytes: $0) }, path: "test")
  }

  /// The formulas as the papers have them, in double precision; nil for a removed weight.
  func scores(_ criterion: Criterion) throws -> [Double?] {
    let means = try mean.doubles()
    let stored = try scale?.doubles() ?? means.map { _ in 0 }
    return means.indices.map { index in
      let x = stored[index]
      let deviation =
        switch parametrisation {
        case .softplus(let offset): (x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))) + offset
        case .logStandardDeviation: exp(x)
        case .logVariance: exp(x / 2)
        case .softClippedLogVariance(let bound):
          exp(0.5 * x / (1 + (x / bound) * (x / bound)).squareRoot())
        case .variance: x.squareRoot()
        case .precision: 1 / x.squareRoot()
        case .square: x * x
        case .secondMoment:
          x - means[index] * means[index] < 1e-30
            ? (x == 0 ? 0 : 1e-15) : (x - means[index] * means[index]).squareRoot()
        case .ivon(let size, let decay): 1 / (size * (x + decay)).squareRoot()
        case .laplace(let factor, let precision): 1 / (factor * x + precision).squareRoot()
        case .standardDeviation, nil: x
        }
      if mask?[index] == 0 || means[index] == 0 && deviation < 1e-43 && scale != nil { return nil }
      return switch criterion {
      case .signalToNoiseRatio: abs(means[index]) / deviation
      case .magnitude: abs(means[index])
      default: 1 / deviation
      }
    }
  }
}

/// Pruning against a plain stable sort of all scores.
@Suite struct ExactRankingTests {
  private static let criteria = [Criterion.signalToNoiseRatio, .magnitude, .standardDeviation]

  private func ranking(
    _ weights: [Weights], _ criterion: Criterion, threads: Int = 1
  ) throws -> Ranking {
    Ranking(
      try weights.enumerated().map { (try $1.tensor(), parameter: $0, isBias: false) },
      by: criterion,
      threadCount: threads)
  }

  /// What sorting says of each sparsity.
  private func expected(
    _ weights: [Weights], _ criterion: Criterion, _ sparsities: [Double], _ scope: Pruning.Scope
  ) throws -> [(keeps: Mask, threshold: Double?)] {
    let scores = try weights.map { try $0.scores(criterion) }
    let parts = (scope == .global ? [scores.flatMap(\.self)] : scores).map { part in
      (
        scores: part,
        order: part.enumerated().map { ($1 ?? -1, $0) }.sorted { $0 < $1 }.map(\.1)
      )
    }
    return sparsities.map { sparsity in
      var keeps: [Bool] = []
      var threshold: Double?
      for part in parts {
        let removed = Int((sparsity * Double(part.order.count)).rounded(.toNearestOrEven))
        var kept = part.scores.map { $0 != nil }
        for index in part.order.prefix(removed) { kept[index] = false }
        keeps += kept
        threshold = removed > 0 ? part.scores[part.order[removed - 1]] : nil
      }
      return (Mask(keeps), scope == .global ? threshold : nil)
    }
  }

  /// Prunes in every way, and compares with sorting.
  private func check(
    _ weights: [Weights], _ criteria: [Criterion] = criteria,
    sparsities: [Double] = [0, 0.001, 0.3, 0.5, 0.95, 0.9999, 1],
    scopes: [Pruning.Scope] = Pruning.Scope.allCases,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for criterion in criteria {
      for scope in scopes {
        let expected = try expected(weights, criterion, sparsities, scope)
        for threads in 1...4 {
          let prunings = try ranking(weights, criterion, threads: threads)
            .prunings(atSparsities: sparsities, scope: scope)
          for (index, pruning) in prunings.enumerated() {
            let (keeps, threshold) = expected[index]
            #expect(
              pruning.keeps == keeps, "\(criterion) \(sparsities[index])",
              sourceLocation: sourceLocation)
            #expect(
              pruning.removedCount == keeps.count - keeps.keptCount,
              sourceLocation: sourceLocation)
            #expect(pruning.threshold == threshold, sourceLocation: sourceLocation)
          }
        }
      }
    }
  }

  private func normal(_ generator: inout SeededGenerator) -> Float {
    (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0...1, using: &generator) }
  }

  /// Layers whose ends are neither those of words nor of what is read at a time.
  private func layers(_ counts: [Int], seed: UInt64) -> [Weights] {
    var generator = SeededGenerator(seed: seed)
    return counts.enumerated().map { layer, count in
      Weights(
        (0..<count).map { _ in normal(&generator) * Float(layer + 1) },
        (0..<count).map { _ in Float.random(in: 0.01...1, using: &generator) })
    }
  }

  @Test(arguments: [
    [1], [2, 1, 3], [63, 65, 64], [1000], [16383, 1, 16385], [40001, 777, 20000],
  ])
  func `several layers, of any sizes`(counts: [Int]) throws {
    try check(layers(counts, seed: 1))
  }

  @Test func `more weights than one task takes`() throws {
    try check(
      layers([500_001, 100, 200_000], seed: 2), [.signalToNoiseRatio], sparsities: [0.01, 0.95],
      scopes: [.global])
  }

  /// Those that have a kernel in single precision, and those that have none.
  static let parametrisations: [ScaleParametrisation] =
    RankingKernelTests.parametrisations
    + [.precision, .variance, .square, .secondMoment, .softClippedLogVariance(bound: 18)]

  @Test(arguments: parametrisations)
  func `every parametrisation`(parametrisation: ScaleParametrisation) throws {
    var generator = SeededGenerator(seed: 3)
    let isPositive: Bool =
      switch parametrisation {
      case .ivon, .laplace, .precision, .variance, .square, .secondMoment: true
      default: false
      }
    let stored = (0..<30000).map { index -> Float in
      // Some are beyond what single precision is trusted with.
      let x = Float.random(in: index % 5000 == 7 ? -60...0 : -8...2, using: &generator)
      return isPositive ? abs(x) + 1e-3 : x
    }
    try check(
      [Weights(stored.map { _ in normal(&generator) }, stored, parametrisation)],
      [.signalToNoiseRatio, .standardDeviation])
  }

  @Test func `scores that are equal in single precision and not in double`() throws {
    var generator = SeededGenerator(seed: 4)
    let means = (0..<50000).map { 1 + Double($0) * 1e-12 }.shuffled(using: &generator)
    try check(
      [Weights(doubles: means, means.map { _ in 1 })], [.signalToNoiseRatio, .magnitude])
    let single = (0..<50000).map { _ in Float.random(in: 1...1.00001, using: &generator) }
    let deviations = single.map { _ in Float.random(in: 1...1.00001, using: &generator) }
    try check([Weights(single, deviations)])
  }

  @Test func `ties go by position, however many there are`() throws {
    var generator = SeededGenerator(seed: 5)
    for values in [1, 2, 7] {
      let numbers = (0..<60000).map { _ in Float(Int.random(in: 1...values, using: &generator)) }
      try check([Weights(numbers, numbers.map { _ in 0.5 })])
    }
    // A ratio that single precision rounds is a tie all the same.
    try check([
      Weights((0..<60000).map { $0 == 777 ? 0.4 : 0.3 }, .init(repeating: 0.1, count: 60000))
    ])
    // Means of zero are ties too.
    let zeros = (0..<60000).map { _ in max(0, normal(&generator) - 1) }
    try check([Weights(zeros, zeros.map { _ in Float.random(in: 0.1...1, using: &generator) })])
  }

  @Test func `half precision, with many equal scores`() throws {
    var generator = SeededGenerator(seed: 6)
    let means = (0..<40000).map { _ in normal(&generator) }
    let deviations = means.map { _ in Float.random(in: 0.5...1, using: &generator) }
    var weights = Weights(means, deviations)
    weights.mean = Tensor(name: "w", shape: [40000], halves: means)
    weights.scale = Tensor(name: "w.scale", shape: [40000], halves: deviations)
    try check([weights])
  }

  @Test func `numbers as large and as small as there are`() throws {
    var generator = SeededGenerator(seed: 7)
    func any() -> Float {
      let bits = UInt32.random(in: 1..<0x7F80_0000, using: &generator)
      return Float(bitPattern: bits)
    }
    let means = (0..<30000).map { $0 % 11 == 0 ? 0 : any() * ($0 % 2 == 0 ? 1 : -1) }
    try check([Weights(means, means.map { _ in any() })])
    // One such number in a while, so that most are compared in single precision.
    let rare = (0..<90000).map { $0 % 20000 == 9 ? any() : normal(&generator) }
    try check([
      Weights(rare, rare.indices.map { $0 % 20000 == 9 ? any() : 0.5 + Float($0 % 100) / 100 })
    ])
    for factor in [1e-38, 1e-30, 1e30] as [Float] {
      let scaled = (0..<30000).map { _ in normal(&generator) * factor }
      try check([Weights(scaled, scaled.map { _ in 1 })])
    }
  }

  @Test func `weights removed earlier, by mask or by zeros`() throws {
    var generator = SeededGenerator(seed: 8)
    var masked = layers([50000], seed: 9)[0]
    masked.mask = (0..<50000).map { _ in UInt8(Int.random(in: 0...3, using: &generator) / 3) }
    try check([masked] + layers([3000], seed: 10), sparsities: [0, 0.3, 0.7, 0.8, 0.95, 1])
    let zeroed = (0..<50000).map { _ in Int.random(in: 0...9, using: &generator) == 0 }
    try check([
      Weights(
        zeroed.map { $0 ? 0 : normal(&generator) },
        zeroed.map { $0 ? 0 : Float.random(in: 0.1...1, using: &generator) })
    ])
    try check(
      [
        Weights(
          zeroed.map { $0 ? 0 : normal(&generator) }, zeroed.map { $0 ? -1000 : -3 },
          .softplus(offset: 1e-3))
      ].map { weights in
        var weights = weights
        // With an offset no number means σ = 0, so the mask says it for the reference.
        weights.mask = zeroed.map { $0 ? 0 : 1 }
        return weights
      })
  }

  @Test func `sentinels where an offset is added are removed weights without a mask too`() throws {
    let stored = (0..<40000).map { Float($0 % 10 == 0 ? -1000 : -3) }
    let weights = Weights(
      (0..<40000).map { $0 % 10 == 0 ? 0 : Float($0 % 97 + 1) }, stored, .softplus(offset: 1e-3))
    let pruning = try ranking([weights], .signalToNoiseRatio).pruning(atSparsity: 0)
    #expect(pruning.removedCount == 4000)
    #expect((0..<40000).allSatisfy { pruning.keeps[$0] == ($0 % 10 != 0) })
  }

  @Test(arguments: [5, 100, 16384, 16385, 40000])
  func `weights removed earlier stay removed, though fewer are asked for`(count: Int) throws {
    var generator = SeededGenerator(seed: 15)
    var weights = layers([count], seed: 16)[0]
    weights.mask = (0..<count).map { _ in UInt8(Int.random(in: 0...1, using: &generator)) }
    try check([weights], sparsities: [0, 0.1, 0.45, 0.49, 0.495, 0.5, 0.505, 0.51, 0.6, 1])
  }

  @Test(arguments: [ScaleParametrisation.softplus(), .logStandardDeviation, .logVariance])
  func `ratios closer than the kernels' errors are told apart`(
    parametrisation: ScaleParametrisation
  ) throws {
    var generator = SeededGenerator(seed: 17)
    let stored = (0..<40000).map { _ in Float.random(in: -8...2, using: &generator) }
    // All ratios are 3, but for the rounding of the mean.
    let means = stored.map { Float(3 * parametrisation.standardDeviation(Double($0))) }
    try check([Weights(means, stored, parametrisation)], [.signalToNoiseRatio])
  }

  @Test func `point estimates rank by magnitude`() throws {
    var generator = SeededGenerator(seed: 11)
    let means = (0..<30000).map { _ in normal(&generator) }
    try check(
      [Weights(means: Tensor(name: "w", shape: [30000], floats: means))], [.magnitude])
  }

  @Test func `chance removes as many, the same for any threads`() throws {
    let weights = layers([40001, 9999], seed: 12)
    let prunings = try (1...4).map {
      try ranking(weights, .random(seed: 5), threads: $0).pruning(atSparsity: 0.9)
    }
    #expect(prunings[0].removedCount == 45000)
    #expect(prunings.allSatisfy { $0.keeps == prunings[0].keeps })
    // SplitMix64's numbers, as the criterion is defined.
    let threshold = try #require(prunings[0].threshold)
    for position in stride(from: 0, to: 50000, by: 7) {
      let score = WeightScore(.random(seed: 5))
        .score(mean: 0, standardDeviation: 0, position: position)
      #expect(prunings[0].keeps[position] == (score > threshold))
    }
  }

  @Test(arguments: [0.0, 0.2, 0.5, 0.9999, 1])
  func `a wrong guess costs passes, not exactness`(sparsity: Double) throws {
    let weights = layers([30000, 30000], seed: 13)
    let ranking = try ranking(weights, .signalToNoiseRatio, threads: 2)
    let removed = Ranking.removedCount(atSparsity: sparsity, of: 60000)
    func cut(_ guess: ClosedRange<RankKey>) throws -> Cut {
      let search = CutSearch(part: 0..<60000, removedCount: removed, band: KeyBand(guess))
      return try #require(try ranking.cuts([search], wantsMask: false).first).cut
    }
    let expected = try cut(.absent ... .greatest)
    let key = RankKey(score: 2)
    for guess in [0...0, 1...1, key...key, key...key + 9, .greatest ... .greatest] {
      #expect(try cut(guess) == expected)
    }
  }

  @Test(arguments: [0, 16383, 16384, 39999], [1, 4])
  func `the first number that is not valid is reported, for any threads`(
    first: Int, threads: Int
  ) throws {
    for criterion in Self.criteria {
      var means = [Float](repeating: 1, count: 40000)
      var deviations = [Float](repeating: 0.5, count: 40000)
      means[39999] = .nan
      deviations[first] = .infinity
      let weights = Weights(means, deviations)
      let ranking = try ranking([weights], criterion, threads: threads)
      let error = #expect(throws: PosteriorError.self) { try ranking.pruning(atSparsity: 0.5) }
      let text = try #require(error?.description)
      #expect(text.contains(first == 39999 ? "holds nan at index 39999" : "at index \(first) "))
      // A mean comes before the standard deviation at its side, and after those at lower positions.
      #expect(text.contains(first == 39999 ? "every mean" : "holds inf"))
    }
  }

  @Test func `quantiles and thresholds are those of sorting`() throws {
    let weights = layers([30000, 7], seed: 14)
    let sorted = try weights.flatMap { try $0.scores(.signalToNoiseRatio) }.compactMap(\.self)
      .sorted()
    let ranking = try ranking(weights, .signalToNoiseRatio, threads: 2)
    let ranks = [0, 1, 15000, 28505, 30006]
    let expected = ranks.map { 20 * log10(sorted[$0]) }
    #expect(try ranking.decibels(atRanks: ranks) == expected)
    #expect(try ranking.decibels(atQuantiles: [0, 0.95, 1]) == [0, 3, 4].map { expected[$0] })
    #expect(
      try ranking.thresholdDecibels(atSparsities: [0, 0.95])
        == [nil, 20 * log10(sorted[28506])])
    let sum = try ranking.reduceScores(0.0, { $0 += $1 ?? 0 }, { $0 += $1 })
    #expect(abs(sum / sorted.reduce(0, +) - 1) < 1e-12)
  }
}
