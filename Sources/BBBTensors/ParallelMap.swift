import BBBThreads
import Synchronization

/// Computes `count` values on several threads, each thread taking the next one that nobody has begun.
///
/// - Parameters:
///   - count: How many values.
///   - threadCount: How many threads, at least one.
///   - transform: Computes one value from its index.
/// - Returns: The values, by index.
package func parallelMap<Value: Sendable>(
  count: Int, threadCount: Int, _ transform: @Sendable (Int) -> Value
) -> [Value] {
  let next = Mutex(0)
  let results = Mutex([Value?](repeating: nil, count: count))
  performConcurrently(iterations: max(1, min(threadCount, count))) { _ in
    while true {
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      guard index < count else { return }
      let value = transform(index)
      results.withLock { $0[index] = value }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
