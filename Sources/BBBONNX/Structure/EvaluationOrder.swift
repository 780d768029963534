/// Puts nodes into an order in which each comes behind those that it reads from.
struct EvaluationOrder {
  private enum Progress {
    case unseen
    case open
    case done
  }

  private let nodes: [FlatNode]
  /// For each node the nodes that it reads from.
  private let predecessors: [[Int]]
  private let producers: [String: Int]

  /// Looks up which node makes which value.
  ///
  /// - Parameters:
  ///   - nodes: The nodes in any order.
  ///   - isGiven: Whether a value is there without them.
  /// - Throws: ``ONNXError`` if a value is made twice, or not at all.
  init(_ nodes: [FlatNode], isGiven: (String) -> Bool) throws(ONNXError) {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        if isGiven(output) {
          throw ONNXError(
            .malformed,
            "\"\(output)\" is the name both of an input or initializer and of what \(node.place) "
              + "makes, so that nobody can tell which is meant; export the network with a newer exporter"
          )
        }
        if let other = producers.updateValue(index, forKey: output) {
          throw ONNXError(
            .malformed,
            "\"\(output)\" is made by \(nodes[other].place) and by \(node.place), so that nobody can "
              + "tell which is meant; export the network with a newer exporter")
        }
      }
    }
    var predecessors: [[Int]] = []
    predecessors.reserveCapacity(nodes.count)
    for node in nodes {
      var indices: [Int] = []
      for name in node.dependencies where !isGiven(name) {
        guard let index = producers[name] else {
          throw ONNXError(
            .malformed,
            "\(node.place) reads \"\(name)\", which nothing makes; export the file again")
        }
        indices.append(index)
      }
      predecessors.append(indices)
    }
    self.nodes = nodes
    self.producers = producers
    self.predecessors = predecessors
  }

  /// The nodes that some values need, in order; that of the file as far as it is one.
  ///
  /// - Throws: ``ONNXError`` if a node needs itself.
  func sorted(for outputs: [String]) throws(ONNXError) -> [FlatNode] {
    let order = try sortedIndices()
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for output in outputs {
      if let index = producers[output] { isNeeded[index] = true }
    }
    for index in order.reversed() where isNeeded[index] {
      for predecessor in predecessors[index] { isNeeded[predecessor] = true }
    }
    return order.filter { isNeeded[$0] }.map { nodes[$0] }
  }

  /// Depth first, without recursion: a chain may be as long as the file.
  private func sortedIndices() throws(ONNXError) -> [Int] {
    var progress = [Progress](repeating: .unseen, count: nodes.count)
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    for start in nodes.indices where progress[start] == .unseen {
      var path = [(node: start, next: 0)]
      progress[start] = .open
      while let (node, next) = path.last {
        guard next < predecessors[node].count else {
          progress[node] = .done
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let predecessor = predecessors[node][next]
        switch progress[predecessor] {
        case .done: break
        case .unseen:
          progress[predecessor] = .open
          path.append((predecessor, 0))
        case .open:
          throw ONNXError(
            .malformed,
            "\(nodes[predecessor].place) needs its own output, so that the graph is a cycle; export "
              + "the file again")
        }
      }
    }
    return order
  }
}
