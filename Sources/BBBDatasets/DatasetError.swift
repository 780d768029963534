import BBBErrors

/// What is wrong with a dataset, where, and what the user can do about it.
public struct DatasetError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// None of the folders searched holds the dataset's files.
    case notFound
    /// A file cannot be opened or read.
    case inaccessible
    /// A file or folder cannot be written.
    case unwritable
    /// No mirror delivers a file.
    case unavailable
    /// The library that reads a file is not installed.
    case missingLibrary
    /// A file breaks a rule of its format.
    case malformed
    /// A file is well formed but holds something this library does not read.
    case unsupported
    /// The parts of a dataset contradict each other, or do not fit the network.
    case mismatched

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .notFound, .inaccessible: .missingInput
      case .unwritable: .output
      case .unavailable, .missingLibrary: .unavailable
      case .malformed, .unsupported, .mismatched: .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file, as the user named it, or the dataset's name; empty for answers in memory.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}
