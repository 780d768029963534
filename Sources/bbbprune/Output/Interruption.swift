import BBBTensors
import Dispatch
import Foundation

/// What happens on Ctrl-C and on a request to end: no temporary file is left behind.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM]

  /// Starts to listen; the process still ends by the signal, as shells expect.
  static func handle() -> [any DispatchSourceSignal] {
    signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        OutputFile.removeTemporaryFiles()
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      source.resume()
      return source
    }
  }
}
