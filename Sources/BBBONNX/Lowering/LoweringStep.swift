import BBBNetwork

/// A node of a graph that the output depends on, or several that are one function together.
struct LoweringStep {
  /// The node, or the last of several.
  let node: ONNXNode
  /// The value that it makes.
  let output: String
  /// What several nodes are together; `nil` for a node by itself.
  let function: GraphFunction?
  /// The values that it reads, without constants; one that is read twice is there twice.
  let reads: [String]
}

/// What leads from a graph's inputs to its outputs, in order of evaluation.
struct LoweringSteps {
  /// The steps; each reads inputs and what earlier ones make.
  let all: [LoweringStep]
  /// The outputs' names; one that is given twice is there twice.
  private let outputs: [String]
  /// The numbers of the steps that read a value, by its name.
  private let readers: [String: [Int]]

  /// Walks from the outputs back to the inputs; nodes that are not met are of no account.
  init(to outputs: [String], of graph: ONNXGraph) throws(ONNXError) {
    let patterns = GraphPatterns(graph)
    var numbers: [String: Int] = [:]
    for (number, node) in graph.nodes.enumerated() {
      for output in node.outputs.compactMap(\.self) { numbers[output] = number }
    }
    var found: [Int: LoweringStep] = [:]
    var names = outputs
    while let name = names.popLast() {
      guard let number = numbers[name], found[number] == nil else { continue }
      let node = graph.nodes[number]
      let step: LoweringStep
      if let (function, argument) = try patterns.function(endingIn: node) {
        step = LoweringStep(node: node, output: name, function: function, reads: [argument])
      } else {
        step = LoweringStep(
          node: node, output: name, function: nil,
          reads: node.inputs.compactMap(\.self).filter { graph.constants[$0] == nil })
      }
      found[number] = step
      names += step.reads
    }
    // Nodes of a graph stand behind those that they read from.
    all = found.sorted { $0.key < $1.key }.map(\.value)
    self.outputs = outputs
    readers = all.enumerated().reduce(into: [:]) { readers, step in
      for name in step.element.reads { readers[name, default: []].append(step.offset) }
    }
  }

  /// Whether a value is read once only; an output is read by whoever asks for it.
  func isReadOnce(_ name: String) -> Bool {
    (readers[name]?.count ?? 0) + outputs.count { $0 == name } == 1
  }

  /// Whether anything reads a value.
  func isRead(_ name: String) -> Bool { outputs.contains(name) || readers[name] != nil }

  /// Whether a value is the only output, or becomes it by a change of its shape alone.
  func isOutput(_ name: String) -> Bool {
    var name = name
    while isReadOnce(name) {
      if outputs == [name] { return true }
      guard let number = readers[name]?.first, all[number].node.changesShapeAlone else {
        return false
      }
      name = all[number].output
    }
    return false
  }
}

extension ONNXNode {
  /// Whether the node gives the elements that it reads, in their order.
  var changesShapeAlone: Bool {
    ["Flatten", "Reshape", "Squeeze", "Unsqueeze"].contains(operatorType)
  }

  /// The error that the node, or what it is told, is not run.
  func refusal(_ what: String, _ remedy: String) -> ONNXError {
    ONNXError(.unsupported, "\(place) \(what); \(remedy)")
  }
}
