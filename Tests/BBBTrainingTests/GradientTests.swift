import BBBDatasets
import BBBKernels
import BBBPosterior
import Foundation
import Testing

@testable import BBBTraining

/// Whole steps of training against finite differences of the variational free energy in Double.
struct GradientTests {
  /// Takes some steps of plain gradient descent, whose change of the parameters is the gradient times
  /// the learning rate, and compares each with central differences.
  ///
  /// - Parameters:
  ///   - configuration: What to train.
  ///   - examples: On what.
  ///   - steps: How many steps.
  ///   - stride: Of how many elements of a large tensor one is compared.
  ///   - tolerance: What may be missing, as a part of the largest element of the gradient or of 1.
  ///   - complexityShare: What the complexity cost is multiplied by in a step.
  /// - Throws: What the training throws.
  static func expectGradients(
    _ configuration: TrainingConfiguration, _ examples: TrainingExamples, steps: Int,
    every stride: Int = 1, tolerance: Double = 2e-6, complexityShare: (_ step: Int) -> Double
  ) throws {
    var configuration = configuration
    configuration.optimizer = .gradientDescent
    configuration.schedule = .constant
    configuration.learningRate = 0.25
    let trainer = try Trainer(configuration, examples: examples, threadCount: 2)
    trainer.setParameters(trainer.parameters.varied(seed: 1))
    var rhoRate = 1.0
    if case .bayesByBackprop(let bayes) = configuration.method { rhoRate = bayes.rhoRate }
    for step in 0..<steps {
      let (epoch, minibatch) = step.quotientAndRemainder(dividingBy: trainer.stepsPerEpoch)
      let order = Permutation.make(
        count: examples.count,
        key: NoiseStream.order.key(seed: configuration.seed, step: epoch))
      let rows = order.dropFirst(minibatch * configuration.minibatchSize)
        .prefix(configuration.minibatchSize).map(Int.init)
      let energy = FreeEnergy(
        configuration: configuration, examples: examples, rows: rows, step: step,
        complexityShare: complexityShare(step))
      let before = trainer.parameters
      try trainer.take(1)
      let after = trainer.parameters
      expectChange(
        from: before, to: after, energy, \.means, rate: 0.25, every: stride, tolerance,
        "mean, step \(step)")
      expectChange(
        from: before, to: after, energy, \.rhos, rate: 0.25 * rhoRate, every: stride,
        tolerance, "rho, step \(step)")
    }
  }

