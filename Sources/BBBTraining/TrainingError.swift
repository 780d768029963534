/// Why a training run cannot begin or go on, and what the user can do about it.
public struct TrainingError: Error, Equatable, Sendable {
  /// The kind of failure.
  public enum Code: Equatable, Sendable {
    /// A setting makes no sense, or does not fit the examples.
    case invalidConfiguration
    /// The cost or a parameter is no longer a finite number.
    case diverged
    /// The library for matrix products is not installed.
    case missingLibrary
    /// A saved run does not fit what is asked of it.
    case notResumable
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, where, and the remedy.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What is wrong, where, and the remedy.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension TrainingError: CustomStringConvertible {
  /// One sentence.
  public var description: String { message }
}
