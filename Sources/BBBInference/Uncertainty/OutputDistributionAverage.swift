/// What draws of the weights predict, put together: probabilities are averaged, of numbers mean and variance kept.
enum OutputDistributionAverage {
  case classes(MonteCarloAverage)
  case numbers(NumericAverage)

  /// Begins with the prediction of one draw.
  init(_ draw: OutputDistribution) {
    switch draw {
    case .classes(let draw):
      var average = MonteCarloAverage(exampleCount: draw.exampleCount, classCount: draw.classCount)
      average.add(draw)
      self = .classes(average)
    case .numbers(let draw): self = .numbers(NumericAverage(draw))
    }
  }

  /// Adds the prediction of one draw of the same network.
  mutating func add(_ draw: OutputDistribution) {
    switch (self, draw) {
    case (.classes(var average), .classes(let draw)):
      average.add(draw)
      self = .classes(average)
    case (.numbers(var average), .numbers(let draw)):
      average.add(draw)
      self = .numbers(average)
    default: preconditionFailure("a draw of another network")
    }
  }

  /// The prediction of all draws so far.
  var distribution: OutputDistribution {
    switch self {
    case .classes(let average): .classes(average.distribution)
    case .numbers(let average): .numbers(average.distribution)
    }
  }
}
