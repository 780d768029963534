import Foundation

/// What a minibatch costs under the likelihood.
struct LikelihoodCost: Codable {
  /// The sum over examples of −log P(target | input, weights), in nats.
  var total = 0.0
  /// The number of examples whose most probable class is not their own; of a regression, 0.
  var errors = 0
  /// The sum of squared deviations of a regression.
  var squaredDeviation = 0.0
}

extension LikelihoodCost {
  /// Whether a part of an epoch can have cost this; what a file claims may be anything.
  func isPossible(exampleCount: Int) -> Bool {
    abs(total) < 1e300 && (0...exampleCount).contains(errors) && (0..<1e300 ~= squaredDeviation)
  }
}

extension TrainedNetwork {
  /// The cost of the outputs for some examples; leaves its gradient with respect to them, divided by
  /// the number of rows, in the last layer's `delta`.
  ///
  /// - Parameters:
  ///   - examples: The examples that `rows` refers to.
  ///   - rows: The places of the examples, one for each row.
  /// - Returns: The cost.
  func likelihoodCost(
    _ examples: TrainingExamples, rows: ArraySlice<Int32>
  ) -> LikelihoodCost {
    guard let last = layers.last else { return LikelihoodCost() }
    let width = last.outputCount
    var cost = LikelihoodCost()
    for (row, position) in rows.enumerated() {
      let example = Int(examples.indices[Int(position)])
      let output = UnsafeBufferPointer(start: last.output.start + row * width, count: width)
      let delta = UnsafeMutableBufferPointer(start: last.delta.start + row * width, count: width)
      switch (configuration.likelihood, examples.targets) {
      case (.categorical, .classes(let classes)):
        softmaxCost(output, target: classes[example], delta: delta, rows: rows.count, &cost)
      case (.gaussian(let deviation), .numbers(let numbers, _)):
        for unit in 0..<width {
          let difference = Double(output[unit] - numbers[example * width + unit])
          let standardised = difference / deviation
          cost.total += standardised * standardised / 2 + log(deviation) + log(2 * .pi) / 2
          cost.squaredDeviation += difference * difference
          delta[unit] = Float(standardised / deviation / Double(rows.count))
        }
      default:
        preconditionFailure("the configuration was checked against the examples")
      }
    }
    return cost
  }

  private func softmaxCost(
    _ output: UnsafeBufferPointer<Float>, target: Int,
    delta: UnsafeMutableBufferPointer<Float>, rows: Int, _ cost: inout LikelihoodCost
  ) {
    var best = 0
    for unit in output.indices where output[unit] > output[best] { best = unit }
    let largest = Double(output[best])
    var sum = 0.0
    for unit in output.indices { sum += exp(Double(output[unit]) - largest) }
    let logSum = largest + log(sum)
    for unit in output.indices {
      let probability = exp(Double(output[unit]) - logSum)
      delta[unit] = Float((probability - (unit == target ? 1 : 0)) / Double(rows))
    }
    cost.total += logSum - Double(output[target])
    cost.errors += best == target ? 0 : 1
  }
}
