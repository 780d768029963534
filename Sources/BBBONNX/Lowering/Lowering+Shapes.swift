import BBBNetwork

/// What orders, joins, selects and surrounds elements.
extension Lowering {
  /// The same elements in another shape; whoever reads them sees whether they must be moved for it.
  mutating func lowerShape(_ step: LoweringStep) throws(ONNXError) {
    try passOn(
      try reshaped(try readFirst(step), to: try shape(of: step), for: step.node), as: step)
  }

  /// The same elements in another shape.
  mutating func reshaped(
    _ value: LoweredValue, to shape: [ONNXExtent], for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var value = value
    if value.view.reshaped(to: shape) == nil,
      value.view.hasBatchFirst || value.view.batchAxis == nil
    {
      // An axis ends within one that is held otherwise: all are held as one, in the graph's order.
      let elements = value.view.axes.indices.flatMap(value.view.atoms(of:))
      let whole = ONNXExtent.number(value.view.extent(of: elements))
      let examples: [ONNXExtent] = value.view.batchAxis == nil ? [] : [.batch]
      value = try hold(value, as: [elements], for: node)
      value.view = value.view.reshaped(to: examples + [whole])?.joined ?? value.view
    }
    guard let view = value.view.reshaped(to: shape), view.hasBatchAtEnds else {
      throw node.refusal(
        "makes \(shape.text) elements of \(value.view.shape.text), which mixes the examples of a batch",
        "keep the batch an axis of its own")
    }
    value.view = view
    return value
  }

  /// Blocks of positions that become channels, or are made of them: axes split, put in another order, and joined.
  mutating func lowerBlocks(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let (shape, output) = (input.view.shape, try self.shape(of: step))
    let size = ONNXExtent.number(try node.attributes.integer("blocksize", default: 1))
    let split: [ONNXExtent]
    let order: [Int]
    if node.operatorType == "SpaceToDepth" {
      split = [shape[0], shape[1], output[2], size, output[3], size]
      order = [0, 3, 5, 1, 2, 4]
    } else if try node.attributes.text("mode", default: "DCR") == "DCR" {
      split = [shape[0], size, size, output[1], shape[2], shape[3]]
      order = [0, 3, 4, 1, 5, 2]
    } else {
      split = [shape[0], output[1], size, size, shape[2], shape[3]]
      order = [0, 1, 4, 2, 5, 3]
    }
    var blocks = try reshaped(input, to: split, for: node)
    blocks.view = blocks.view.transposed(order)
    try passOn(try reshaped(blocks, to: output, for: node), as: step)
  }

  mutating func lowerTransposition(_ step: LoweringStep) throws(ONNXError) {
    var input = try readFirst(step)
    input.view = input.view.transposed(try graph.transposition(of: step.node))
    try passOn(input, as: step)
  }

  /// Elements that are repeated along axes of one, and constants for each example, such as the token of a class.
  mutating func lowerExpansion(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let shape = try shape(of: step)
    var input = try readFirst(step)
    // Missing axes are the first ones.
    let missing = shape.count - input.view.axes.count
    input.view = ValueView(
      held: input.view.atoms,
      axes: shape.indices.map { axis in
        let own = axis < missing ? [] : input.view.axes[axis - missing]
        return shape[axis] == .batch && own.isEmpty ? [.batch] : own
      })
    for (axis, extent) in shape.enumerated() {
      guard let count = extent.number, input.view.axes[axis].isEmpty, count > 1 else { continue }
      input = try gathered(
        input, along: axis, Array(repeating: 0, count: count), for: node)
    }
    guard input.view.shape == shape else {
      throw node.refusal(
        "repeats elements of \(input.view.shape.text) to \(shape.text), and examples are run one by one",
        "leave the repetition to the operator that reads it, which broadcasts")
    }
    try define(step.output, as: input, node)
  }

  /// One number for every element of a shape, which examples have a share of.
  mutating func lowerFilling(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let shape = try shape(of: step)
    let extents = shape.compactMap(\.number)
    let number = try graph.filling(of: node).reals(for: node)[0]
    let value = try append(
      constant: Array(repeating: number, count: extents.reduce(1, *)), of: extents, name: nil,
      for: node)
    try define(step.output, as: LoweredValue(value: value, view: ValueView(shape)), node)
  }

