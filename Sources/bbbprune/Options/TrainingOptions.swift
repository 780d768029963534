import ArgumentParser
import BBBPosterior
import BBBTraining

/// How to train, whatever is learned; what is not given has a default that suits MNIST.
struct TrainingOptions: ParsableArguments {
  enum MethodName: String, CaseIterable, ExpressibleByArgument {
    case bayes
    case plain
    case map
    case dropout
  }

  enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
    case adam
    case momentum
    case sgd
  }

  enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
    case cosine
    case constant
    case step
  }

  @Option(
    help: ArgumentHelp(
      "What is learned: a mean and a standard deviation for every weight (bayes), or one value "
        + "each: without regularisation (plain), with a penalty on large weights (map; see --l2, "
        + "--l1), or with units left out at random (dropout). (default: bayes)"))
  var method: MethodName?

  @Option(
    help: ArgumentHelp(
      "What the outputs mean: 'categorical' for classes, 'binary' for one output that tells class 1 from 0, or "
        + "'gaussian:DEVIATION' for real-valued targets, with the standard deviation of their noise. "
        + "(default: categorical)",
      valueName: "likelihood"))
  var likelihood: LikelihoodArgument?

  @Option(
    help: ArgumentHelp(
      "Units of the hidden layers, with commas; '' for none. All layers are fully connected, with "
        + "ReLU between them. (default: 1200,1200)", valueName: "sizes"))
  var hidden: HiddenSizes?

  @Option(
    help: ArgumentHelp(
      "The whole network, in place of --hidden: a file with its operations, one a line, or sizes and an activation, "
        + "such as '784-400-10 tanh'. Linear layers, activations, 'add', 'concatenate' and 'flatten' are trained.",
      valueName: "network"))
  var network: NetworkArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often every example is seen. (default: 100)", valueName: "count"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Examples per step. (default: 128)", valueName: "count"))
  var minibatch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The learning rate at the start, for a cost that is averaged over examples. (default: 0.001)",
      valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "The learning rate falls to 0 along half a cosine, stays, or falls in steps. (default: cosine)"
    ))
  var schedule: ScheduleName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With '--schedule step': epochs between two steps. (default: 100)", valueName: "count"))
  var stepEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With '--schedule step': what the rate is multiplied by. (default: 0.5)",
      valueName: "factor"))
  var stepFactor: Double?

  @Option(help: ArgumentHelp("How a step follows from the gradient. (default: adam)"))
  var optimizer: OptimizerName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much of the gradients before 'momentum' and 'adam' remember at each step, 0 up to 1. "
        + "(default: 0.9)",
      valueName: "share"))
  var momentum: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers. (default: 1)"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The weights, or their means, start as normal numbers with this times √(2 / inputs) as their "
        + "standard deviation. (default: 1)", valueName: "factor"))
  var initialMeanScale: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What inputs that are bytes are multiplied by, a number or a fraction; the checkpoint "
        + "remembers it. (default: 1/126)", valueName: "factor"))
  var inputScale: InputScale?

  func validate() throws {
    if case .gaussian = chosenLikelihood, inputScale != nil {
      throw ValidationError(
        "'--input-scale' is for images of bytes: leave it out beside '--likelihood gaussian', which "
          + "takes inputs as they are.")
    }
    if network != nil, hidden != nil {
      throw ValidationError(
        "'--network' names all layers: leave out '--hidden', or give that alone.")
    }
    if let option = [("--step-epochs", stepEpochs != nil), ("--step-factor", stepFactor != nil)]
      .first(where: \.1), schedule != .step
    {
      throw ValidationError("'\(option.0)' is for '--schedule step': leave it out, or add that.")
    }
    if momentum != nil, optimizer == .sgd {
      throw ValidationError(
        "'--optimizer sgd' has no memory: leave out '--momentum', or use '--optimizer momentum'.")
    }
  }

  /// The options given.
  var given: [String] {
    [
      ("--method", method != nil), ("--likelihood", likelihood != nil),
      ("--hidden", hidden != nil), ("--network", network != nil), ("--epochs", epochs != nil),
      ("--minibatch", minibatch != nil),
      ("--learning-rate", learningRate != nil),
      ("--schedule", schedule != nil), ("--step-epochs", stepEpochs != nil),
      ("--step-factor", stepFactor != nil), ("--optimizer", optimizer != nil),
      ("--momentum", momentum != nil), ("--seed", seed != nil),
      ("--initial-mean-scale", initialMeanScale != nil), ("--input-scale", inputScale != nil),
    ].filter(\.1).map(\.0)
  }

  func configuration(
    inputs: Int, outputs: Int, method: TrainingConfiguration.Method
  ) throws -> TrainingConfiguration {
    TrainingConfiguration(
      network: try network?.network()
        ?? TrainingConfiguration.layers([inputs] + (hidden?.sizes ?? [1200, 1200]) + [outputs]),
      method: method,
      likelihood: chosenLikelihood, inputScale: chosenInputScale, optimizer: chosenOptimizer,
      learningRate: learningRate ?? 1e-3, schedule: chosenSchedule, epochs: epochs ?? 100,
      minibatchSize: minibatch ?? 128, seed: seed ?? 1, initialMeanScale: initialMeanScale ?? 1)
  }

  var chosenLikelihood: Likelihood { likelihood?.likelihood ?? .categorical }

  /// A regression's inputs are no images: whole numbers among them are not scaled.
  private var chosenInputScale: Double {
    if case .gaussian = chosenLikelihood { return 1 }
    return inputScale?.factor ?? 1.0 / 126
  }

  private var chosenOptimizer: Optimizer {
    switch optimizer {
    case .adam, nil: .adam(meanDecay: momentum ?? 0.9, squareDecay: 0.999, epsilon: 1e-8)
    case .momentum: .momentum(momentum ?? 0.9)
    case .sgd: .gradientDescent
    }
  }

  private var chosenSchedule: LearningRateSchedule {
    switch schedule {
    case .cosine, nil: .cosine
    case .constant: .constant
    case .step: .step(epochs: stepEpochs ?? 100, factor: stepFactor ?? 0.5)
    }
  }
}

/// Comma-separated numbers of units; empty for a network without hidden layers.
struct HiddenSizes: ExpressibleByArgument {
  let sizes: [Int]

  init?(argument: String) {
    let parts =
      argument.isEmpty ? [] : argument.split(separator: ",", omittingEmptySubsequences: false)
    sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.allSatisfy({ $0 > 0 }) else { return nil }
  }
}
