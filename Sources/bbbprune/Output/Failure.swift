import ArgumentParser
import BBBErrors
import Foundation

/// An error as the user meets it: one sentence on standard error, and an exit code.
struct Failure {
  private let error: any Error
  private let command: (any ParsableCommand.Type)?

  /// - Parameters:
  ///   - error: What went wrong.
  ///   - command: The command that ran, whose usage belongs to a mistake in it; `nil` before one did.
  init(_ error: any Error, of command: (any ParsableCommand.Type)? = nil) {
    self.error = error
    self.command = command
  }

  /// Prints the sentence and ends the process.
  func exit() -> Never {
    if let command, let mistake = error as? ValidationError {
      let usage = BBBPruneCommand.usageString(for: command)
      let name = usage.split(separator: " ").prefix { $0.first?.isLetter == true }
        .joined(separator: " ")
      StandardError.writeText(
        """
        Error: \(mistake.message)
        Usage: \(usage)
          See '\(name) --help' for more information.

        """)
      Foundation.exit(ErrorKind.usage.exitCode)
    }
    guard let error = error as? any CodedError else { BBBPruneCommand.exit(withError: error) }
    StandardError.writeText("error: \(error.description.withoutControlCharacters)\n")
    Foundation.exit(error.code.kind.exitCode)
  }
}

extension ErrorKind {
  /// The exit code, after BSD's `sysexits.h`.
  var exitCode: Int32 {
    switch self {
    case .usage: EX_USAGE
    case .data: EX_DATAERR
    case .missingInput: EX_NOINPUT
    case .unavailable: EX_UNAVAILABLE
    case .output: EX_IOERR
    }
  }
}
