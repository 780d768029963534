/// What went wrong, where, and what the user can do about it: the shape of every error that this package throws.
///
/// Callers tell what happened by the code, which each type has its own of; a program that only reports it needs no more
/// than the code's kind, and the sentence.
public protocol CodedError: Error, Equatable, CustomStringConvertible {
  /// The ways to fail that this type tells apart.
  associatedtype Code: ErrorCode

  /// Which of them it is.
  var code: Code { get }
  /// The file, as the user named it; empty for what is in memory.
  var path: String { get set }
  /// What is wrong, where, and the remedy, without the path.
  ///
  /// Names in it come from files: control characters in them are replaced, so that they can neither break the line nor
  /// steer the terminal, and an endless message is cut.
  var message: String { get }
}

extension CodedError {
  /// One sentence: the path, if there is one, then the message.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  /// The same error, said of a file: what failed in memory does not know where it came from.
  ///
  /// - Parameter path: The file, as the user named it.
  /// - Returns: The error with that path, unless it has one.
  package func located(in path: String) -> Self {
    guard self.path.isEmpty else { return self }
    var error = self
    error.path = path
    return error
  }
}
