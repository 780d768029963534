import BBBErrors

/// Why nodes do not form a network, or a text does not describe one.
public struct NetworkError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// The text does not follow the grammar.
    case syntax
    /// A node cannot read what it is to read.
    case mismatched
    /// The nodes are no graph of one input and one output.
    case structure

    /// What kind of failure it is.
    public var kind: ErrorKind { .data }
  }

  /// Which of them it is.
  public var code: Code
  /// The file that the text is from, as the user named it: set by whoever reads it, empty in memory.
  public var path = ""
  /// Where in the text, such as `line 3`, or which node; empty if neither says more.
  public var place: String
  /// What is wrong, and the remedy, without path and place.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, at place: String = "", _ message: String) {
    self.code = code
    self.place = place
    self.message = message.asMessage
  }

  /// One sentence: path and place, if there are any, then the message.
  public var description: String {
    [path, place, message].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
