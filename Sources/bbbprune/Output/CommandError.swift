import BBBErrors

/// Why a command cannot do with its files what it was asked to, and what the user can do about it.
struct CommandError: CodedError {
  /// What can go wrong.
  enum Code: ErrorCode {
    /// A file cannot be read.
    case inaccessible
    /// A file, a folder or standard output cannot be written.
    case unwritable
    /// A file is well formed, but not what the command needs.
    case unsuitable

    var kind: ErrorKind {
      switch self {
      case .inaccessible: .missingInput
      case .unwritable: .output
      case .unsuitable: .data
      }
    }
  }

  let code: Code
  var path: String
  let message: String

  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file, as the user named it; empty if it is none.
  ///   - message: What is wrong, where, and the remedy, without the path.
  init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}
