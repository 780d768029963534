extension Trainer {
  /// Whether the posterior means do hardly better than one answer for all examples.
  ///
  /// They do if they make less than 95 % of the errors of the most frequent class, or of the squared
  /// deviation of the targets' mean. Measured on the validation examples, else on those that were learned from.
  ///
  /// - Returns: `false` too if the examples all have the same target, so that there is nothing to learn.
  public func isAtChance() -> Bool {
    let examples = validation ?? examples
    let cost = measure(examples)
    switch examples.targets {
    case .classes(let classes):
      var counts: [Int: Int] = [:]
      for index in examples.indices { counts[classes[Int(index)], default: 0] += 1 }
      let errors = examples.count - (counts.values.max() ?? 0)
      return errors > 0 && Double(cost.errors) >= Self.chance * Double(errors)
    case .numbers(let numbers, let width):
      let deviation = (0..<width).reduce(0) { sum, column in
        let targets = examples.indices.map { Double(numbers[Int($0) * width + column]) }
        let mean = targets.reduce(0, +) / Double(targets.count)
        return sum + targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
      return deviation > 0 && cost.squaredDeviation >= Self.chance * deviation
    }
  }

  /// The part of one answer's errors that a network which has learned something stays below.
  private static let chance = 0.95
}
