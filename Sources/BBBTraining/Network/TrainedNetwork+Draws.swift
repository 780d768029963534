import BBBKernels
import CBBBKernels

extension TrainedNetwork {
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
      let key = NoiseStream.weights(tensor: tensor.number).key(seed: seed, step: step, draw: draw)
      bbb_draw_weights(
        set, key, tensor.mean.start, rho.start, start, count, target.start)
    }
  }

  /// Room for the weights of a prediction, by the tensors' numbers.
  func predictionWeights() -> [AlignedBuffer<Float>] {
    matrices.flatMap { matrix, _ in
      [matrix.weight.count, matrix.bias?.count ?? 0].map { AlignedBuffer(inNoiseBlocks: $0) }
    }
  }

  /// Draws all weights for a prediction; of a point estimate there is one value for each.
  ///
  /// - Parameters:
  ///   - draw: Which of several draws.
  ///   - step: The number of steps done.
  ///   - targets: Where the weights go, by the tensors' numbers.
  func drawWeights(forPrediction draw: Int, step: Int, into targets: [AlignedBuffer<Float>]) {
    let set = instructionSet
    let seed = configuration.seed
    forEachRun { tensor, start, count in
      let target = targets[tensor.number].start
      guard let rho = tensor.rho else {
        (target + start).update(from: tensor.mean.start + start, count: count)
        return
      }
      let key = NoiseStream.prediction(tensor: tensor.number)
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
