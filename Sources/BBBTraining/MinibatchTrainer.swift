import BBBKernels
import BBBLinearAlgebra
import BBBTensors

/// Trains a network on minibatches that the caller puts together, one step at a time; knows nothing of
/// epochs.
///
/// Equal configurations and minibatches give equal parameters after every step, whatever the number of
/// threads. Not to be used from several threads at once.
package final class MinibatchTrainer {
  /// What a step computes; its epochs and its schedule mean nothing here.
  package let configuration: TrainingConfiguration
  /// The number of steps done since the start.
  package private(set) var stepCount = 0
  /// Where minibatches are parts of epochs, how many make one; messages name the epoch then.
  private let stepsPerEpoch: Int?
  let network: TrainedNetwork
  /// The weights of a prediction.
  private lazy var predictionDraw = network.predictionWeights()

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - configuration: What to compute.
  ///   - stepsPerEpoch: How many minibatches make an epoch, if they do.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Throws: ``TrainingError`` if a setting makes no sense.
  package init(
    _ configuration: TrainingConfiguration, stepsPerEpoch: Int? = nil, threadCount: Int = 1
  ) throws(TrainingError) {
    try requireLibrary()
    try configuration.checkSettings()
    self.configuration = configuration
    self.stepsPerEpoch = stepsPerEpoch
    network = TrainedNetwork(configuration, threadCount: threadCount)
    network.drawWeights(step: 0)
  }

  /// How many trainers of one thread each can work at the same time: fewer than wanted where memory is limited.
  ///
  /// - Parameter most: How many are wanted.
  /// - Returns: At least 1.
  /// - Throws: ``TrainingError`` if there is no BLAS.
  package static func simultaneousTrainers(upTo most: Int) throws(TrainingError) -> Int {
    try requireLibrary()
    return MatrixProduct.threadCount(upTo: most)
  }

  /// The inputs of the minibatch, to be filled: rows × inputs, at most as many rows as the configuration's
  /// minibatch has.
  package var inputs: UnsafeMutablePointer<Float> { network.input.output.start }

  /// What belongs to the rows, to be filled: one number for each output, or the class.
  package var targets: UnsafeMutablePointer<Float> { network.target.start }

  /// Takes one step on the minibatch that ``inputs`` and ``targets`` hold.
  ///
  /// - Parameters:
  ///   - rows: The number of examples in it.
  ///   - learningRate: The learning rate.
  ///   - complexityShare: What the complexity cost is multiplied by, in a cost that is summed over the
  ///     minibatch: 1/M where M minibatches make up the data.
  /// - Returns: The likelihood cost of the minibatch.
  /// - Throws: ``TrainingError`` if the run has diverged; its parameters are of no use then.
  @discardableResult
  package func step(
    rows: Int, learningRate: Double, complexityShare: Double
  ) throws(TrainingError) -> LikelihoodCost {
    let settings = StepSettings(
      step: stepCount,
      optimizer: configuration.optimizer.kernelOptimizer(
        learningRate: learningRate, step: stepCount),
      complexityWeight: Float(complexityShare / Double(rows)))
    let cost = MatrixProduct.withOneThreadPerProduct {
      network.train(rows: rows, settings: settings)
    }
    guard cost.total.isFinite else { throw divergence(step: stepCount) }
    stepCount += 1
    return cost
  }

  /// The weights that a prediction uses.
  package enum PredictionWeights: Sendable {
    /// The posterior's means, or the weights of a point estimate.
    case means
    /// A draw from the posterior as it is now: equal numbers at the same step give equal draws, and
    /// none is a draw that the training uses.
    case draw(Int)
  }

  /// The outputs for rows of ``inputs``.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at most the configuration's minibatch.
  ///   - weights: Which weights to use.
  /// - Returns: Rows × outputs, until the next step or prediction.
  package func predict(
    rows: Int, weights: PredictionWeights
  ) -> UnsafeBufferPointer<Float> {
    precondition(rows <= configuration.minibatchSize, "more rows than a minibatch")
    MatrixProduct.withOneThreadPerProduct {
      switch weights {
      case .means:
        network.forward(rows: rows, mode: .mean)
      case .draw(let number):
        network.drawWeights(forPrediction: number, step: stepCount, into: predictionDraw)
        network.forward(rows: rows, mode: .drawn(predictionDraw))
      }
    }
    let output = network.output
    return UnsafeBufferPointer(start: output.output.start, count: rows * output.width)
  }

  /// The outputs for any number of inputs.
  ///
  /// - Parameters:
  ///   - inputs: Examples × inputs, row-major.
  ///   - weights: Which weights to use.
  /// - Returns: Examples × outputs.
  package func predict(_ inputs: [Float], weights: PredictionWeights) -> [Float] {
    let width = configuration.network.inputCount
    var outputs: [Float] = []
    for start in stride(from: 0, to: inputs.count, by: configuration.minibatchSize * width) {
      let part = inputs[start..<min(inputs.count, start + configuration.minibatchSize * width)]
      for (place, value) in part.enumerated() { self.inputs[place] = value }
      outputs += predict(rows: part.count / width, weights: weights)
    }
    return outputs
  }

  /// All that a run needs to go on, besides its configuration and the number of steps.
  package var savedTensors: [Tensor] {
    network.tensors.flatMap { tensor in
      tensor.persistentBuffers.map { name, buffer in
        Tensor(name: name, shape: tensor.shape, floats: buffer.values)
      }
    }
  }

  /// A checksum of the numbers in ``savedTensors``.
  package var checksum: UInt32 { network.checksum }

  /// Goes on from saved tensors.
  ///
  /// - Parameters:
  ///   - file: The file with ``savedTensors``.
  ///   - stepCount: The number of steps that had been done.
  ///   - checksum: The checksum that the tensors must have.
  /// - Throws: ``TrainingError`` if tensors are missing or damaged.
  package func restore(
    from file: TensorFile, stepCount: Int, checksum: UInt32
  ) throws(TrainingError) {
    for tensor in network.tensors { try tensor.restore(from: file) }
    guard network.checksum == checksum else {
      throw TrainingState.damaged(
        file, "its tensors have the checksum \(checksum), and they have not")
    }
    self.stepCount = stepCount
    network.refreshVariances()
    network.drawWeights(step: stepCount)
  }

  /// Says where a run went wrong.
  func divergence(step: Int) -> TrainingError {
    let layer = network.matrices.first { matrix, target in
      !matrix.hasFiniteParameters || !target.output.values.allSatisfy(\.isFinite)
    }
    let place = layer.map { "first in layer \($0.matrix.name)" }
    let epoch = stepsPerEpoch.map { " (epoch \(step / $0 + 1))" } ?? ""
    var remedy = "lower --learning-rate (it was \(configuration.learningRate))"
    if case .bayesByBackprop = configuration.method {
      remedy += " or start with a smaller --initial-rho"
    }
    return TrainingError(
      .diverged,
      "training diverged at step \(step + 1)\(epoch), \(place ?? "in the cost"): a number is no"
        + " longer finite; \(remedy)")
  }
}
