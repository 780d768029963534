/// One of the ways to fail that a type of error tells apart.
public protocol ErrorCode: Equatable, Sendable {
  /// What kind of failure it is.
  var kind: ErrorKind { get }
}
