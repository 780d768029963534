import BBBKernels
import CBBBKernels

/// How a forward pass uses the parameters.
enum PassMode: Sendable {
  /// The means, without noise: the posterior-mean prediction.
  case mean
  /// The current draw, or the local reparametrisation's noise of a step; dropout where configured.
  case training(step: Int)
  /// Weights drawn for a prediction, by the tensors' indices.
  case drawn([AlignedBuffer<Float>])
}

extension TrainedNetwork {
  /// Computes the outputs of all layers for the first `rows` rows of `input`.
  func forward(rows: Int, mode: PassMode) {
    if case .training(let step) = mode { dropInputs(rows: rows, step: step) }
    for index in layers.indices { forward(layer: index, rows: rows, mode: mode) }
  }

  private func forward(layer index: Int, rows: Int, mode: PassMode) {
    let layer = layers[index]
    let source = input(ofLayer: index)
    let width = layer.outputCount
    var local: TrainedLayer.Local?
    var weights = layer.weight.mean
    var biases = layer.bias.mean
    var dropout: (probability: Double, step: Int)?
    switch mode {
    case .mean: break
    case .drawn(let draws):
      weights = draws[layer.weight.index]
      biases = draws[layer.bias.index]
    case .training(let step):
      weights = layer.weight.current
      biases = layer.bias.current
      local = layer.local
      if let local { square(source, into: local.squaredInput, count: rows * layer.inputCount) }
      if case .pointEstimate(let settings) = configuration.method, layer.rectifies,
        settings.hiddenDropout > 0
      {
        dropout = (settings.hiddenDropout, step)
      }
    }
    share(Self.pieces(width)) { [weights, biases, local, dropout] piece, worker in
      let first = piece * Self.pieceWidth
      let count = min(Self.pieceWidth, width - first)
      // SAFETY: each piece writes its own columns of the outputs only.
      MatrixProduct.multiply(
        .init(start: source.start, stride: layer.inputCount),
        by: .init(
          start: weights.start + first * layer.inputCount, stride: layer.inputCount,
          isTransposed: true),
        into: .init(start: layer.output.start + first, stride: width),
        rows: rows, columns: count, depth: layer.inputCount)
      for row in 0..<rows {
        let output = layer.output.start + row * width + first
        for unit in 0..<count { output[unit] += biases.start[first + unit] }
      }
      if let local, case .training(let step) = mode {
        addNoise(
          layer: index, local, rows: rows, first: first, count: count, step: step, worker: worker)
      }
      if layer.rectifies {
        for row in 0..<rows {
          let output = layer.output.start + row * width + first
          // A comparison that keeps NaN, so that a diverging run is noticed.
          for unit in 0..<count { output[unit] = output[unit] < 0 ? 0 : output[unit] }
        }
      }
      if let dropout {
        drop(
          layer.output, rows: rows, width: width, first: first, count: count,
          probability: dropout.probability, layer: index + 1, step: dropout.step)
      }
    }
  }

  /// Adds √v ζ to a piece of a layer's outputs, and leaves ζ / (2√v) for the way back.
  private func addNoise(
    layer index: Int, _ local: TrainedLayer.Local, rows: Int, first: Int, count: Int, step: Int,
    worker: Int
  ) {
    let layer = layers[index]
    guard let weightVariance = layer.weight.variance, let biasVariance = layer.bias.variance else {
      return
    }
    let width = layer.outputCount
    MatrixProduct.multiply(
      .init(start: local.squaredInput.start, stride: layer.inputCount),
      by: .init(
        start: weightVariance.start + first * layer.inputCount, stride: layer.inputCount,
        isTransposed: true),
      into: .init(start: local.slope.start + first, stride: width),
      rows: rows, columns: count, depth: layer.inputCount)
    let key = NoiseStream.preactivations(layer: index).key(seed: configuration.seed, step: step)
    let rowLength = Self.pieces(width) * Self.pieceWidth
    let noise = pieceActivations[worker].start
    for row in 0..<rows {
      bbb_standard_normals(instructionSet, key, row * rowLength + first, Self.pieceWidth, noise)
      let output = layer.output.start + row * width + first
      let slope = local.slope.start + row * width + first
      for unit in 0..<count {
        let deviation = (slope[unit] + biasVariance.start[first + unit]).squareRoot()
        output[unit] += deviation * noise[unit]
        // Variances can only vanish by underflow; there is no noise to learn from then.
        slope[unit] = deviation > 0 ? noise[unit] / (2 * deviation) : 0
      }
    }
  }

  private func square(_ source: AlignedBuffer<Float>, into target: AlignedBuffer<Float>, count: Int)
  {
    share(Self.pieces(count, of: Self.pieceLength)) { piece, _ in
      for i in piece * Self.pieceLength..<min(count, (piece + 1) * Self.pieceLength) {
        target.start[i] = source.start[i] * source.start[i]
      }
    }
  }

  /// Leaves out inputs of the network, where the configuration asks for it.
  private func dropInputs(rows: Int, step: Int) {
    guard case .pointEstimate(let settings) = configuration.method, settings.inputDropout > 0
    else { return }
    let width = configuration.layerSizes[0]
    share(Self.pieces(width)) { piece, _ in
      let first = piece * Self.pieceWidth
      drop(
        input, rows: rows, width: width, first: first, count: min(Self.pieceWidth, width - first),
        probability: settings.inputDropout, layer: 0, step: step)
    }
  }

  /// Sets each value to zero with a probability, and scales the others so that the mean stays.
  private func drop(
    _ buffer: AlignedBuffer<Float>, rows: Int, width: Int, first: Int, count: Int,
    probability: Double,
    layer: Int, step: Int
  ) {
    let scale = Float(1 / (1 - probability))
    let threshold = UInt32(probability * 0x1p32)
    let piece = first / Self.pieceWidth
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.pieceWidth) { words in
      guard let base = words.baseAddress else { return }
      for row in 0..<rows {
        let key = NoiseStream.dropout(layer: layer).key(
          seed: configuration.seed, step: step, draw: row << 16 | piece)
        bbb_random_words(instructionSet, key, Self.pieceWidth / 4, base)
        let values = buffer.start + row * width + first
        for unit in 0..<count {
          values[unit] = words[unit] < threshold ? 0 : values[unit] * scale
        }
      }
    }
  }

  /// The number of pieces that `count` units, or elements, are cut into.
  static func pieces(_ count: Int, of width: Int = pieceWidth) -> Int {
    (count + width - 1) / width
  }
}
