import BBBTensors
import Dispatch
import Foundation
import Synchronization

/// What happens on Ctrl-C and on a request to end: no temporary file is left behind.
enum Interruption {
  private struct State {
    var isDeferred = false
    var received: Int32?
  }

  private static let signals = [SIGINT, SIGTERM]
  private static let state = Mutex(State())

  /// Starts to listen; the process still ends by the signal, as shells expect.
  static func handle() -> [any DispatchSourceSignal] {
    // A queue of its own: the others may be busy with work for as long as it takes.
    let queue = DispatchQueue(label: "interruption", qos: .userInteractive)
    return signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { receive(number) }
      source.resume()
      return source
    }
  }

  /// Runs work that looks at ``received`` now and then, and ends by itself; a second signal ends the
  /// process all the same.
  static func deferred<Result>(during work: () throws -> Result) rethrows -> Result {
    state.withLock { $0.isDeferred = true }
    defer { state.withLock { $0.isDeferred = false } }
    return try work()
  }

  /// The signal that deferred work has to end for, if one has come.
  static var received: Int32? { state.withLock { $0.received } }

  private static func receive(_ number: Int32) {
    let isForLater = state.withLock { state in
      guard state.isDeferred, state.received == nil else { return false }
      state.received = number
      return true
    }
    if !isForLater { end(by: number) }
  }

  /// Ends the process by a signal.
  static func end(by number: Int32) -> Never {
    OutputFile.removeTemporaryFiles()
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    kill(getpid(), number)
    // Not reached unless the system holds the signal back; what shells make of it then.
    exit(128 + number)
  }
}
