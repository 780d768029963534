import BBBPosterior
import BBBTensors
import TestSupport
import Testing

@testable import BBBPruning

/// Pruning by the criteria that compare posterior and prior, against a plain stable sort.
///
/// Their scores may be negative. That they are the right numbers is `CriterionTests`' concern.
@Suite struct PriorCriteriaRankingTests {
  static let mixture = Prior.scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: 0.05)
  static let criteria: [Criterion] = [
    .bayesianModelReduction(prior: .gaussian(deviation: 0.5)),
    .bayesianModelReduction(prior: mixture), .complexityCost(prior: .gaussian(deviation: 0.5)),
    .complexityCost(prior: mixture), .magnitudeSignalToNoiseRatio,
  ]

  private struct Weights {
    var means: [Float]
    var deviations: [Float]
    /// No weight with both 0 is left.
    func isPresent(_ index: Int) -> Bool { means[index] != 0 || deviations[index] != 0 }
  }

  private func posterior(_ layers: [Weights]) throws -> Posterior {
    try BBBPruningTests.posterior(
      layers.map {
        PlainLayer(
          outputs: 1, inputs: $0.means.count, means: $0.means, deviations: $0.deviations,
          biases: [0])
      })
  }

  private func check(
    _ layers: [Weights], _ criteria: [Criterion] = criteria,
    sparsities: [Double] = [0, 0.001, 0.3, 0.5, 0.95, 1],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let posterior = try posterior(layers)
    for criterion in criteria {
      let score = WeightScore(criterion)
      let scores = layers.map { layer in
        layer.means.indices.map { index -> Double? in
          guard layer.isPresent(index) else { return nil }
          return score.score(
            mean: Double(layer.means[index]), standardDeviation: Double(layer.deviations[index]),
            position: index)
        }
      }
      for scope in Pruning.Scope.allCases {
        let parts = scope == .global ? [scores.flatMap(\.self)] : scores
        for threads in 1...4 {
          let prunings = try Ranking(posterior, by: criterion, threadCount: threads)
            .prunings(atSparsities: sparsities, scope: scope)
          for (sparsity, pruning) in zip(sparsities, prunings) {
            var keeps: [Bool] = []
            var threshold: Double?
            for part in parts {
              let order = part.enumerated().map { ($1 ?? -.infinity, $0) }.sorted { $0 < $1 }
              let removed = Int((sparsity * Double(part.count)).rounded(.toNearestOrEven))
              var kept = part.map { $0 != nil }
              for (_, index) in order.prefix(removed) { kept[index] = false }
              keeps += kept
              threshold = removed > 0 ? part[order[removed - 1].1] : nil
            }
            #expect(
              pruning.keeps == Mask(keeps), "\(criterion) \(sparsity) \(scope) \(threads)",
              sourceLocation: sourceLocation)
            if scope == .global {
              #expect(
                pruning.threshold == threshold.map(score.value), sourceLocation: sourceLocation)
            }
          }
        }
      }
    }
  }

  private func random(_ count: Int, _ generator: inout SeededGenerator) -> Weights {
    Weights(
      means: (0..<count).map { _ in
        (0..<6).reduce(Float(-3)) { sum, _ in sum + Float.random(in: 0...1, using: &generator) }
      },
      deviations: (0..<count).map { _ in Float.random(in: 0.01...1, using: &generator) })
  }

  @Test(arguments: [[1], [2, 1, 3], [63, 65, 64], [16383, 1, 16385], [40001, 777]])
  func `layers of any sizes, any number of threads`(counts: [Int]) throws {
    var generator = SeededGenerator(seed: 31)
    try check(counts.map { random($0, &generator) })
  }

  @Test func `ties go by position, however many there are`() throws {
    var generator = SeededGenerator(seed: 32)
    for values in [1, 3] {
      let numbers = (0..<40000).map { _ in
        Float(Int.random(in: 1...values, using: &generator)) / 4
      }
      try check([Weights(means: numbers, deviations: numbers.map { _ in 0.5 })])
    }
    // ΔF is exactly 0 where μ = 0 and σ is the prior's.
    let zeros = Weights(
      means: .init(repeating: 0, count: 30000), deviations: .init(repeating: 0.5, count: 30000))
    try check([zeros], [Self.criteria[0]])
    let cut = try Ranking(try posterior([zeros]), by: Self.criteria[0]).evidenceCut()
    #expect(cut == EvidenceCut(weightCount: 30000, removedCount: 30000, gain: 0))
  }

  @Test func `numbers as large and as small as there are`() throws {
    var generator = SeededGenerator(seed: 33)
    func any() -> Float {
      Float(bitPattern: UInt32.random(in: 1..<0x7F80_0000, using: &generator))
    }
    let count = 30000
    try check([
      Weights(
        means: (0..<count).map { $0 % 11 == 0 ? 0 : any() * ($0 % 2 == 0 ? 1 : -1) },
        deviations: (0..<count).map { _ in any() })
    ])
  }

  @Test func `weights removed earlier go before those with a negative ΔF`() throws {
    var generator = SeededGenerator(seed: 34)
    var weights = random(40000, &generator)
    for index in 0..<40000 where index % 3 == 0 {
      (weights.means[index], weights.deviations[index]) = (0, 0)
    }
    try check([weights, random(500, &generator)], sparsities: [0, 0.1, 0.3, 0.33, 0.34, 0.9, 1])
  }

  @Test func `the evidence can do without exactly the weights with ΔF of at most 0`() throws {
    var generator = SeededGenerator(seed: 35)
    var layers = [random(50001, &generator), random(9000, &generator)]
    for index in 0..<700 { (layers[1].means[index], layers[1].deviations[index]) = (0, 0) }
    let posterior = try posterior(layers)
    let criterion = Criterion.bayesianModelReduction(prior: .gaussian(deviation: 0.5))
    let cuts = try (1...3).map {
      try Ranking(posterior, by: criterion, threadCount: $0).evidenceCut()
    }
    #expect(cuts[0] == cuts[1] && cuts[0] == cuts[2])
    let score = WeightScore(criterion)
    var removed = 0
    var gain = 0.0
    for layer in layers {
      for index in layer.means.indices {
        let value =
          layer.isPresent(index)
          ? score.score(
            mean: Double(layer.means[index]), standardDeviation: Double(layer.deviations[index]),
            position: 0) : 0
        if value <= 0 { removed += 1 }
        gain -= min(value, 0)
      }
    }
    #expect(cuts[0].removedCount == removed && (1000..<50000).contains(removed))
    #expect(abs(cuts[0].gain - gain) < 1e-9 * gain)
    let pruning = try Ranking(posterior, by: criterion).pruning(atSparsity: cuts[0].sparsity)
    #expect(pruning.removedCount == removed)
    #expect(try #require(pruning.threshold) <= 0)
  }

  @Test func `the ratio of |w| keeps the same weights as that of w, in decibels of its own`() throws
  {
    var generator = SeededGenerator(seed: 36)
    let posterior = try posterior([random(30000, &generator)])
    let plain = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0.9)
    let folded = try Ranking(posterior, by: .magnitudeSignalToNoiseRatio).pruning(atSparsity: 0.9)
    #expect(plain.keeps == folded.keeps)
    #expect(folded.threshold == plain.threshold.map(Criterion.foldedRatio))
    #expect(try #require(folded.thresholdDecibels) > #require(plain.thresholdDecibels))
  }

  @Test func `only the criterion of the evidence says what it can do without`() throws {
    var generator = SeededGenerator(seed: 37)
    let ranking = try Ranking(try posterior([random(20, &generator)]), by: .signalToNoiseRatio)
    let error = #expect(throws: PosteriorError.self) { try ranking.evidenceCut() }
    #expect(
      error?.description
        == "'snr' does not say what the evidence can do without; rank by .bayesianModelReduction")
  }

  @Test(arguments: [0, -1, .infinity, .nan])
  func `a prior that makes no sense ranks nothing`(deviation: Double) throws {
    var generator = SeededGenerator(seed: 38)
    let posterior = try posterior([random(20, &generator)])
    let prior = Prior.gaussian(deviation: deviation)
    for criterion in [
      Criterion.bayesianModelReduction(prior: prior), .complexityCost(prior: prior),
    ] {
      let error = #expect(throws: PosteriorError.self) { try Ranking(posterior, by: criterion) }
      #expect(error?.code == .invalidOption)
      #expect(error?.message.hasSuffix("give one from 1e-15 to 1e15") == true)
    }
  }
}
