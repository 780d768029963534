/// What is wrong with a tensor file, where, and what the user can do about it.
public struct TensorFileError: Error, Equatable, Sendable {
  /// The kind of failure.
  public enum Code: Equatable, Sendable {
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
  }

  /// The kind of failure.
  public var code: Code
  /// The file, as the user named it.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// Names in a message come from the file: control characters in them are replaced, so that they can
  /// neither break the line nor steer the terminal, and an endless message is cut.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
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

extension TensorFileError: CustomStringConvertible {
  /// One sentence: the path, if there is one, then the message.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
