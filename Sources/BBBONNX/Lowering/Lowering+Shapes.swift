import BBBNetwork

/// What orders, joins, selects and surrounds elements.
extension Lowering {
  /// The same elements in another shape; whoever reads them sees whether they must be moved for it.
  mutating func lowerShape(_ step: LoweringStep) throws(ONNXError) {
    var input = try readFirst(step)
    let shape = try shape(of: step)
    if input.view.reshaped(to: shape) == nil, input.view.hasBatchFirst {
      // An axis ends within one that is held otherwise: all are held as one, in the graph's order.
      let elements = input.view.axes.indices.flatMap(input.view.atoms(of:))
      let whole = ONNXExtent.number(input.view.extent(of: elements))
      input = try hold(input, as: [elements], for: step.node)
      input.view = input.view.reshaped(to: [.batch, whole])?.joined ?? input.view
    }
    guard let view = input.view.reshaped(to: shape), view.hasBatchAtEnds else {
      throw step.node.refusal(
        "makes \(shape.text) elements of \(input.view.shape.text), which mixes the examples of a batch",
        "keep the batch an axis of its own")
    }
    input.view = view
    try passOn(input, as: step)
  }

  mutating func lowerTransposition(_ step: LoweringStep) throws(ONNXError) {
    var input = try readFirst(step)
    input.view = input.view.transposed(try graph.transposition(of: step.node))
    try passOn(input, as: step)
  }

  /// A constant that is repeated for each example, such as the token of a class.
  mutating func lowerExpansion(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let shape = try shape(of: step)
    guard let name = node.inputs.first.flatMap(\.self) else {
      throw node.refusal("lacks its input", "export the file again")
    }
    var input = try read(name, by: node)
    // Missing axes are the first ones.
    let missing = shape.count - input.view.axes.count
    let view = ValueView(
      held: input.view.atoms,
      axes: shape.indices.map { axis in
        let own = axis < missing ? [] : input.view.axes[axis - missing]
        return shape[axis] == .batch && own.isEmpty ? [.batch] : own
      })
    guard view.shape == shape else {
      throw node.refusal(
        "repeats elements of \(input.view.shape.text) to \(shape.text), and only constants are repeated, once "
          + "for each example",
        "leave the repetition to the operator that reads it, which broadcasts")
    }
    input.view = view
    try define(step.output, as: input, node)
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
    var inputs: [Value] = []
    for name in names {
      let value = try read(name, by: node)
      guard !value.view.countsExamples(axis) else {
        throw node.refusal(
          "joins the examples of a batch, which are run one by one", "join them along another axis")
      }
      let others = value.view.axes.indices.filter { $0 != axis && !value.view.isBatchAlone($0) }
      inputs.append(
        try hold(value, as: ([axis] + others).map(value.view.atoms(of:)), for: node).value)
    }
    let value = try append(.concatenate, reading: inputs, for: node)
    let shape = try shape(of: step)
    // The joined axis is the outermost one.
    var order = Array(shape.indices)
    order.remove(at: axis)
    order.insert(axis, at: 0)
    let view = ValueView(order.map { shape[$0] })
      .transposed(shape.indices.map { order.firstIndex(of: $0) ?? 0 })
    try define(step.output, as: LoweredValue(value: value, view: view), node)
  }

  mutating func lowerSlice(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    var taken: [Int: Slice.Axis] = [:]
    for slice in try graph.slices(of: step.node) {
      guard slice.step > 0, slice.count > 0 else {
        throw step.node.refusal(
          slice.count > 0
            ? "goes backwards (a step of \(slice.step)), which is not run yet"
            : "takes no elements, which is not run", "take elements from the first to the last")
      }
      taken[slice.axis] = Slice.Axis(start: slice.start, count: slice.count, step: slice.step)
    }
    try define(step.output, as: try slice(input, taken, for: step.node), step.node)
  }

