/// Operators that order elements anew, repeat them, or add some around them.
extension Operator {
  static let layouts: [String: Operator] = [
    "Reshape": Operator(inputs: 2...2, attributes: ["allowzero"], OperatorCall.reshape),
    "Flatten": Operator(inputs: 1...1, attributes: ["axis"], OperatorCall.flatten),
    "Transpose": Operator(inputs: 1...1, attributes: ["perm"], OperatorCall.transpose),
    "Squeeze": Operator(inputs: 1...2, attributes: ["axes"], OperatorCall.squeeze),
    "Unsqueeze": Operator(inputs: 1...2, attributes: ["axes"], OperatorCall.unsqueeze),
    "Expand": Operator(
      inputs: 2...2, folding: OperatorCall.foldedExpansion, OperatorCall.expand),
    "Tile": Operator(inputs: 2...2, folding: OperatorCall.foldedTiling, OperatorCall.tile),
    "DepthToSpace": Operator(
      inputs: 1...1, attributes: ["blocksize", "mode"], OperatorCall.depthToSpace),
    "SpaceToDepth": Operator(
      inputs: 1...1, attributes: ["blocksize"], OperatorCall.spaceToDepth),
    "Trilu": Operator(
      inputs: 1...2, attributes: ["upper"], since: 14, folding: OperatorCall.foldedTriangle,
      OperatorCall.triangle),
  ]
}

extension OperatorCall {
  fileprivate func flatten() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let rank = value.shape.count
    let written = try attributes.integer("axis", default: 1)
    // One behind the last axis is allowed.
    let axis = written == rank ? rank : try axis(written, rank: rank)
    guard let outer = Array(value.shape[..<axis]).product,
      let inner = Array(value.shape[axis...]).product
    else { throw mixesExamples() }
    return [ONNXValue(value.elementType, [outer, inner])]
  }

  /// The order of a transposition: axis `i` of the result is axis `order[i]` of the input.
  func transposition() throws(ONNXError) -> [Int] {
    let rank = try input(0).shape.count
    guard let order = try attributes.integers("perm") else { return (0..<rank).reversed() }
    guard order.count == rank, order.sorted() == Array(0..<rank) else {
      throw malformed("orders the axes by \(order), where its input has \(rank)")
    }
    return order
  }

  fileprivate func transpose() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let order = try transposition()
    return [ONNXValue(value.elementType, order.map { value.shape[$0] })]
  }

  fileprivate func squeeze() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let ones = value.shape.indices.filter { value.shape[$0] == .number(1) }
    let written = try writtenAxes(input: 1, since: 13)
    let axes = try axes(written ?? ones, rank: value.shape.count)
    if let axis = axes.first(where: { value.shape[$0] != .number(1) }) {
      guard !value.shape[axis].isBatch else {
        throw unsupported(
          "removes the axis of the examples", "export the network with a free batch (dynamic_axes)")
      }
      throw malformed("removes the axis \(axis) of \(value.shape.text), which is longer than 1")
    }
    let removed = Set(axes)
    let kept = value.shape.indices.filter { !removed.contains($0) }
    return [ONNXValue(value.elementType, kept.map { value.shape[$0] })]
  }

  fileprivate func unsqueeze() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    guard let written = try writtenAxes(input: 1, since: 13) else {
      throw malformed("lacks its axes")
    }
    let axes = try axes(written, rank: value.shape.count + written.count)
    var shape = value.shape
    for axis in axes { shape.insert(.number(1), at: axis) }
    return [ONNXValue(value.elementType, shape)]
  }

  fileprivate func expand() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    guard let target = try constantExtents(1), target.allSatisfy({ $0.number ?? 1 >= 0 }) else {
      throw malformed("expands to a negative extent")
    }
    return [
      ONNXValue(value.elementType, try broadcast([value.shape, frozen(target, value.shape)]))
    ]
  }

  /// A target in which the number of examples that the file was exported for is the batch, where the
  /// batch stands in the input.
  private func frozen(_ target: [ONNXExtent], _ shape: [ONNXExtent]) -> [ONNXExtent] {
    guard let frozenBatch else { return target }
    var target = target
    for (axis, extent) in shape.enumerated() where extent.isBatch {
      let place = axis + target.count - shape.count
      guard target.indices.contains(place), target[place].number == extent.value(batch: frozenBatch)
      else { continue }
      target[place] = extent
    }
    return target
  }

  fileprivate func tile() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    guard let repeats = try constantExtents(1), repeats.count == value.shape.count else {
      throw malformed("does not say for each axis how often it is repeated")
    }
    var shape: [ONNXExtent] = []
    for (extent, count) in zip(value.shape, repeats) {
      guard !extent.isBatch || count == .number(1) else { throw mixesExamples() }
      guard count.number ?? 1 >= 0, let product = extent.multiplied(by: count) else {
        throw malformed("repeats an axis \(count) times")
      }
      shape.append(product)
    }
    return [ONNXValue(value.elementType, shape)]
  }

  /// The length of a block that becomes channels, or is made of them.
  private func blockSize() throws(ONNXError) -> Int {
    let size = try attributes.integer("blocksize", default: 0)
    guard (1...1 << 15).contains(size) else { throw malformed("has blocks of \(size)") }
    return size
  }

  fileprivate func depthToSpace() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0, rank: 4...4)
    let size = try blockSize()
    guard input.channels % (size * size) == 0 else {
      throw malformed("makes blocks of \(size) from \(input.channels) channels")
    }
    return [
      ONNXValue(
        try self.input(0).elementType,
        input.shape(
          channels: input.channels / (size * size), positions: input.positions.map { $0 * size }))
    ]
  }

  fileprivate func spaceToDepth() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0, rank: 4...4)
    let size = try blockSize()
    guard input.positions.allSatisfy({ $0 % size == 0 }) else {
      throw malformed("cuts blocks of \(size) from \(input.positions.map(ONNXExtent.number).text)")
    }
    return [
      ONNXValue(
        try self.input(0).elementType,
        input.shape(
          channels: input.channels * size * size, positions: input.positions.map { $0 / size }))
    ]
  }

  fileprivate func triangle() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0, rank: 2...8).value
    guard value.shape.suffix(2).allSatisfy({ !$0.isBatch }) else { throw mixesExamples() }
    guard try constantNumbers(1)?.count ?? 1 == 1 else { throw malformed("has no single diagonal") }
    return [value]
  }
}
