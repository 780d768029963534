import CBBBThreads

/// Shares out numbered pieces of work among threads, and returns when all are done.
///
/// Each thread takes the next piece that nobody has begun. What a piece computes must depend on its number only; then
/// the result is the same for any number of threads. The calling thread takes part, and does everything if the system
/// makes no other thread. (Dispatch waits for its threads instead, for ever if they cannot be made.)
///
/// - Parameters:
///   - pieceCount: How many pieces there are.
///   - threadCount: How many threads may work at the same time; below 1 is 1.
///   - body: Does the piece of a number, from 0; called once for each, from any thread. No two pieces are done at
///     the same time with the same `worker`, a number below `threadCount`.
package func performConcurrently(
  pieceCount: Int, threadCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { pointer in
      // SAFETY: every call has returned before this one does, and so before the closure ends.
      bbb_run_concurrently(pieceCount, threadCount, UnsafeMutableRawPointer(mutating: pointer)) {
        context, piece, worker in
        context?.assumingMemoryBound(to: (@Sendable (Int, Int) -> Void).self).pointee(piece, worker)
      }
    }
  }
}

/// Whether the system makes more threads at this moment.
///
/// - Parameter count: How many are needed at the same time; at most 64.
/// - Returns: Whether that many could be made; they have ended.
package func canMakeThreads(_ count: Int) -> Bool { bbb_can_make_threads(Int32(count)) }
