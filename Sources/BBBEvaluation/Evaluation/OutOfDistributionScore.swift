import BBBInference

/// How well a network's doubt tells examples of another kind from those it knows.
public struct OutOfDistributionScore: Equatable, Sendable {
  /// What the other examples are called.
  public let name: String
  /// The area under the ROC curve of the predictive entropy: the probability that an example of the other kind
  /// has the higher one (``SeparationScore``), in 0...1; NaN if the noise of numbers is not known.
  public let entropyArea: Double
  /// The same of the mutual information of class and weights; ½ for a network whose weights are certain.
  public let mutualInformationArea: Double

  /// Compares the predictions for two groups of examples.
  ///
  /// - Parameters:
  ///   - name: What the examples of the other kind are called.
  ///   - inDistribution: What is predicted for examples like those of the training.
  ///   - outOfDistribution: What is predicted for the others.
  public init(
    name: String, inDistribution: OutputDistribution,
    outOfDistribution: OutputDistribution
  ) {
    self.name = name
    entropyArea = SeparationScore.area(
      high: outOfDistribution.predictiveEntropies ?? [],
      low: inDistribution.predictiveEntropies ?? [])
    mutualInformationArea = SeparationScore.area(
      high: outOfDistribution.mutualInformations ?? [],
      low: inDistribution.mutualInformations ?? [])
  }
}
