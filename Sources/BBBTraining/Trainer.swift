import BBBKernels
import BBBLinearAlgebra
import BBBTensors

/// Trains a network, step by step.
///
/// Equal configurations and examples give equal parameters after every step, whatever the number of
/// threads and however often the run was saved and resumed. Not to be used from several threads at
/// once.
public final class Trainer {
  /// What the run computes.
  public let configuration: TrainingConfiguration
  /// The number of steps done since the start.
  public var stepCount: Int { minibatches.stepCount }
  /// What each finished epoch cost.
  public private(set) var history: [EpochReport] = []

  /// What takes the steps.
  package let minibatches: MinibatchTrainer
  var network: TrainedNetwork { minibatches.network }
  let examples: TrainingExamples
  let validation: TrainingExamples?
  private var order: [Int32] = []
  /// The likelihood cost of the epoch under way.
  private(set) var epochCost = LikelihoodCost()

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - configuration: What to compute.
  ///   - examples: What to learn from.
  ///   - validation: What to measure the end of each epoch on, if anything.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Throws: ``TrainingError`` if a setting makes no sense or does not fit the examples.
  public init(
    _ configuration: TrainingConfiguration, examples: TrainingExamples,
    validation: TrainingExamples? = nil, threadCount: Int = 1
  ) throws(TrainingError) {
    try configuration.check(examples)
    if let validation { try configuration.check(validation) }
    self.configuration = configuration
    self.examples = examples
    self.validation = validation
    minibatches = try MinibatchTrainer(
      configuration, stepsPerEpoch: Self.minibatchCount(examples, configuration),
      threadCount: threadCount)
    startEpoch()
  }

  /// The number of steps in an epoch: M, the number of minibatches.
  public var stepsPerEpoch: Int { Self.minibatchCount(examples, configuration) }

  private static func minibatchCount(
    _ examples: TrainingExamples, _ configuration: TrainingConfiguration
  ) -> Int {
    (examples.count + configuration.minibatchSize - 1) / configuration.minibatchSize
  }

  /// The number of steps of the whole run.
  public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

  /// Whether all epochs are done.
  public var isFinished: Bool { stepCount >= totalSteps }

  /// Takes one step; at the end of an epoch also reports on it.
  ///
  /// - Returns: The report, if an epoch has ended with this step.
  /// - Throws: ``TrainingError`` if the run has diverged; its parameters are of no use then.
  public func step() throws(TrainingError) -> EpochReport? {
    let inEpoch = stepCount % stepsPerEpoch
    let start = inEpoch * configuration.minibatchSize
    let rows = order[start..<min(start + configuration.minibatchSize, examples.count)]
    gather(examples, rows)
    let cost = try minibatches.step(
      rows: rows.count, learningRate: learningRate(step: stepCount),
      complexityShare: complexityShare(minibatch: inEpoch))
    epochCost.total += cost.total
    epochCost.errors += cost.errors
    epochCost.squaredDeviation += cost.squaredDeviation
    guard stepCount % stepsPerEpoch == 0 else { return nil }
    let report = try endEpoch()
    history.append(report)
    startEpoch()
    return report
  }

  /// The examples' numbers and checksums, to notice a resumption with others.
  private(set) lazy var fingerprint = TrainingState.Fingerprint(
    examples: examples, validation: validation)

  /// Takes over the parameters and the place of a saved run.
  func restore(_ state: TrainingState, from file: TensorFile) throws(TrainingError) {
    func damaged(_ claim: String) -> TrainingError { TrainingState.damaged(file, claim) }
    guard (0...totalSteps).contains(state.stepCount) else {
      throw damaged("\(state.stepCount) of \(totalSteps) steps are done")
    }
    guard state.history.count == state.stepCount / stepsPerEpoch else {
      throw damaged("\(state.history.count) epochs were reported by step \(state.stepCount)")
    }
    guard state.epochCost.isPossible(exampleCount: examples.count),
      state.history.enumerated().allSatisfy({ $1.isPossible(epoch: $0 + 1) })
    else { throw damaged("an epoch had an impossible cost or error") }
    try minibatches.restore(
      from: file, stepCount: state.stepCount, checksum: state.tensorChecksum)
    history = state.history
    epochCost = state.epochCost
    shuffle()
  }

