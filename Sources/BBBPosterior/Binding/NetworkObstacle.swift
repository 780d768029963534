/// Why no network is known that runs a posterior's parameters: a clause of what errors and reports say.
public struct NetworkObstacle: Error, Equatable, Sendable {
  /// The reason, and what can be done about it, as a clause.
  public let reason: String
}
