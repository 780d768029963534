import CBBBKernels

/// Who draws random numbers, in any module: no two purposes share a stream.
package enum NoiseStream: Sendable {
  /// The weights of one tensor of the network; every tensor has its own number.
  case weights(tensor: Int)
  /// The inputs of a layer's units, under the local reparametrisation.
  case preactivations(layer: Int)
  /// The initial means of a tensor.
  case initialMeans(tensor: Int)
  /// Which inputs of a layer are left out.
  case dropout(layer: Int)
  /// The order of the examples in an epoch.
  case order
  /// Which examples are kept for validation.
  case validation
  /// The weights with which the complexity cost is reported.
  case report(tensor: Int)
  /// The weights of a tensor with which a network predicts: in training by the step, and else at step 0.
  case prediction(tensor: Int)
  /// Examples that stand in for inputs that are not at hand.
  case inputs

  /// The key of the stream's numbers.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - step: When: a step or an epoch.
  ///   - draw: Which of several draws at that time.
  /// - Returns: The key.
  package func key(seed: UInt64, step: Int = 0, draw: Int = 0) -> bbb_noise_key {
    bbb_noise_key(
      seed: seed, stream: number, step: UInt32(truncatingIfNeeded: step),
      draw: UInt32(truncatingIfNeeded: draw))
  }

  private var number: UInt32 {
    let (purpose, index) =
      switch self {
      case .weights(let tensor): (0, tensor)
      case .preactivations(let layer): (1, layer)
      case .initialMeans(let tensor): (2, tensor)
      case .dropout(let layer): (3, layer)
      case .order: (4, 0)
      case .validation: (5, 0)
      case .report(let tensor): (6, tensor)
      case .prediction(let tensor): (7, tensor)
      case .inputs: (8, 0)
      }
    return UInt32(purpose) << 24 | UInt32(index)
  }
}
