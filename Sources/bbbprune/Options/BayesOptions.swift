import ArgumentParser
import BBBTraining

/// How a posterior is learned; what is not given has the value of ``BayesByBackprop``.
struct BayesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is believed of a weight before any data: mixture:SHARE,WIDE,NARROW (two normal "
        + "distributions around 0 by their standard deviations, and the share of the wide one) or "
        + "gaussian:DEVIATION (one); closed:DEVIATION is the same with an exact complexity cost "
        + "instead of a sampled one. Numbers may be written 1/4 or e^-6. "
        + "(default: mixture:0.5,1,e^-6)",
      valueName: "prior"))
  var prior: PriorArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many times the weights are drawn per step, 1 to 10. (default: 1)", valueName: "count"))
  var draws: Int?

  @Flag(
    help: ArgumentHelp(
      "Draw what each unit receives, for each example, instead of the weights (Kingma et al. 2015): "
        + "less noise, more time per step."))
  var localReparametrisation = false

  @Option(
    help: ArgumentHelp(
      "How an epoch's steps share the complexity cost: equally, or each half of the one before. "
        + "(default: uniform)"))
  var minibatchWeights: MinibatchWeighting?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What the complexity cost is multiplied by; below 1 the posterior is narrower than Bayes' rule "
        + "says. (default: 1)", valueName: "factor"))
  var temperature: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The complexity cost's weight rises from 0 during so many epochs. (default: 0)",
      valueName: "epochs"))
  var warmUp: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "ρ at the start, from which a weight's standard deviation is log(1 + exp ρ). (default: -4)",
      valueName: "rho"))
  var initialRho: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What the learning rate is multiplied by for ρ. (default: 1)", valueName: "factor"))
  var rhoRate: Double?

  func validate() throws {
    if draws != nil, localReparametrisation {
      throw ValidationError("'--local-reparametrisation' draws no weights: leave out '--draws'.")
    }
  }

  /// The options given.
  var given: [String] {
    [
      ("--prior", prior != nil), ("--draws", draws != nil),
      ("--local-reparametrisation", localReparametrisation),
      ("--minibatch-weights", minibatchWeights != nil), ("--temperature", temperature != nil),
      ("--warm-up", warmUp != nil), ("--initial-rho", initialRho != nil),
      ("--rho-rate", rhoRate != nil),
    ].filter(\.1).map(\.0)
  }

  var method: TrainingConfiguration.Method {
    var settings = BayesByBackprop()
    if let prior { settings.prior = prior.prior }
    if let draws { settings.estimator = .weightDraws(draws) }
    if localReparametrisation { settings.estimator = .localReparametrisation }
    if let minibatchWeights { settings.minibatchWeighting = minibatchWeights }
    if let temperature { settings.temperature = temperature }
    if let warmUp { settings.warmUpEpochs = warmUp }
    if let initialRho { settings.initialRho = initialRho }
    if let rhoRate { settings.rhoRate = rhoRate }
    return .bayesByBackprop(settings)
  }
}

extension MinibatchWeighting: ExpressibleByArgument {}
