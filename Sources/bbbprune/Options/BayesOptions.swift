import ArgumentParser
import BBBTraining

/// How a posterior is learned.
struct BayesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "mixture:SHARE,WIDE,NARROW or gaussian:DEVIATION, its cost sampled, or closed:DEVIATION, in "
        + "closed form; numbers may be written e^-6.",
      valueName: "prior"))
  var prior: PriorArgument = PriorArgument(
    prior: BayesByBackprop().prior, text: "mixture:0.5,1,e^-6")

  @Option(help: ArgumentHelp("Draws of all weights per step, 1 to 10.", valueName: "count"))
  var draws: Int?

  @Flag(
    help:
      "Draw each unit's input for each example instead of weights (Kingma et al. 2015): less noise.")
  var localReparametrisation = false

  @Option(help: "How minibatches share the complexity cost.")
  var minibatchWeights: MinibatchWeighting = .uniform

  @Option(help: ArgumentHelp("What the complexity cost is multiplied by.", valueName: "factor"))
  var temperature: Double = 1

  @Option(
    help: ArgumentHelp(
      "Epochs in which the complexity cost's weight rises from 0.", valueName: "count"))
  var warmUp: Double = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("ρ at the start; σ = log(1 + exp ρ).", valueName: "rho"))
  var initialRho: Double = -4

  @Option(help: ArgumentHelp("The learning rate of ρ in units of the means'.", valueName: "factor"))
  var rhoRate: Double = 1

  func validate() throws {
    if draws != nil, localReparametrisation {
      throw ValidationError("'--local-reparametrisation' draws no weights: leave out '--draws'.")
    }
  }

  var method: TrainingConfiguration.Method {
    .bayesByBackprop(
      BayesByBackprop(
        prior: prior.prior,
        estimator: localReparametrisation ? .localReparametrisation : .weightDraws(draws ?? 1),
        minibatchWeighting: minibatchWeights, temperature: temperature, warmUpEpochs: warmUp,
        initialRho: initialRho, rhoRate: rhoRate))
  }
}

extension MinibatchWeighting: ExpressibleByArgument {}
