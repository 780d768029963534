import BBBKernels

/// How a forward pass uses the parameters.
enum PassMode: Sendable {
  /// The means, without noise: the posterior-mean prediction.
  case mean
  /// The current draw, or the local reparametrisation's noise of a step; dropout where configured.
  case training(step: Int)
  /// Weights drawn for a prediction, by the tensors' numbers.
  case drawn([AlignedBuffer<Float>])

  /// The step; `nil` if the pass is no part of one.
  var step: Int? { if case .training(let step) = self { step } else { nil } }
}

extension TrainedNetwork {
  /// Is told of runs of parameters whose gradient is known, in parallel, after the node's weights have been used for the
  /// last time.
  ///
  /// `first` is the gradient with respect to the weights used, from element `start` on, or to the means; `second`, under
  /// the local reparametrisation, that with respect to the variances.
  typealias GradientConsumer =
    @Sendable (
      _ tensor: ParameterTensor, _ start: Int, _ count: Int,
      _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>?
    ) -> Void

  /// Computes all values for the first `rows` rows of `input`.
  func forward(rows: Int, mode: PassMode) {
    if let step = mode.step { dropInputs(rows: rows, step: step) }
    for node in nodes {
      switch node.operation {
      case .matrix(let matrix): forward(matrix, node, rows: rows, mode)
      case .sum: forwardSum(node, rows: rows, mode)
      case .concatenation: forwardConcatenation(node, rows: rows, mode)
      }
    }
  }

  /// Takes the cost's gradient with respect to the output back through the network.
  ///
  /// - Parameters:
  ///   - rows: The number of examples in the minibatch.
  ///   - consume: Is handed every piece of the parameters' gradient as soon as it is known.
  func backward(rows: Int, consume: GradientConsumer) {
    if output.activation != .none {
      share(width: output.width) { first, count, _ in
        finishGradient(of: output, rows: rows, first: first, count: count)
      }
    }
    for node in nodes.reversed() {
      switch node.operation {
      case .matrix(let matrix): backward(matrix, node, rows: rows, consume)
      case .sum: backwardSum(node, rows: rows)
      case .concatenation: backwardConcatenation(node, rows: rows)
      }
    }
  }
}
