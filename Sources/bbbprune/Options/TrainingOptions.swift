import ArgumentParser
import BBBPosterior
import BBBTraining

/// How to train, whatever is learned.
struct TrainingOptions: ParsableArguments {
  enum MethodName: String, CaseIterable, ExpressibleByArgument {
    case bayes
    case point
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

  @Option(help: "A posterior for every weight (bayes), or one value (point).")
  var method: MethodName = .bayes

  @Option(help: ArgumentHelp("The units of the hidden layers.", valueName: "sizes"))
  var hidden: HiddenSizes = HiddenSizes(sizes: [1200, 1200])

  @Option(help: ArgumentHelp("How often every example is seen.", valueName: "count"))
  var epochs: Int = 100

  @Option(help: ArgumentHelp("Examples in a minibatch.", valueName: "count"))
  var minibatch: Int = 128

  @Option(help: "How steps follow from gradients.")
  var optimizer: OptimizerName = .adam

  @Option(help: ArgumentHelp("The decay of Adam's or momentum's mean.", valueName: "share"))
  var momentum: Double = 0.9

  @Option(
    help: ArgumentHelp("The learning rate, for a cost in nats per example.", valueName: "rate"))
  var learningRate: Double = 1e-3

  @Option(help: "How the learning rate changes.")
  var schedule: ScheduleName = .cosine

  @Option(
    help: ArgumentHelp("With '--schedule step': the epochs of a step.", valueName: "count"))
  var stepEpochs: Int = 100

  @Option(
    help: ArgumentHelp("With '--schedule step': its factor.", valueName: "factor"))
  var stepFactor: Double = 0.5

  @Option(help: "The seed of all random numbers.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The initial means' standard deviation, in units of √(2 / inputs).", valueName: "factor"))
  var initialMeanScale: Double = 1

  @Option(
    help: ArgumentHelp(
      "The factor for byte inputs, a number or a fraction.", valueName: "factor"))
  var inputScale: InputScale?

  func configuration(
    inputs: Int, outputs: Int, method: TrainingConfiguration.Method
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      layerSizes: [inputs] + hidden.sizes + [outputs], method: method,
      inputScale: inputScale?.factor ?? 1.0 / 126, optimizer: chosenOptimizer,
      learningRate: learningRate, schedule: chosenSchedule, epochs: epochs,
      minibatchSize: minibatch, seed: seed, initialMeanScale: initialMeanScale)
  }

  private var chosenOptimizer: Optimizer {
    switch optimizer {
    case .adam: .adam(meanDecay: momentum, squareDecay: 0.999, epsilon: 1e-8)
    case .momentum: .momentum(momentum)
    case .sgd: .gradientDescent
    }
  }

  private var chosenSchedule: LearningRateSchedule {
    switch schedule {
    case .cosine: .cosine
    case .constant: .constant
    case .step: .step(epochs: stepEpochs, factor: stepFactor)
    }
  }
}

/// Comma-separated numbers of units; empty for a network without hidden layers.
struct HiddenSizes: ExpressibleByArgument {
  let sizes: [Int]

  init(sizes: [Int]) {
    self.sizes = sizes
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",")
    sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.allSatisfy({ $0 > 0 }) else { return nil }
  }

  var defaultValueDescription: String { sizes.map(String.init).joined(separator: ",") }
}
