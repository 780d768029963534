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
    self.message = Self.printable(message)
  }

  private static func printable(_ message: String) -> String {
    var printable = String.UnicodeScalarView()
    for scalar in message.unicodeScalars.prefix(2000) {
      printable.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return String(printable)
  }
}

extension TensorFileError: CustomStringConvertible {
  /// One sentence: the path, then the message.
  public var description: String { "\(path): \(message)" }
}
