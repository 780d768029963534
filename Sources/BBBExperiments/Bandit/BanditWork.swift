import Synchronization

extension BanditExperiment {
  /// What the threads that make the runs have in common: how far they are, and whether to stop.
  final class Work: Sendable {
    private struct State {
      var done = 0
      var isStopped = false
      var failure: (any Error)?
    }

    private let total: Int
    private let isCancelled: @Sendable () -> Bool
    private let report: @Sendable (Event) -> Void
    private let state = Mutex(State())

    init(
      total: Int, isCancelled: @escaping @Sendable () -> Bool,
      report: @escaping @Sendable (Event) -> Void
    ) {
      self.total = total
      self.isCancelled = isCancelled
      self.report = report
    }

    /// Whether the runs are to be saved and left.
    var isStopped: Bool {
      state.withLock { state in
        if isCancelled() { state.isStopped = true }
        return state.isStopped
      }
    }

    /// The first error.
    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Stops everything for an error.
    func fail(_ error: any Error) {
      state.withLock { state in
        state.isStopped = true
        if state.failure == nil { state.failure = error }
      }
    }

    /// Counts an interaction.
    func addInteraction() {
      state.withLock { state in
        state.done += 1
        report(.progress(Double(state.done) / Double(max(1, total))))
      }
    }

    /// Tells of an event, when no other is being told of.
    func tell(_ event: Event) {
      state.withLock { _ in report(event) }
    }
  }
}
