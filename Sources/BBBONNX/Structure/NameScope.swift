/// What names mean inside a function or a branch: names of the whole graph, of which each is unique.
struct NameScope: Sendable {
  private enum Surroundings {
    /// Names that are not local are those of the graph.
    case graph
    /// Names that are not local do not exist.
    case function
  }

  private var names: [String: String] = [:]
  private var prefix = ""
  private var surroundings = Surroundings.graph

  /// The names of the graph itself.
  static let graph = NameScope()

  /// The names of a function's body.
  ///
  /// - Parameters:
  ///   - prefix: What tells this call from others.
  ///   - names: The names of the function's inputs and outputs, and what they are where it is called.
  /// - Returns: What the names of the body mean.
  static func function(prefix: String, names: [String: String]) -> NameScope {
    NameScope(names: names, prefix: prefix, surroundings: .function)
  }

  /// The names inside a branch, which sees those around it.
  func branch(prefix: String, locals: some Sequence<String>) -> NameScope {
    var scope = self
    scope.prefix = prefix
    for local in locals where !local.isEmpty { scope.names[local] = prefix + local }
    return scope
  }

  /// What a name means; no name stays none.
  func name(_ name: String) -> String {
    if name.isEmpty { return "" }
    if let name = names[name] { return name }
    return surroundings == .graph ? name : prefix + name
  }
}
