/// Why no network is known that runs a posterior's parameters.
public struct NetworkObstacle: Error, Equatable, Sendable {
  /// The reason, and what can be done about it, as a sentence.
  public let reason: String
}
