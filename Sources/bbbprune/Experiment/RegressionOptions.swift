import ArgumentParser
import BBBExperiments
import BBBTraining

/// What the regression learns, and how; what is not given has the value of
/// ``RegressionExperiment/Settings``.
struct RegressionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of points to learn from. (default: 1000)", valueName: "count"))
  var examples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where the points begin. (default: 0)", valueName: "x"))
  var start: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where the points end. (default: 0.5)", valueName: "x"))
  var end: Double?

  @Option(
    help: ArgumentHelp(
      "Units of the hidden layers, with commas. (default: 100,100)", valueName: "sizes"))
  var hidden: HiddenSizes?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often every point is seen. (default: 3000)", valueName: "count"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Points per step. (default: 100)", valueName: "count"))
  var minibatch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The learning rate of both methods at the start. (default: 0.01)", valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard deviation of points around what a network says. (default: 0.02)",
      valueName: "deviation"))
  var deviation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many draws of the weights the quartiles are of. (default: 1000)", valueName: "count"))
  var draws: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers. (default: 1)"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What is believed of a weight before any data, as for 'train'. (default: gaussian:1)",
      valueName: "prior"))
  var prior: PriorArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("ρ of every weight at the start. (default: -4)", valueName: "rho"))
  var initialRho: Double?

  func validate() throws {
    guard (1...1_000_000).contains(examples ?? 1) else {
      throw ValidationError("Give '--examples' 1 to 1000000.")
    }
    guard (1...100_000).contains(draws ?? 1) else {
      throw ValidationError("Give '--draws' 1 to 100000.")
    }
    let range = (settings.start, settings.end)
    guard range.0 < range.1, range.0.isFinite, range.1.isFinite else {
      throw ValidationError("The points end before they begin: give '--end' more than '--start'.")
    }
  }

  var settings: RegressionExperiment.Settings {
    var settings = RegressionExperiment.Settings()
    if let examples { settings.exampleCount = examples }
    if let start { settings.start = start }
    if let end { settings.end = end }
    if let hidden { settings.hiddenSizes = hidden.sizes }
    if let epochs { settings.epochs = epochs }
    if let minibatch { settings.minibatchSize = minibatch }
    if let learningRate { settings.learningRate = learningRate }
    if let deviation { settings.deviation = deviation }
    if let draws { settings.draws = draws }
    if let seed { settings.seed = seed }
    if let prior { settings.bayes.prior = prior.prior }
    if let initialRho { settings.bayes.initialRho = initialRho }
    return settings
  }
}
