/// Why nodes do not form a network, or a text does not describe one.
public struct NetworkError: Error, Equatable, Sendable {
  /// The kind of failure.
  public enum Code: Equatable, Sendable {
    /// The text does not follow the grammar.
    case syntax
    /// A node cannot read what it is to read.
    case mismatched
    /// The nodes are no graph of one input and one output.
    case structure
  }

  /// The kind of failure.
  public var code: Code
  /// Where in the text, such as `line 3`, or which node; empty if neither says more.
  public var place: String
  /// What is wrong, and the remedy, without the place.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, at place: String = "", _ message: String) {
    self.code = code
    self.place = place
    self.message = message
  }
}

extension NetworkError: CustomStringConvertible {
  /// One sentence: the place, then the message.
  public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
