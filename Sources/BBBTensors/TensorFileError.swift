import BBBErrors

/// What is wrong with a tensor file, where, and what the user can do about it.
public struct TensorFileError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// The file does not exist or cannot be opened or read.
    case inaccessible
    /// The file cannot be written.
    case unwritable
    /// The file is of no known format.
    case unknownFormat
    /// The file breaks a rule of its format.
    case malformed
    /// The file is well formed but holds something this library refuses, such as a pickled module.
    case unsupported

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .inaccessible: .missingInput
      case .unwritable: .output
      case .unknownFormat, .malformed, .unsupported: .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file, as the user named it.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file, as the user named it.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }

  /// The error that a file breaks a rule of its format in a way that only saving it anew can mend.
  static func damaged(path: String, _ what: String) -> TensorFileError {
    TensorFileError(.malformed, path: path, what + "; the file is damaged, save it again")
  }
}