  /// The learning rate at a step.
  func learningRate(step: Int) -> Double {
    configuration.learningRate
      * configuration.schedule.factor(
        progress: Double(step) / Double(totalSteps), epoch: step / stepsPerEpoch)
  }

  /// What the complexity cost is multiplied by, in a cost that is summed over a minibatch.
  private func complexityShare(minibatch: Int) -> Double {
    guard case .bayesByBackprop(let bayes) = configuration.method else { return 0 }
    let share = bayes.minibatchWeighting.weight(ofMinibatch: minibatch, of: stepsPerEpoch)
    let warmUpSteps = bayes.warmUpEpochs * Double(stepsPerEpoch)
    let warmth = warmUpSteps > 0 ? min(1, Double(stepCount) / warmUpSteps) : 1
    return share * bayes.temperature * warmth
  }

  /// Copies examples into the minibatch.
  private func gather(_ examples: TrainingExamples, _ rows: ArraySlice<Int32>) {
    examples.gather(rows, scale: Float(configuration.inputScale), into: minibatches.inputs)
    examples.gatherTargets(rows, into: minibatches.targets)
  }

  private func startEpoch() {
    epochCost = LikelihoodCost()
    shuffle()
  }

  private func shuffle() {
    order = Permutation.make(
      count: examples.count,
      key: NoiseStream.order.key(seed: configuration.seed, step: stepCount / stepsPerEpoch))
  }

  private func endEpoch() throws(TrainingError) -> EpochReport {
    let training = ExampleMeasurement(epochCost, count: examples.count, configuration)
    let complexityCost = network.complexityCost(step: stepCount)
    let result = validation.map {
      ExampleMeasurement(measure($0), count: $0.count, configuration)
    }
    guard complexityCost.isFinite, result?.cost.isFinite ?? true,
      network.matrices.allSatisfy(\.matrix.hasFiniteParameters)
    else { throw minibatches.divergence(step: stepCount - 1) }
    return EpochReport(
      epoch: stepCount / stepsPerEpoch, likelihoodCost: training.cost,
      complexityCost: complexityCost, trainingError: training.error,
      trainingRootMeanSquareError: training.rootMeanSquareError, validationError: result?.error,
      validationRootMeanSquareError: result?.rootMeanSquareError, validationCost: result?.cost,
      learningRate: learningRate(step: stepCount - 1))
  }

  /// Measures the posterior means as they are now; changes nothing.
  ///
  /// - Parameter examples: What to measure them on; of the form of those that are learned from.
  /// - Returns: Cost and errors.
  /// - Throws: ``TrainingError`` if the examples do not fit the network.
  public func measurement(
    of examples: TrainingExamples
  ) throws(TrainingError) -> ExampleMeasurement {
    try configuration.check(examples)
    return ExampleMeasurement(measure(examples), count: examples.count, configuration)
  }

  /// The likelihood cost of examples at the posterior means.
  func measure(_ examples: TrainingExamples) -> LikelihoodCost {
    MatrixProduct.withOneThreadPerProduct {
      var total = LikelihoodCost()
      let positions = Array(0..<Int32(examples.count))
      for start in stride(from: 0, to: examples.count, by: configuration.minibatchSize) {
        let rows = positions[start..<min(start + configuration.minibatchSize, examples.count)]
        gather(examples, rows)
        network.forward(rows: rows.count, mode: .mean)
        let cost = network.likelihoodCost(rows: rows.count)
        total.total += cost.total
        total.errors += cost.errors
        total.squaredDeviation += cost.squaredDeviation
      }
      return total
    }
  }
}
