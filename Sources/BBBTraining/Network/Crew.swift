import BBBThreads
import Synchronization

/// Threads that share out numbered pieces of work.
///
/// What a piece computes must depend on its number only; then the result is the same for any number
/// of threads.
final class Crew: Sendable {
  /// The number of threads.
  let count: Int
  private let next = Atomic<Int>(0)

  init(count: Int) {
    self.count = max(1, count)
  }

  /// Runs `body(piece, worker)` for every piece below `pieces`, and returns when all are done; no two
  /// pieces run at the same time with the same worker, a number below `count`.
  func share(_ pieces: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void) {
    guard count > 1, pieces > 1 else {
      for piece in 0..<pieces { body(piece, 0) }
      return
    }
    next.store(0, ordering: .relaxed)
    performConcurrently(iterations: min(count, pieces)) { worker in
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < pieces else { return }
        body(piece, worker)
      }
    }
  }
}
