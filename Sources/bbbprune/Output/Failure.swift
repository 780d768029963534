import ArgumentParser
import BBBDatasets
import BBBInference
import BBBPosterior
import BBBPruning
import BBBTensors
import BBBTraining
import Foundation

/// An error as the user meets it: one sentence on standard error, and an exit code.
struct Failure {
  /// Exit codes after BSD's `sysexits.h`.
  enum Code: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case inputOutput = 74
  }

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
      Foundation.exit(Code.usage.rawValue)
    }
    guard let code else { BBBPruneCommand.exit(withError: error) }
    StandardError.writeText("error: \("\(error)".withoutControlCharacters)\n")
    Foundation.exit(code.rawValue)
  }

  /// The exit code of this package's own errors; `nil` for those of the argument parser.
  private var code: Code? {
    switch error {
    case let error as TensorFileError:
      switch error.code {
      case .inaccessible: .noInput
      case .unwritable: .inputOutput
      case .unknownFormat, .malformed, .unsupported: .badData
      }
    case let error as CompactModelError:
      switch error.code {
      case .inaccessible: .noInput
      case .invalidOption: .usage
      case .notACompactModel, .unsupportedVersion, .malformed, .notEncodable, .mismatched,
        .withoutUncertainty:
        .badData
      }
    case let error as DatasetError:
      switch error.code {
      case .inaccessible, .notFound: .noInput
      case .unwritable: .inputOutput
      case .unavailable: .unavailable
      case .malformed, .unsupported, .mismatched: .badData
      }
    case let error as PosteriorError: error.code == .invalidOption ? .usage : .badData
    case let error as PruningError:
      switch error {
      case .sparsityOutOfRange, .invalidOption: .usage
      case .notRunnable, .withoutUnits, .emptyLayer: .badData
      }
    case let error as TrainingError: error.code == .invalidConfiguration ? .usage : .badData
    case is OutputError: .inputOutput
    case is UnsuitableInputError: .badData
    default: nil
    }
  }
}

/// Output that could not be written.
struct OutputError: Error, CustomStringConvertible {
  let description: String
}

/// Input that is well-formed, but not what the command needs.
struct UnsuitableInputError: Error, CustomStringConvertible {
  let description: String
}
