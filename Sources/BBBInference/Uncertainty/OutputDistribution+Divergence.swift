import CBBBLibc

extension OutputDistribution {
  /// How far another network's predictions for the same examples lie from these: the mean of KL(these ‖ the other's), in nats per
  /// example.
  ///
  /// - Parameter other: Predictions of as many classes, or as many numbers, for the same examples.
  /// - Returns: 0 for equal ones, infinity where the other excludes what these do not; `nil` of numbers whose noise is not known.
  /// - Precondition: Both are of one kind and size.
  public func divergence(from other: OutputDistribution) -> Double? {
    switch (self, other) {
    case (.classes(let own), .classes(let other)): own.divergence(from: other)
    case (.numbers(let own), .numbers(let other)): own.divergence(from: other)
    case (.classes, .numbers), (.numbers, .classes):
      preconditionFailure("predictions of one kind")
    }
  }
}

extension PredictiveDistribution {
  /// The mean of KL(these ‖ the other's) = Σ p (log p − log q), in nats per example.
  func divergence(from other: PredictiveDistribution) -> Double {
    precondition(
      logProbabilities.count == other.logProbabilities.count, "the same examples and classes")
    let sum = zip(logProbabilities, other.logProbabilities).reduce(0.0) { sum, logarithms in
      // A class without probability adds nothing.
      logarithms.0 == -.infinity ? sum : sum + exp(logarithms.0) * (logarithms.0 - logarithms.1)
    }
    return max(0, sum / Double(max(exampleCount, 1)))
  }
}

extension NumericDistribution {
  /// The mean of KL(these ‖ the other's) of normal distributions, summed over the targets of an example, in nats; `nil` if the
  /// noise is not known.
  func divergence(from other: NumericDistribution) -> Double? {
    precondition(means.count == other.means.count, "the same examples and targets")
    guard let deviations, let others = other.deviations else { return nil }
    let sum = means.indices.reduce(0.0) { sum, index in
      let difference = means[index] - other.means[index]
      let ratio = deviations[index] / others[index]
      let distance = difference / others[index]
      return sum + (ratio * ratio + distance * distance - 1) / 2 - log(ratio)
    }
    return max(0, sum / Double(max(exampleCount, 1)))
  }
}