  private static func expectChange(
    from before: NetworkParameters, to after: NetworkParameters, _ energy: FreeEnergy,
    _ part: WritableKeyPath<NetworkParameters, [[Double]]>, rate: Double, every stride: Int,
    _ tolerance: Double, _ comment: String
  ) {
    let width = 1e-6
    let places = before[keyPath: part].enumerated().flatMap { tensor, values in
      Swift.stride(from: 0, to: values.count, by: values.count < 8 ? 1 : stride)
        .map { (tensor: tensor, index: $0) }
    }
    let gradients = places.map { tensor, index in
      var (above, below) = (before, before)
      above[keyPath: part][tensor][index] += width
      below[keyPath: part][tensor][index] -= width
      return (energy(above) - energy(below)) / (2 * width)
    }
    // Of terms that cancel, the rounding stays.
    let size = gradients.reduce(1) { max($0, abs($1)) }
    for ((tensor, index), expected) in zip(places, gradients) {
      let value = before[keyPath: part][tensor][index]
      let actual = (value - after[keyPath: part][tensor][index]) / rate
      // The change is the difference of two Floats; the gradient was computed in Float.
      let rounding = 0x1p-23 * max(abs(value), abs(value - rate * expected)) / rate
      #expect(
        abs(actual - expected) < rounding + tolerance * size + 1e-5 * abs(expected),
        "\(comment), tensor \(tensor), element \(index)")
    }
    #expect(
      places.isEmpty || gradients.reduce(0) { $0 + $1 * $1 } > 1e-4, "\(comment): no gradient")
  }

  static let priors: [Prior] = [
    .scaleMixture(wideShare: 0.4, wideDeviation: 1, narrowDeviation: 0.1),
    .scaleMixture(wideShare: 0.25, wideDeviation: 1, narrowDeviation: 0.05),
    .gaussian(deviation: 0.7), .closedFormGaussian(deviation: 0.4),
  ]

  static let estimators: [BayesByBackprop.Estimator] = [
    .weightDraws(1), .weightDraws(3), .localReparametrisation,
  ]

  @Test(arguments: priors, estimators)
  func `for every prior, estimator, likelihood and weighting`(
    prior: Prior, estimator: BayesByBackprop.Estimator
  ) throws {
    for weighting in MinibatchWeighting.allCases {
      let bayes = BayesByBackprop(
        prior: prior, estimator: estimator, minibatchWeighting: weighting, rhoRate: 0.5)
      // Three minibatches, the last one smaller, and the first of the next epoch.
      let parts: [Double] = weighting == .uniform ? [1, 1, 1] : [4, 2, 1]
      let shares = parts.map { $0 / parts.reduce(0, +) }
      var configuration = TrainingConfiguration(
        network: .layers(7, 5, 3), method: .bayesByBackprop(bayes), epochs: 2, minibatchSize: 4,
        seed: 21)
      try Self.expectGradients(
        configuration, Problems.classes(10, inputCount: 7, classCount: 3), steps: 4
      ) { shares[$0 % 3] }
      configuration.likelihood = .gaussian(deviation: 0.8)
      try Self.expectGradients(
        configuration, Problems.numbers(10, inputCount: 7, targetCount: 3), steps: 4
      ) { shares[$0 % 3] }
      configuration.likelihood = .binary
      configuration.network = .layers(7, 5, 1)
      try Self.expectGradients(
        configuration, Problems.classes(10, inputCount: 7, classCount: 2), steps: 4
      ) { shares[$0 % 3] }
    }
  }

  @Test(arguments: estimators)
  func `in layers that are cut into several pieces`(
    estimator: BayesByBackprop.Estimator
  ) throws {
    let bayes = BayesByBackprop(prior: priors[0], estimator: estimator)
    let configuration = TrainingConfiguration(
      network: .layers(9, 150, 131, 3), method: .bayesByBackprop(bayes), epochs: 1,
      minibatchSize: 3,
      seed: 5)
    try Self.expectGradients(
      configuration, Problems.classes(6, inputCount: 9, classCount: 3), steps: 2, every: 211
    ) { _ in 0.5 }
  }

  private var priors: [Prior] { Self.priors }

  @Test func `with a temperature and a warm-up`() throws {
    let bayes = BayesByBackprop(prior: priors[2], temperature: 0.6, warmUpEpochs: 1.5)
    let configuration = TrainingConfiguration(
      network: .layers(4, 3), method: .bayesByBackprop(bayes), epochs: 3, minibatchSize: 5, seed: 2)
    // Two steps to an epoch: the weight of the complexity cost is full from step 3 on.
    try Self.expectGradients(
      configuration, Problems.classes(10, inputCount: 4, classCount: 3), steps: 6
    ) { step in 0.5 * 0.6 * Double(min(step, 3)) / 3 }
  }

  @Test func `with inputs that are bytes`() throws {
    let bytes = (0..<30).map { UInt8($0 * 37 % 256) }
    let dataset = try Dataset(
      name: "bytes", inputs: .bytes(bytes), exampleShape: [2, 3], labels: [0, 1, 2, 1, 0])
    let configuration = TrainingConfiguration(
      network: .layers(6, 4, 3), inputScale: 1.0 / 126, epochs: 1, minibatchSize: 5)
    try Self.expectGradients(configuration, TrainingExamples(dataset), steps: 1) { _ in 1 }
  }

  @Test(
    arguments: [
      PointEstimate(), PointEstimate(ridge: 0.03), PointEstimate(lasso: 0.02),
      PointEstimate(inputDropout: 0.2, hiddenDropout: 0.5),
      PointEstimate(ridge: 0.01, lasso: 0.01, inputDropout: 0.5),
    ])
  func `of point estimates with penalties and dropout`(estimate: PointEstimate) throws {
    var configuration = TrainingConfiguration(
      network: .layers(7, 6, 5, 3), method: .pointEstimate(estimate), epochs: 2, minibatchSize: 6,
      seed: 8)
    let examples = try Problems.classes(12, inputCount: 7, classCount: 3)
    try Self.expectGradients(configuration, examples, steps: 3) { _ in 0 }
    configuration.network = .layers(7, 140, 3)
    try Self.expectGradients(configuration, examples, steps: 1, every: 17) { _ in 0 }
  }
}
