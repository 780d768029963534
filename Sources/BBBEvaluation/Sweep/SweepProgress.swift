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

  /// A part of the work that tells itself how much of it is done.
  ///
  /// - Parameter work: How much it is.
  /// - Returns: The part, of which nothing is done.
  func step(of work: Double) -> Step { Step(self, work) }

  /// A part of the work.
  final class Step: Sendable {
    private let whole: SweepProgress
    private let work: Double
    private let fraction = Mutex(0.0)

    fileprivate init(_ whole: SweepProgress, _ work: Double) {
      self.whole = whole
      self.work = work
    }

    /// Says how much of the part is done; less than was said before changes nothing.
    ///
    /// - Parameter fraction: 0…1.
    func advance(to fraction: Double) {
      let rise = self.fraction.withLock { done in
        let rise = max(0, fraction - done)
        done += rise
        return rise
      }
      whole.advance(by: work * rise)
    }
  }
}
