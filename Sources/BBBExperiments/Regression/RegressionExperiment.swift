import BBBDatasets
import BBBPosterior
import BBBTraining

/// Bayes by Backprop and a plain network on the noisy curve (Blundell and others 2015, section 5.2).
public struct RegressionExperiment: Sendable {
  /// What decides the result.
  public struct Settings: Hashable, Codable, Sendable {
    /// The number of points to learn from.
    public var exampleCount: Int
    /// Where they begin.
    public var start: Double
    /// Where they end.
    public var end: Double
    /// The units of the hidden layers.
    public var hiddenSizes: [Int]
    /// How the posterior is learned.
    public var bayes: BayesByBackprop
    /// How often every point is seen.
    public var epochs: Int
    /// The number of points in a minibatch.
    public var minibatchSize: Int
    /// The learning rate of both methods at the start; it falls along half a cosine.
    public var learningRate: Double
    /// The standard deviation of the points around what a network says.
    public var deviation: Double
    /// How many draws of the weights the quartiles are of.
    public var draws: Int
    /// The seed of everything that is random.
    public var seed: UInt64

    /// Creates settings; none of them is in the paper.
    ///
    /// - Parameters:
    ///   - exampleCount: The number of points to learn from.
    ///   - start: Where they begin.
    ///   - end: Where they end.
    ///   - hiddenSizes: The units of the hidden layers.
    ///   - bayes: How the posterior is learned.
    ///   - epochs: How often every point is seen.
    ///   - minibatchSize: The number of points in a minibatch.
    ///   - learningRate: The learning rate at the start.
    ///   - deviation: The standard deviation of the points.
    ///   - draws: How many draws of the weights the quartiles are of.
    ///   - seed: The seed.
    public init(
      exampleCount: Int = 1000, start: Double = NoisyCurve.dataRange.lowerBound,
      end: Double = NoisyCurve.dataRange.upperBound,
      hiddenSizes: [Int] = [100, 100],
      bayes: BayesByBackprop = BayesByBackprop(prior: .gaussian(deviation: 1)),
      epochs: Int = 3000, minibatchSize: Int = 100, learningRate: Double = 1e-2,
      deviation: Double = NoisyCurve.deviation, draws: Int = 1000, seed: UInt64 = 1
    ) {
      self.exampleCount = exampleCount
      self.start = start
      self.end = end
      self.hiddenSizes = hiddenSizes
      self.bayes = bayes
      self.epochs = epochs
      self.minibatchSize = minibatchSize
      self.learningRate = learningRate
      self.deviation = deviation
      self.draws = draws
      self.seed = seed
    }
  }

  /// Who learns.
  public enum Method: String, CaseIterable, Codable, Sendable {
    /// A posterior, whose predictions are spread.
    case bayesByBackprop = "bayes"
    /// One value for each weight, by the same optimiser without any regularisation.
    case plain

    /// What figures and tables call it.
    public var title: String {
      switch self {
      case .bayesByBackprop: "Bayes by Backprop"
      case .plain: "plain network"
      }
    }
  }

  /// Where predictions are made: the range of the paper's figure, and a fifth before the data.
  public static let range = -0.2...1.2
  /// The distance of two of these places.
  static let spacing = 0.005

  /// What decides the result.
  public let settings: Settings

  /// Plans an experiment.
  ///
  /// - Parameter settings: What decides the result.
  public init(_ settings: Settings) { self.settings = settings }

  /// Trains both networks and makes their predictions.
  ///
  /// - Parameters:
  ///   - threadCount: The number of threads; the result does not depend on it.
  ///   - progress: Is told the fraction done, 0…1.
  /// - Returns: The predictions.
  /// - Throws: `TrainingError` if a setting makes no sense, or a run diverges.
  public func run(
    threadCount: Int, progress: (Double) -> Void
  ) throws(TrainingError) -> RegressionResult {
    let examples = NoisyCurve.examples(
      count: settings.exampleCount, in: settings.start...settings.end, seed: settings.seed)
    let count = Int(((Self.range.upperBound - Self.range.lowerBound) / Self.spacing).rounded())
    let x = (0...count).map { Self.range.lowerBound + Double($0) * Self.spacing }
    var predictions: [RegressionResult.Prediction] = []
    for (number, method) in Method.allCases.enumerated() {
      let trainer = try Trainer(
        try configuration(method),
        examples: try TrainingExamples(
          inputs: examples.x.map { Float($0) }, inputCount: 1,
          targets: examples.y.map { Float($0) }, targetCount: 1),
        threadCount: threadCount)
      while !trainer.isFinished {
        _ = try trainer.step()
        progress(
          (Double(number) + Double(trainer.stepCount) / Double(trainer.totalSteps))
            / Double(Method.allCases.count))
      }
      predictions.append(
        .init(method: method, quartiles: quartiles(of: trainer.minibatches, method, at: x)))
    }
    return RegressionResult(
      settings: settings, examples: examples, x: x, predictions: predictions)
  }

  private func configuration(
    _ method: Method
  ) throws(TrainingError) -> TrainingConfiguration {
    TrainingConfiguration(
      network: try TrainingConfiguration.layers([1] + settings.hiddenSizes + [1]),
      method: method == .bayesByBackprop
        ? .bayesByBackprop(settings.bayes) : .pointEstimate(PointEstimate()),
      likelihood: .gaussian(deviation: settings.deviation), inputScale: 1,
      learningRate: settings.learningRate, schedule: .cosine, epochs: settings.epochs,
      minibatchSize: settings.minibatchSize, seed: settings.seed)
  }

  /// The quartiles of the network's outputs over draws of its weights, without the points' own noise.
  private func quartiles(
    of trainer: MinibatchTrainer, _ method: Method, at x: [Double]
  ) -> [Quartiles] {
    let inputs = x.map { Float($0) }
    let draws =
      method == .bayesByBackprop
      ? (0..<settings.draws).map { trainer.predict(inputs, weights: .draw($0)) }
      : [trainer.predict(inputs, weights: .means)]
    return x.indices.map { place in Quartiles(of: draws.map { Double($0[place]) }) }
  }
}
