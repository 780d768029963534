import Foundation
import Synchronization

/// One line on standard error that tells how far the work is and how long it will still take.
///
/// On a terminal the line is rewritten in place; elsewhere nothing is shown until the work has taken
/// a while, and then a line at most every few seconds.
final class ProgressLine: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant
    var hasLine = false
  }

  private let label: String
  private let start = ContinuousClock.now
  private let isTerminal = StandardError.isTerminal
  private let state: Mutex<State>

  init(_ label: String) {
    self.label = label
    state = Mutex(State(lastShown: start))
  }

  /// Shows the fraction done, 0…1, if it is time to.
  func update(_ fraction: Double) {
    let now = ContinuousClock.now
    state.withLock { state in
      guard now - state.lastShown >= (isTerminal ? .milliseconds(100) : .seconds(5)) else {
        return
      }
      state.lastShown = now
      let elapsed = (now - start) / .seconds(1)
      let left = elapsed / max(fraction, 0.001) * (1 - fraction)
      let text = "\(label): \(Int(fraction * 100)) %, \(DurationText.short(left)) left"
      StandardError.write(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
      state.hasLine = isTerminal
    }
  }

  /// Clears the line.
  func finish() {
    state.withLock { state in
      if state.hasLine { StandardError.write("\r\u{1B}[K") }
      state.hasLine = false
    }
  }
}
