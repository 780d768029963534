import CBBBKernels

/// Who draws random numbers: no two purposes share a stream.
enum NoiseStream {
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
  /// The weights of a tensor with which a network predicts between steps.
  case prediction(tensor: Int)

  /// The key of the stream's numbers.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - step: When: a step or an epoch.
  ///   - draw: Which of several draws at that time.
  /// - Returns: The key.
  func key(seed: UInt64, step: Int = 0, draw: Int = 0) -> bbb_noise_key {
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
      }
    return UInt32(purpose) << 24 | UInt32(index)
  }
}

/// A random order, from a stream of random words (Fisher and Yates).
enum Permutation {
  /// - Returns: The numbers 0 ..< `count` in an order that depends on the key only.
  static func make(count: Int, key: bbb_noise_key) -> [Int32] {
    let counters = (count + 3) / 4
    let padded = (counters + 31) / 32 * 32
    var words = [UInt32](repeating: 0, count: padded * 4)
    bbb_random_words(bbb_best_instruction_set(), key, padded, &words)
    var order = (0..<Int32(count)).map { $0 }
    for last in stride(from: count - 1, to: 0, by: -1) {
      // The high half of a 32 × 32-bit product: uniform up to 2⁻³² × count.
      let other = Int((UInt64(words[last]) * UInt64(last + 1)) >> 32)
      order.swapAt(last, other)
    }
    return order
  }
}
