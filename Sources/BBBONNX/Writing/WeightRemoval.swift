/// Which elements of a file's tensors become 0.
struct WeightRemoval {
  /// The elements, ascending, by the tensor's name.
  private(set) var elements: [String: [Int]] = [:]
  /// Whether each element that belongs to a matrix is removed, by the tensor's name.
  private var flags: [String: [Int: Bool]] = [:]

  /// Adds the weights of a matrix.
  ///
  /// - Parameters:
  ///   - source: Where they come from.
  ///   - removed: Whether each is removed.
  /// - Throws: ``ONNXError`` if no tensor of the file holds them, or another matrix has the same weights and keeps others.
  mutating func add(_ source: WeightSource, _ removed: [Bool]) throws(ONNXError) {
    precondition(removed.count == source.count, "a flag for each weight")
    guard removed.contains(true) else { return }
    guard let tensor = source.constant.tensor, let positions = source.constant.tensorPositions
    else {
      throw source.node.refusal(
        "has weights that the file computes from others, so that they cannot be 0 by themselves",
        "give '--compact', which writes a graph of what is left, or export the network with the older exporter (dynamo=False)"
      )
    }
    for (position, isRemoved) in zip(positions, removed) {
      let known = flags[tensor.name, default: [:]].updateValue(isRemoved, forKey: position)
      guard known == nil || known == isRemoved else {
        throw source.node.refusal(
          "shares its weights (\"\(tensor.name)\") with another layer, of which other weights are removed",
          "export the network without shared weights")
      }
    }
    elements[tensor.name] = flags[tensor.name, default: [:]].filter(\.value).keys.sorted()
  }
}

/// Where the weights of a matrix come from.
struct WeightSource {
  /// The node that multiplies by them.
  let node: ONNXNode
  /// The constant, seen in the order of the network's weights.
  let constant: ONNXConstant

  /// The number of weights.
  var count: Int { constant.count }
}

extension ONNXConstant {
  /// The position in the file's tensor of each element; `nil` if they were computed.
  var tensorPositions: [Int]? {
    guard let tensor else { return nil }
    var shape = tensor.shape
    var positions = ONNXElements.integers((0..<tensor.count).map(ONNXExtent.number))
    for view in views {
      positions = view.applied(to: positions, shape: shape)
      shape = view.shape(of: shape)
    }
    guard case .integers(let numbers) = positions else { return nil }
    return numbers.compactMap(\.number)
  }
}
