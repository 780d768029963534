import BBBNetwork

/// What a network says of each of a batch of examples: classes, or numbers.
///
/// Posterior mean, Monte Carlo and moment propagation differ in how they make it, and a network's
/// `OutputMeaning` in which of the two it is; nothing behind it asks for either.
public enum OutputDistribution: Equatable, Sendable {
  /// Of a classifier. One logit makes two classes.
  case classes(PredictiveDistribution)
  /// Of a network that predicts numbers.
  case numbers(NumericDistribution)

  /// The distribution that a network with certain weights predicts.
  ///
  /// - Parameters:
  ///   - outputs: The network's outputs, row-major: examples × outputs.
  ///   - outputCount: The number of outputs of an example.
  ///   - meaning: What the outputs are.
  /// - Throws: `CompactModelError.Code.mismatched` if `outputs` are not those of whole examples, or cannot have the
  ///   meaning (`OutputMeaning.obstacle(outputCount:)`).
  public init(
    outputs: [Float], outputCount: Int, meaning: OutputMeaning
  ) throws(CompactModelError) {
    guard outputCount > 0, outputs.count.isMultiple(of: outputCount) else {
      throw CompactModelError(
        .mismatched,
        "\(outputs.count) outputs are not those of whole examples, \(outputCount) for each; give all "
          + "outputs of one example, then those of the next")
    }
    try CompactModel.check(meaning, outputCount: outputCount)
    self.init(wholeOutputs: outputs, outputCount: outputCount, meaning: meaning)
  }

  /// The distribution of outputs that have been checked.
  package init(wholeOutputs outputs: [Float], outputCount: Int, meaning: OutputMeaning) {
    switch meaning {
    case .classes:
      self = .classes(PredictiveDistribution(logits: outputs, classCount: outputCount))
    case .binary:
      self = .classes(PredictiveDistribution(binaryLogits: outputs))
    case .numbers(let noise):
      self = .numbers(NumericDistribution(outputs: outputs, outputCount: outputCount, noise: noise))
    case .meanAndLogVariance:
      self = .numbers(
        NumericDistribution(meansAndLogVariances: outputs, outputCount: outputCount))
    }
  }

  /// The distribution over the classes; `nil` of numbers.
  public var classes: PredictiveDistribution? {
    if case .classes(let distribution) = self { distribution } else { nil }
  }

  /// The distribution over numbers; `nil` of classes.
  public var numbers: NumericDistribution? {
    if case .numbers(let distribution) = self { distribution } else { nil }
  }

  /// The number of examples.
  public var exampleCount: Int {
    switch self {
    case .classes(let distribution): distribution.exampleCount
    case .numbers(let distribution): distribution.exampleCount
    }
  }

  /// How uncertain each prediction is in all, in nats: the entropy of the classes, or the differential entropy of the
  /// numbers; `nil` if the noise of numbers is not known.
  public var predictiveEntropies: [Double]? {
    switch self {
    case .classes(let distribution): distribution.predictiveEntropies
    case .numbers(let distribution): distribution.predictiveEntropies
    }
  }

  /// The part of it that every single network sees in the data, in nats; `nil` if the noise of numbers is not known.
  public var aleatoricEntropies: [Double]? {
    switch self {
    case .classes(let distribution): distribution.aleatoricEntropies
    case .numbers(let distribution): distribution.aleatoricEntropies
    }
  }

  /// What is left, the mutual information of each prediction and the weights, in nats, never negative; `nil` if the
  /// noise of numbers is not known.
  public var mutualInformations: [Double]? {
    guard case .numbers = self else { return classes?.mutualInformations }
    guard let all = predictiveEntropies, let aleatoric = aleatoricEntropies else { return nil }
    // What is left of two equal numbers may be a rounding error below 0; NaN stays.
    return zip(all, aleatoric).map { $0 - $1 < 0 ? 0 : $0 - $1 }
  }
}
