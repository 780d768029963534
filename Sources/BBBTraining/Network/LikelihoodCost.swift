import CBBBLibc

/// What a minibatch costs under the likelihood.
package struct LikelihoodCost: Codable, Sendable {
  /// The sum over examples of −log P(target | input, weights), in nats.
  package var total = 0.0
  /// The number of examples whose most probable class is not their own; of a regression, 0.
  package var errors = 0
  /// The sum of squared deviations of a regression.
  package var squaredDeviation = 0.0
}

extension LikelihoodCost {
  /// Whether a part of an epoch can have cost this; what a file claims may be anything.
  func isPossible(exampleCount: Int) -> Bool {
    abs(total) < 1e300 && (0...exampleCount).contains(errors) && (0..<1e300 ~= squaredDeviation)
  }
}

extension TrainedNetwork {
  /// The cost of the outputs for the first rows of `target`; leaves its gradient with respect to them,
  /// divided by the number of rows, in the output's.
  ///
  /// - Parameter rows: The number of examples in the minibatch.
  /// - Returns: The cost.
  func likelihoodCost(rows: Int) -> LikelihoodCost {
    guard let gradient = output.gradient?.start else { return LikelihoodCost() }
    let (outputs, width) = (output.output.start, output.width)
    var cost = LikelihoodCost()
    switch configuration.likelihood {
    case .categorical:
      for row in 0..<rows {
        softmaxCost(
          UnsafeBufferPointer(start: outputs + row * width, count: width),
          target: Int(target.start[row]),
          gradient: UnsafeMutableBufferPointer(start: gradient + row * width, count: width),
          rows: rows, &cost)
      }
    case .binary:
      for row in 0..<rows {
        let logit = Double(outputs[row])
        let isOne = target.start[row] == 1
        // −log of the logistic function of the logit's size, exact however large it is.
        cost.total += max(isOne ? -logit : logit, 0) + log1p(exp(-logit.magnitude))
        cost.errors += (logit > 0) == isOne ? 0 : 1
        gradient[row] = Float((1 / (1 + exp(-logit)) - (isOne ? 1 : 0)) / Double(rows))
      }
    case .gaussian(let deviation):
      let logDeviation = log(deviation)
      let halfLogTurn = log(2 * Double.pi) / 2
      for place in 0..<rows * width {
        let difference = Double(outputs[place] - target.start[place])
        let standardised = difference / deviation
        cost.total += standardised * standardised / 2 + logDeviation + halfLogTurn
        cost.squaredDeviation += difference * difference
        gradient[place] = Float(standardised / deviation / Double(rows))
      }
    }
    return cost
  }

  private func softmaxCost(
    _ output: UnsafeBufferPointer<Float>, target: Int,
    gradient: UnsafeMutableBufferPointer<Float>, rows: Int, _ cost: inout LikelihoodCost
  ) {
    var best = 0
    for unit in output.indices where output[unit] > output[best] { best = unit }
    let largest = Double(output[best])
    var sum = 0.0
    for unit in output.indices { sum += exp(Double(output[unit]) - largest) }
    let logSum = largest + log(sum)
    for unit in output.indices {
      let probability = exp(Double(output[unit]) - logSum)
      gradient[unit] = Float((probability - (unit == target ? 1 : 0)) / Double(rows))
    }
    cost.total += logSum - Double(output[target])
    cost.errors += best == target ? 0 : 1
  }
}
