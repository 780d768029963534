import Synchronization

/// Computes `count` values on several threads, each thread taking the next one that nobody has begun.
///
/// - Parameters:
///   - count: How many values.
///   - threadCount: How many threads may work at the same time; below 1 is 1.
///   - transform: Computes one value from its index.
/// - Returns: The values, by index.
package func parallelMap<Value: Sendable>(
  count: Int, threadCount: Int, _ transform: @Sendable (Int) -> Value
) -> [Value] {
  let results = Mutex([Value?](repeating: nil, count: count))
  performConcurrently(pieceCount: count, threadCount: threadCount) { index, _ in
    let value = transform(index)
    results.withLock { $0[index] = value }
  }
  return results.withLock { $0.compactMap(\.self) }
}
