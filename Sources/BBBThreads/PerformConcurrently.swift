import CBBBThreads

/// Runs numbered pieces of work on several threads, and returns when all are done.
///
/// The calling thread takes part, and does everything if the system makes no other thread. (Dispatch waits
/// for its threads instead, for ever if they cannot be made.)
///
/// - Parameters:
///   - iterations: How many pieces there are.
///   - body: Does the piece of a number, from 0; called once for each, from any thread.
package func performConcurrently(iterations: Int, _ body: @Sendable (Int) -> Void) {
  guard iterations > 1 else {
    if iterations == 1 { body(0) }
    return
  }
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { pointer in
      // SAFETY: every call has returned before this one does, and so before the closure ends.
      bbb_run_concurrently(iterations, UnsafeMutableRawPointer(mutating: pointer)) {
        context, index in
        context?.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(index)
      }
    }
  }
}

/// Whether the system makes more threads at this moment.
///
/// - Parameter count: How many are needed at the same time; at most 64.
/// - Returns: Whether that many could be made; they have ended.
package func canMakeThreads(_ count: Int) -> Bool { bbb_can_make_threads(Int32(count)) }