  /// Elements of which a constant tells the numbers: of one number the axis goes.
  mutating func lowerSelection(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    var input = try readFirst(step)
    guard let constant = try constant(1, of: node),
      case .integers(let elements) = try constant.elements()
    else { throw node.refusal("lacks the numbers of elements", "export the file again") }
    let rank = input.view.axes.count
    let axis = (try node.attributes.integer("axis", default: 0) + rank) % rank
    let extent = input.view.extent(of: axis)
    let numbers = elements.compactMap(\.number).map { $0 < 0 ? $0 + extent : $0 }
    let distance = numbers.count > 1 ? numbers[1] - numbers[0] : 1
    guard let first = numbers.first, numbers.count == elements.count, constant.shape.count < 2,
      distance > 0, numbers == numbers.indices.map({ first + $0 * distance })
    else {
      throw node.refusal(
        "takes elements in no even order, which is not run yet", "take them one after another")
    }
    input = try slice(
      input, [axis: Slice.Axis(start: first, count: numbers.count, step: distance)], for: node)
    if constant.shape.isEmpty { input.view = input.view.leavingOut(axis) }
    try define(step.output, as: input, node)
  }

  /// The parts of an axis, one behind the other.
  mutating func lowerSplit(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    let (axis, lengths) = try graph.splitLengths(of: step.node)
    var start = 0
    for (name, length) in zip(step.node.outputs, lengths) {
      if let name, steps.isRead(name) {
        let part = try slice(
          input, [axis: Slice.Axis(start: start, count: length)], for: step.node)
        try define(name, as: part, step.node)
      }
      start += length
    }
  }

  /// A value with some elements of some of the graph's axes.
  mutating func slice(
    _ input: LoweredValue, _ taken: [Int: Slice.Axis], for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let taken = taken.filter { $1 != Slice.Axis(count: input.view.extent(of: $0)) }
    guard !taken.isEmpty else { return input }
    guard !taken.keys.contains(where: input.view.countsExamples) else {
      throw node.refusal("takes some examples of a batch, which are run one by one", "take all")
    }
    let held = input.view.heldAxes
    var sliced = try hold(input, as: held.map(input.view.atoms(of:)), for: node)
    let axes = held.map { axis in taken[axis] ?? Slice.Axis(count: input.view.extent(of: axis)) }
    sliced.value = try append(.slice(Slice(axes)), reading: [sliced.value], for: node)
    sliced.view = ValueView(holding: held, of: input.view) { axis in axes[axis].count }
    return sliced
  }

  mutating func lowerPadding(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let mode = try node.attributes.text("mode", default: "constant")
    guard mode == "constant", try reals(2, of: node)?.allSatisfy({ $0 == 0 }) ?? true else {
      throw node.refusal(
        "pads with something other than zeros, which is not run yet", "pad with zeros")
    }
    let pads = try graph.pads(of: node)
    guard pads.allSatisfy({ min($0.before, $0.after) >= 0 }) else {
      throw node.refusal(
        "takes elements away (negative pads), which is not run yet", "use a slice instead")
    }
    guard pads.contains(where: { $0 != (0, 0) }) else {
      try passOn(input, as: step)
      return
    }
    // Axes of one element grow, too.
    let others = input.view.axes.indices.filter { !input.view.isBatchAlone($0) }
    let held = input.view.heldAxes
    let axes = held + others.filter { !held.contains($0) }
    guard !axes.contains(where: input.view.countsExamples) else {
      throw node.refusal("pads a batch, whose examples are run one by one", "pad other axes")
    }
    var padded = try hold(input, as: axes.map(input.view.atoms(of:)), for: node)
    padded.value = try append(
      .pad(Pad(before: axes.map { pads[$0].before }, after: axes.map { pads[$0].after })),
      reading: [padded.value], for: node)
    let extents = shapes[padded.value.index].extents
    padded.view = ValueView(holding: axes, of: input.view) { extents[$0] }
    try define(step.output, as: padded, node)
  }
}
