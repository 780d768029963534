import BBBKernels
import CBBBKernels

/// The network in training: its layers, and the memory of the threads that work on it.
///
/// Every product and every pass over parameters is cut into pieces of `pieceWidth` units, whatever
/// the number of threads, so that the result does not depend on it.
final class TrainedNetwork: Sendable {
  let configuration: TrainingConfiguration
  let layers: [TrainedLayer]
  /// The inputs of a minibatch: rows × inputs.
  let input: AlignedBuffer<Float>
  /// What belongs to the rows: rows × outputs, or one class for each row.
  let target: AlignedBuffer<Float>
  /// The number of threads.
  let threadCount: Int
  let instructionSet = bbb_best_instruction_set()
  /// For each thread, room for the gradient of one piece: of the means, and of the variances.
  let pieceGradients: [(first: AlignedBuffer<Float>, second: AlignedBuffer<Float>)]
  /// For each thread, room for one piece of a minibatch's activations.
  let pieceActivations: [AlignedBuffer<Float>]

  /// Units per piece: a multiple of the kernels' noise block, as rows of any length then are.
  static let pieceWidth = Int(BBB_NOISE_BLOCK)
  /// Parameters per piece where a tensor is passed over as a whole.
  static let pieceLength = 128 * Int(BBB_NOISE_BLOCK)

  init(_ configuration: TrainingConfiguration, threadCount: Int) {
    self.configuration = configuration
    let count = configuration.layerSizes.count - 1
    layers = (0..<count).map {
      TrainedLayer(index: $0, configuration: configuration, isLast: $0 == count - 1)
    }
    let rows = configuration.minibatchSize
    input = AlignedBuffer(inNoiseBlocks: rows * configuration.layerSizes[0])
    target = AlignedBuffer(inNoiseBlocks: rows * configuration.targetCount)
    // More threads than pieces would only take memory.
    let mostPieces = layers.map { Self.pieces(max($0.inputCount, $0.outputCount)) }.max() ?? 1
    self.threadCount = MatrixProduct.threadCount(upTo: min(threadCount, mostPieces))
    let widest = layers.map(\.inputCount).max() ?? 1
    let isLocal = layers.contains { $0.local != nil }
    pieceGradients = (0..<self.threadCount).map { _ in
      (
        AlignedBuffer(inNoiseBlocks: Self.pieceWidth * widest),
        AlignedBuffer(inNoiseBlocks: isLocal ? Self.pieceWidth * widest : 0)
      )
    }
    pieceActivations = (0..<self.threadCount).map { _ in
      AlignedBuffer(inNoiseBlocks: rows * Self.pieceWidth)
    }
    initialiseMeans()
    refreshVariances()
  }

  /// The parameter tensors: weight, bias, weight, bias and so on.
  var tensors: [ParameterTensor] { layers.flatMap(\.tensors) }

  /// What a layer reads: the minibatch, or the outputs of the layer before.
  func input(ofLayer index: Int) -> AlignedBuffer<Float> {
    index == 0 ? input : layers[index - 1].output
  }

  /// Shares out numbered pieces of work among the threads; see ``performConcurrently(pieceCount:threadCount:_:)``.
  func share(_ pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void) {
    performConcurrently(pieceCount: pieceCount, threadCount: threadCount, body)
  }

  /// Weights start as N(0, scale² · 2 / inputs), biases at zero.
  private func initialiseMeans() {
    for layer in layers {
      let tensor = layer.weight
      let deviation = Float(
        configuration.initialMeanScale * (2 / Double(layer.inputCount)).squareRoot())
      bbb_standard_normals(
        instructionSet,
        NoiseStream.initialMeans(tensor: tensor.index).key(seed: configuration.seed),
        0, tensor.count, tensor.mean.start)
      tensor.mean.values = tensor.mean.values.map { $0 * deviation }
    }
  }

  /// Calls `body` with every run of at most `pieceLength` parameters of every tensor, in parallel.
  func forEachRun(
    _ body: @Sendable (_ tensor: ParameterTensor, _ start: Int, _ count: Int) -> Void
  ) {
    let runs = tensors.flatMap { tensor in
      stride(from: 0, to: tensor.count, by: Self.pieceLength).map { (tensor, $0) }
    }
    share(runs.count) { piece, _ in
      let (tensor, start) = runs[piece]
      body(tensor, start, min(Self.pieceLength, tensor.count - start))
    }
  }

  /// Draws all weights, where whole weights are drawn.
  func drawWeights(step: Int, draw: Int = 0) {
    let set = instructionSet
    let seed = configuration.seed
    forEachRun { tensor, start, count in
      guard let rho = tensor.rho, let target = tensor.draw else { return }
      let key = NoiseStream.weights(tensor: tensor.index).key(seed: seed, step: step, draw: draw)
      bbb_draw_weights(
        set, key, tensor.mean.start, rho.start, start, count, target.start)
    }
  }

  /// Draws all weights for a prediction; of a point estimate there is one value for each.
  ///
  /// - Parameters:
  ///   - draw: Which of several draws.
  ///   - step: The number of steps done.
  ///   - targets: For every tensor, where the weights go.
  func drawWeights(forPrediction draw: Int, step: Int, into targets: [AlignedBuffer<Float>]) {
    let set = instructionSet
    let seed = configuration.seed
    forEachRun { tensor, start, count in
      let target = targets[tensor.index].start
      guard let rho = tensor.rho else {
        (target + start).update(from: tensor.mean.start + start, count: count)
        return
      }
      let key = NoiseStream.prediction(tensor: tensor.index)
        .key(seed: seed, step: step, draw: draw)
      bbb_draw_weights(set, key, tensor.mean.start, rho.start, start, count, target)
    }
  }

  /// Computes the variances from ρ, where they are kept.
  func refreshVariances() {
    let set = instructionSet
    forEachRun { tensor, start, count in
      guard let rho = tensor.rho, let variance = tensor.variance else { return }
      bbb_variances(set, rho.start, start, count, variance.start)
    }
  }
}