  /// A value as a whole, some times along each axis.
  mutating func lowerTiling(_ step: LoweringStep) throws(ONNXError) {
    var input = try readFirst(step)
    for (axis, extent) in try shape(of: step).enumerated() {
      guard let count = extent.number, case let own = input.view.extent(of: axis), own > 0,
        count != own
      else { continue }
      input = try gathered(input, along: axis, (0..<count).map { $0 % own }, for: step.node)
    }
    try passOn(input, as: step)
  }

  mutating func lowerConcatenation(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let names = node.inputs.compactMap(\.self)
    guard let first = names.first else {
      throw node.refusal("joins nothing", "export the file again")
    }
    let rank = try shape(of: step).count
    let axis = (try node.attributes.integer("axis", default: 1) + rank) % rank
    guard names.count > 1 else {
      try passOn(try read(first, by: node), as: step)
      return
    }
    let values = try names.map { (name) throws(ONNXError) in try read(name, by: node) }
    try define(step.output, as: try joined(values, along: axis, for: node), node)
  }

  /// Values side by side along one axis.
  mutating func joined(
    _ values: [LoweredValue], along axis: Int, for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard !values.contains(where: { $0.view.countsExamples(axis) }) else {
      throw node.refusal(
        "joins the examples of a batch, which are run one by one", "join them along another axis")
    }
    // Constants among them count no examples.
    let view = (values.first { $0.view.batchAxis != nil } ?? values[0]).view
    let others = view.axes.indices.filter { $0 != axis && !view.isBatchAlone($0) }
    let order = [axis] + others
    let parts = try values.map { (value) throws(ONNXError) -> Value in
      try hold(value, as: order.map(value.view.atoms(of:)), for: node).value
    }
    // The joined axis is the outermost one.
    let whole = try append(.concatenate, reading: parts, for: node)
    let extents = shapes[whole.index].extents
    return LoweredValue(
      value: whole, view: ValueView(holding: order, of: view) { extents[$0] })
  }

  mutating func lowerSlice(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    var positions: [Int: [Int]] = [:]
    for taken in try graph.slices(of: step.node) {
      guard taken.count > 0 else {
        throw step.node.refusal(
          "takes no elements, which is not run", "take elements from the first to the last")
      }
      positions[taken.axis] = (0..<taken.count).map { taken.start + $0 * taken.step }
    }
    try define(step.output, as: try gathered(input, positions, for: step.node), step.node)
  }

  /// Elements of which a constant tells the numbers, in the constant's shape.
  mutating func lowerSelection(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    if let table = node.inputs.first.flatMap(\.self), graph.constants[table] != nil,
      step.reads.count == 1
    {
      try lowerEmbedding(step)
      return
    }
    var input = try readFirst(step)
    guard let constant = try constant(1, of: node),
      case .integers(let elements) = try constant.elements()
    else { throw node.refusal("lacks the numbers of elements", "export the file again") }
    let rank = input.view.axes.count
    let axis = (try node.attributes.integer("axis", default: 0) + rank) % rank
    let extent = input.view.extent(of: axis)
    let numbers = elements.compactMap(\.number).map { $0 < 0 ? $0 + extent : $0 }
    guard !numbers.isEmpty, numbers.count == elements.count,
      numbers.allSatisfy({ (0..<extent).contains($0) })
    else {
      throw node.refusal(
        "takes no elements, or such as are not there", "take elements from the first to the last")
    }
    input = try gathered(input, along: axis, numbers, for: node)
    if constant.shape.isEmpty {
      input.view = input.view.leavingOut(axis)
    } else if constant.shape.count > 1 {
      input = try reshaped(input, to: try shape(of: step), for: node)
    }
    try define(step.output, as: input, node)
  }

  /// The parts of an axis, one behind the other.
  mutating func lowerSplit(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    let (axis, lengths) = try graph.splitLengths(of: step.node)
    var start = 0
    for (name, length) in zip(step.node.outputs, lengths) {
      if let name, steps.isRead(name) {
        let part = try gathered(
          input, along: axis, Array(start..<start + length), for: step.node)
        try define(name, as: part, step.node)
      }
      start += length
    }
  }
}
