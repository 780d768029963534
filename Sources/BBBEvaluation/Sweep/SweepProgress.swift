import Synchronization

/// How much of a sweep's work is done, told from any thread.
final class SweepProgress: Sendable {
  private let total: Double
  private let report: @Sendable (Double) -> Void
  private let done = Mutex(0.0)

  /// Begins with nothing done.
  ///
  /// - Parameters:
  ///   - total: All of the work, in any unit.
  ///   - report: Called with the fraction of it that is done, 0…1.
  init(total: Double, report: @escaping @Sendable (Double) -> Void) {
    self.total = total
    self.report = report
  }

  /// Adds work that is done.
  func advance(by work: Double) {
    let done = done.withLock { done in
      done += work
      return done
    }
    report(min(1, done / total))
  }
}
