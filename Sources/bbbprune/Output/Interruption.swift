import BBBTensors
import CBBBProcess

/// What happens on Ctrl-C and on a request to end: no temporary file is left behind.
enum Interruption {
  /// Starts to listen; the process still ends by the signal, as shells expect, or with a sentence if memory runs out.
  static func handle() {
    // Made ready now: a signal handler must not allocate.
    OutputFile.removeTemporaryFiles()
    bbb_set_clean_up { OutputFile.removeTemporaryFiles() }
    bbb_handle_interruptions()
  }

  /// Runs work that looks at ``received`` now and then, and ends by itself; a second signal ends the
  /// process all the same.
  static func deferred<Result>(during work: () throws -> Result) rethrows -> Result {
    bbb_defer_interruptions(true)
    defer { bbb_defer_interruptions(false) }
    return try work()
  }

  /// The signal that deferred work has to end for, if one has come.
  static var received: Int32? {
    let number = bbb_received_interruption()
    return number == 0 ? nil : number
  }

  /// Ends the process by a signal.
  static func end(by number: Int32) -> Never { bbb_end_by_signal(number) }
}
