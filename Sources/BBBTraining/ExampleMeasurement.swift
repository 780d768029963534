/// How well the posterior means do on some examples.
public struct ExampleMeasurement: Hashable, Sendable {
  /// The number of examples.
  public var count: Int
  /// The average of −log P(target | input), in nats per example.
  public var cost: Double
  /// The number of examples that are classified wrongly; `nil` for a regression.
  public var errorCount: Int?
  /// The root of the mean squared deviation of the outputs from the targets; `nil` for classes.
  public var rootMeanSquareError: Double?

  /// The share of examples that are classified wrongly; `nil` for a regression.
  public var error: Double? { errorCount.map { Double($0) / Double(count) } }

  /// Averages a cost.
  ///
  /// - Parameters:
  ///   - total: The cost of all examples together.
  ///   - count: The number of examples.
  ///   - configuration: What they were measured under.
  init(_ total: LikelihoodCost, count: Int, _ configuration: TrainingConfiguration) {
    self.count = count
    cost = total.total / Double(count)
    switch configuration.likelihood {
    case .categorical, .binary:
      errorCount = total.errors
    case .gaussian:
      let targets = Double(count) * Double(configuration.network.outputCount)
      rootMeanSquareError = (total.squaredDeviation / targets).squareRoot()
    }
  }
}
