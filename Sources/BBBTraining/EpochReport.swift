/// What an epoch cost and how well the network does at its end.
public struct EpochReport: Hashable, Codable, Sendable {
  /// The number of the epoch, counted from 1.
  public var epoch: Int
  /// The average over the epoch of −log P(target | input, drawn weights), in nats per example.
  public var likelihoodCost: Double
  /// log q(w) − log P(w) summed over all parameters at the end of the epoch, at one draw, or KL[q‖P]
  /// where the prior has it in closed form, in nats; 0 for a point estimate.
  public var complexityCost: Double
  /// The share of training examples that were classified wrongly during the epoch, with the noise of
  /// training; `nil` for a regression.
  public var trainingError: Double?
  /// The root of the mean squared deviation of the outputs from the targets during the epoch, with the
  /// noise of training; `nil` for classes.
  public var trainingRootMeanSquareError: Double?
  /// The share of validation examples that the posterior means classify wrongly at the end of the
  /// epoch; `nil` for a regression or without validation.
  public var validationError: Double?
  /// The same deviation of the validation examples at the posterior means at the end of the epoch;
  /// `nil` for classes or without validation.
  public var validationRootMeanSquareError: Double?
  /// The average over validation examples of −log P(target | input) at the posterior means, in nats
  /// per example; `nil` without validation.
  public var validationCost: Double?
  /// The learning rate at the end of the epoch.
  public var learningRate: Double
}

extension EpochReport {
  /// Whether an epoch can have been like this; what a file claims may be anything.
  func isPossible(epoch: Int) -> Bool {
    self.epoch == epoch && likelihoodCost.isFinite && complexityCost.isFinite
      && [trainingError, validationError].allSatisfy { (0...1).contains($0 ?? 0) }
  }
}
