/// A node after functions were put in the place of their calls; its names are those of the graph.
struct FlatNode: Sendable {
  /// A graph that is an attribute of a node.
  struct Branch: Sendable {
    let graph: Onnx_GraphProto
    /// What names mean around it.
    let scope: NameScope
  }

  /// The name of the node in the file; may be empty.
  let name: String
  let operatorType: String
  /// The domain of the operator; empty for the standard one.
  let domain: String
  /// The values that are read; empty where an optional one is not given.
  let inputs: [String]
  /// The values that are made; empty where one is not wanted.
  let outputs: [String]
  let attributes: ONNXAttributes
  let branches: [String: Branch]
  let metadata: [String: String]

  /// The node, for messages.
  var place: String { Self.place(name: name, operatorType: operatorType, outputs: outputs) }

  /// A node, for messages: by its name, or by what it makes.
  static func place(name: String, operatorType: String, outputs: [String]) -> String {
    let node = name.isEmpty ? "the node of \"\(outputs.first ?? "")\"" : "node \"\(name)\""
    return "\(node) (\(operatorType))"
  }

  /// The values that must be known before the node: its inputs, and what its branches see.
  var dependencies: [String] {
    var names = inputs.filter { !$0.isEmpty }
    for (_, branch) in branches.sorted(by: { $0.key < $1.key }) {
      names += branch.graph.freeNames.map(branch.scope.name)
    }
    return names
  }
}

extension Onnx_GraphProto {
  /// The names that are defined in a branch.
  var localNames: Set<String> {
    var names = Set(node.flatMap(\.output))
    names.formUnion(initializer.map(\.name))
    names.formUnion(sparseInitializer.map(\.values.name))
    names.formUnion(input.map(\.name))
    return names
  }

  /// The names that a branch reads from around it.
  fileprivate var freeNames: [String] {
    let locals = localNames
    var names = node.flatMap(\.input) + output.map(\.name)
    for attribute in node.flatMap(\.attribute) where attribute.hasG {
      names += attribute.g.freeNames
    }
    return names.filter { !$0.isEmpty && !locals.contains($0) }
  }
}
