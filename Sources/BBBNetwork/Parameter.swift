/// The weights and biases of a network's matrix; or the numbers of a constant, which are the biases of as many rows that
/// have no weights.
public struct Parameter: Hashable, Sendable {
  /// The name of the node that has them; the tensors are `NAME.weight` and `NAME.bias`.
  public let name: String
  /// The number of that node, which is the first that uses them.
  public let node: Int
  /// The numbers of the others that use them, in order of evaluation.
  public internal(set) var sharers: [Int] = []
  /// How the weights are arranged, in PyTorch's order.
  public let weights: WeightShape
  /// Whether there is a bias for each row.
  public let hasBias: Bool

  /// The numbers of all nodes that use them, in order of evaluation.
  public var users: [Int] { [node] + sharers }
  /// Whether several nodes use them.
  public var isShared: Bool { !sharers.isEmpty }

  /// Whether they are the numbers of a constant.
  ///
  /// - Parameter network: The network that it belongs to.
  /// - Returns: Whether its node reads nothing.
  public func isConstant(in network: Network) -> Bool { network.nodes[node].inputs.isEmpty }

  /// The name of the weights.
  public var weightName: String { name + ".weight" }
  /// The name of the biases.
  public var biasName: String { name + ".bias" }
}

/// The parameters of a network's nodes, in order of evaluation.
struct ParameterList {
  /// Those that some node has.
  private(set) var all: [Parameter] = []
  /// The number of the parameter that each node uses.
  private(set) var numbers: [Int?] = []
  /// The numbers of the matrices' parameters, by the node that has them.
  private var matrices: [Int: Int] = [:]

  /// Goes on to the next node.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - number: Its number.
  ///   - inputs: The shapes of what it reads, which it can.
  /// - Throws: ``NetworkError`` without a place if it is to share weights that it cannot use.
  mutating func append(
    _ node: Node, number: Int, reading inputs: [Shape]
  ) throws(NetworkError) {
    switch node.operation {
    case .matrix(let matrix):
      let weights = matrix.weightShape(reading: inputs[0])
      if let owner = matrix.sharing {
        let parameter = try shared(by: matrix, weights, ofNode: owner)
        all[parameter].sharers.append(number)
        numbers.append(parameter)
      } else {
        numbers.append(all.count)
        matrices[number] = all.count
        all.append(
          Parameter(name: node.name, node: number, weights: weights, hasBias: matrix.hasBias))
      }
    case .constant(let shape):
      numbers.append(all.count)
      all.append(
        Parameter(
          name: node.name, node: number, weights: WeightShape(rows: shape.count, channels: 0),
          hasBias: true))
    default: numbers.append(nil)
    }
  }

  private func shared(
    by matrix: Matrix, _ weights: WeightShape, ofNode owner: Int
  ) throws(NetworkError) -> Int {
    guard let number = matrices[owner] else {
      throw NetworkError(
        .structure,
        "it shares the weights of a node that has none of its own; name the one that has")
    }
    let own = all[number]
    guard own.weights == weights, own.hasBias == matrix.hasBias else {
      throw NetworkError(
        .mismatched,
        "it uses \(weights.text(hasBias: matrix.hasBias)), and '\(own.name)', whose weights it shares, has "
          + own.weights.text(hasBias: own.hasBias))
    }
    return number
  }
}

extension WeightShape {
  /// What two matrices must have alike to share weights.
  fileprivate func text(hasBias: Bool) -> String {
    "\(rows)×\(channels)\(taps == 1 ? "" : "×\(taps)") weights"
      + (groups == 1 ? "" : " in \(groups) groups") + (hasBias ? " with biases" : " without biases")
  }
}
