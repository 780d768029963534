import CBBBKernels

/// A random order, from a stream of random words (Fisher and Yates).
package enum Permutation {
  /// Makes one.
  ///
  /// - Parameters:
  ///   - count: How many numbers.
  ///   - key: What determines the order; see ``NoiseStream/key(seed:step:draw:)``.
  /// - Returns: The numbers 0 ..< `count` in that order.
  package static func make(count: Int, key: bbb_noise_key) -> [Int32] {
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
