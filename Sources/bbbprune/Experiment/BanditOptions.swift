import ArgumentParser
import BBBExperiments
import BBBTraining

/// How the bandit's agents learn; what is not given has the value of ``BanditSettings``.
struct BanditOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers. (default: 0)"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Units of the hidden layers, with commas. (default: 100,100)", valueName: "sizes"))
  var hidden: HiddenSizes?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard deviation of rewards around what Bayes by Backprop expects. (default: 3)",
      valueName: "deviation"))
  var deviation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The learning rate of Bayes by Backprop, for a cost that is averaged over a minibatch. "
        + "(default: 0.0003)", valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "After how many mushrooms that rate is half of what it was, and falls on; 'never' if it stays. "
        + "(default: 500)", valueName: "count"))
  var rateHalving: RateHalving?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The learning rate of the greedy agents' networks. (default: 0.001)", valueName: "rate"))
  var greedyLearningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "After how many mushrooms that rate is half of what it was; 'never' if it stays. "
        + "(default: never)", valueName: "count"))
  var greedyRateHalving: RateHalving?

  @Option(
    help: ArgumentHelp(
      "What is believed of a weight before any data, as for 'train'. (default: mixture:0.5,1,e^-6)",
      valueName: "prior"))
  var prior: PriorArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("ρ of every weight at the start. (default: -3)", valueName: "rho"))
  var initialRho: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What the complexity cost is multiplied by. (default: 1)", valueName: "factor"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp(
      "While the buffer is not full, the complexity cost is weighted as if it were (full), or by the "
        + "interactions it holds (held). (default: full)"))
  var weighting: BanditSettings.Weighting?

  var settings: BanditSettings {
    var settings = BanditSettings()
    if let seed { settings.seed = seed }
    if let hidden { settings.hiddenSizes = hidden.sizes }
    if let deviation { settings.rewardDeviation = deviation }
    if let learningRate { settings.learningRate.start = learningRate }
    if let rateHalving { settings.learningRate.halving = rateHalving.count }
    if let greedyLearningRate { settings.greedyLearningRate.start = greedyLearningRate }
    if let greedyRateHalving { settings.greedyLearningRate.halving = greedyRateHalving.count }
    if let prior { settings.bayes.prior = prior.prior }
    if let initialRho { settings.bayes.initialRho = initialRho }
    if let temperature { settings.bayes.temperature = temperature }
    if let weighting { settings.weighting = weighting }
    return settings
  }
}

/// When a learning rate has fallen to half, as it is written on the command line.
struct RateHalving: ExpressibleByArgument {
  /// After how many mushrooms; `nil` if it never falls.
  let count: Double?

  init?(argument: String) {
    if argument == "never" {
      count = nil
    } else {
      guard let number = Double(argument), number > 0, number.isFinite else { return nil }
      count = number
    }
  }
}

extension BanditSettings.Weighting: ExpressibleByArgument {}
