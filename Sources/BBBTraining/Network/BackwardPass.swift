import BBBKernels
import CBBBKernels

extension TrainedNetwork {
  /// Takes the cost's gradient with respect to the last layer's outputs back through the network,
  /// and hands every piece of the parameters' gradient to `consume` as soon as it is known.
  ///
  /// - Parameters:
  ///   - rows: The number of examples in the minibatch.
  ///   - consume: Is called for runs of parameters, in parallel, after the layer's weights have been
  ///     used for the last time. `first` is the gradient with respect to the weights used, from
  ///     element `start` on, or to the means; `second`, under the local reparametrisation, that with
  ///     respect to the variances.
  func backward(
    rows: Int,
    consume:
      @Sendable (
        _ tensor: ParameterTensor, _ start: Int, _ count: Int,
        _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>?
      ) -> Void
  ) {
    for index in layers.indices.reversed() {
      let layer = layers[index]
      if let local = layer.local {
        multiply(layer.delta, by: local.slope, into: local.delta, rows: rows)
      }
      if index > 0 { propagate(from: index, rows: rows) }
      let source = input(ofLayer: index)
      share(Self.pieces(layer.outputCount)) { piece, worker in
        let first = piece * Self.pieceWidth
        let count = min(Self.pieceWidth, layer.outputCount - first)
        let gradients = pieceGradients[worker]
        parameterGradient(
          layer, delta: layer.delta, input: source, rows: rows, first: first, count: count,
          into: gradients.first)
        if let local = layer.local {
          parameterGradient(
            layer, delta: local.delta, input: local.squaredInput, rows: rows, first: first,
            count: count, into: gradients.second)
        }
        let isLocal = layer.local != nil
        consume(
          layer.weight, first * layer.inputCount, count * layer.inputCount, gradients.first.start,
          isLocal ? gradients.second.start : nil)
        sumRows(
          layer.delta, of: layer, rows: rows, first: first, count: count, into: gradients.first)
        if let local = layer.local {
          sumRows(
            local.delta, of: layer, rows: rows, first: first, count: count, into: gradients.second)
        }
        consume(
          layer.bias, first, count, gradients.first.start,
          isLocal ? gradients.second.start : nil)
      }
    }
  }

  /// deltaᵀ · input, for the units `first` ..< `first + count`.
  private func parameterGradient(
    _ layer: TrainedLayer, delta: AlignedBuffer<Float>, input: AlignedBuffer<Float>, rows: Int,
    first: Int,
    count: Int, into gradient: AlignedBuffer<Float>
  ) {
    MatrixProduct.multiply(
      .init(start: delta.start + first, stride: layer.outputCount, isTransposed: true),
      by: .init(start: input.start, stride: layer.inputCount),
      into: .init(start: gradient.start, stride: layer.inputCount), rows: count,
      columns: layer.inputCount, depth: rows)
  }

  private func sumRows(
    _ delta: AlignedBuffer<Float>, of layer: TrainedLayer, rows: Int, first: Int, count: Int,
    into sums: AlignedBuffer<Float>
  ) {
    for unit in 0..<count { sums.start[unit] = 0 }
    for row in 0..<rows {
      let values = delta.start + row * layer.outputCount + first
      for unit in 0..<count { sums.start[unit] += values[unit] }
    }
  }

  private func multiply(
    _ left: AlignedBuffer<Float>, by right: AlignedBuffer<Float>,
    into product: AlignedBuffer<Float>, rows: Int
  ) {
    let count = left.count / configuration.minibatchSize * rows
    share(Self.pieces(count, of: Self.pieceLength)) { piece, _ in
      for i in piece * Self.pieceLength..<min(count, (piece + 1) * Self.pieceLength) {
        product.start[i] = left.start[i] * right.start[i]
      }
    }
  }

  /// Computes the delta of the layer before from that of a layer.
  private func propagate(from index: Int, rows: Int) {
    let layer = layers[index]
    let before = layers[index - 1]
    let width = before.outputCount
    // A unit that was left out has output 0, like one that was rectified.
    let scale = hiddenScale
    share(Self.pieces(width)) { piece, worker in
      let first = piece * Self.pieceWidth
      let count = min(Self.pieceWidth, width - first)
      // SAFETY: each piece writes its own columns of the delta only.
      MatrixProduct.multiply(
        .init(start: layer.delta.start, stride: layer.outputCount),
        by: .init(start: layer.weight.current.start + first, stride: width),
        into: .init(start: before.delta.start + first, stride: width), rows: rows, columns: count,
        depth: layer.outputCount)
      let throughVariance = pieceActivations[worker].start
      if let local = layer.local, let variance = layer.weight.variance {
        MatrixProduct.multiply(
          .init(start: local.delta.start, stride: layer.outputCount),
          by: .init(start: variance.start + first, stride: width),
          into: .init(start: throughVariance, stride: count), rows: rows, columns: count,
          depth: layer.outputCount)
      }
      for row in 0..<rows {
        let delta = before.delta.start + row * width + first
        let output = before.output.start + row * width + first
        if layer.local != nil {
          let more = throughVariance + row * count
          for unit in 0..<count { delta[unit] += 2 * output[unit] * more[unit] }
        }
        for unit in 0..<count {
          // Computed in any case, so that there is no branch.
          let value = delta[unit] * scale
          delta[unit] = output[unit] == 0 ? 0 : value
        }
      }
    }
  }

  private var hiddenScale: Float {
    guard case .pointEstimate(let settings) = configuration.method else { return 1 }
    return Float(1 / (1 - settings.hiddenDropout))
  }
}
