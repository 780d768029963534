import CBBBLibc

extension Trainer {
  /// Whether the posterior means do hardly better than one answer for all examples.
  ///
  /// They do unless they make less than 95 % of the errors of the most frequent class; of one output for two classes, of
  /// the likelihood cost of the classes' frequencies; of numbers, of the squared deviation of the targets' mean. Measured on the validation examples, else on those that were learned from.
  ///
  /// - Returns: `false` too if the examples all have the same target, so that there is nothing to learn.
  public func isAtChance() -> Bool {
    let examples = validation ?? examples
    let cost = measure(examples)
    switch examples.targets {
    case .classes(let classes):
      var counts: [Int: Int] = [:]
      for index in examples.indices { counts[classes[Int(index)], default: 0] += 1 }
      if configuration.likelihood == .binary {
        // Of a rare class the same answer makes few errors, and a good network may make as many.
        let entropy = counts.values.reduce(0.0) {
          $0 - Double($1) * log(Double($1) / Double(examples.count))
        }
        return entropy > 0 && cost.total >= Self.chance * entropy
      }
      let errors = examples.count - (counts.values.max() ?? 0)
      return errors > 0 && Double(cost.errors) >= Self.chance * Double(errors)
    case .numbers:
      let deviation = Self.squaredDeviation(examples)
      return deviation > 0 && cost.squaredDeviation >= Self.chance * deviation
    }
  }

  /// Whether the answers of the last epoch to the examples learned from were far worse than one answer for all of
  /// them: a likelihood cost of four times that of equal probabilities, or of numbers twice the error of their mean.
  ///
  /// - Returns: `false` before the first epoch ends.
  public func isFarBelowChance() -> Bool {
    guard let last = history.last else { return false }
    guard case .numbers(_, let width) = examples.targets else {
      return last.likelihoodCost > 4 * log(Double(max(configuration.network.outputCount, 2)))
    }
    guard let error = last.trainingRootMeanSquareError else { return false }
    return error * error * Double(examples.count * width)
      > 4 * Self.squaredDeviation(examples)
  }

  /// The sum over examples of the squared distance of targets that are numbers from their mean; 0 of classes.
  private static func squaredDeviation(_ examples: TrainingExamples) -> Double {
    guard case .numbers(let numbers, let width) = examples.targets else { return 0 }
    return (0..<width).reduce(0) { sum, column in
      let targets = examples.indices.map { Double(numbers[Int($0) * width + column]) }
      let mean = targets.reduce(0, +) / Double(targets.count)
      return sum + targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
  }

  /// The part of one answer's errors that a network which has learned something stays below.
  private static let chance = 0.95
}
