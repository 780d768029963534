import BBBNetwork

/// Elements taken along an axis, and elements around a value.
extension Lowering {
  /// A value with some elements of one of the graph's axes, in any order.
  mutating func gathered(
    _ input: LoweredValue, along axis: Int, _ positions: [Int], for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try gathered(input, [axis: positions], for: node)
  }

  /// A value with some elements of some of the graph's axes, in any order.
  ///
  /// - Parameters:
  ///   - input: The value.
  ///   - positions: Which element each of the result's is along an axis; one at least.
  ///   - node: The node that it is for.
  /// - Returns: The elements; the value itself if they are all of it.
  /// - Throws: ``ONNXError`` if they are examples.
  mutating func gathered(
    _ input: LoweredValue, _ positions: [Int: [Int]], for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let positions = positions.filter { axis, positions in
      !positions.elementsEqual(0..<input.view.extent(of: axis))
    }
    guard !positions.isEmpty else { return input }
    guard positions.values.allSatisfy({ !$0.isEmpty }) else {
      throw node.refusal("takes no elements, which is not run", "leave it out")
    }
    guard !positions.keys.contains(where: input.view.countsExamples) else {
      throw node.refusal("takes some examples of a batch, which are run one by one", "take all")
    }
    let held = input.view.heldAxes
    let axes = held + positions.keys.filter { !held.contains($0) }.sorted()
    var taken = try hold(input, as: axes.map(input.view.atoms(of:)), for: node)
    // Evenly and forwards is a slice, which leaves the units of channels free.
    var slice = axes.map { Slice.Axis(count: input.view.extent(of: $0)) }
    var gathers: [Gather] = []
    for (place, axis) in axes.enumerated() {
      guard let positions = positions[axis] else { continue }
      let gather = Gather(axis: place, positions: positions)
      let run = gather.runs[0]
      if run.count == positions.count, run.step > 0 {
        slice[place] = Slice.Axis(start: run.start, count: run.count, step: run.step)
      } else {
        gathers.append(gather)
      }
    }
    if gathers.count < positions.count {
      taken.value = try append(.slice(Slice(slice)), reading: [taken.value], for: node)
    }
    for gather in gathers {
      taken.value = try append(.gather(gather), reading: [taken.value], for: node)
    }
    let extents = shapes[taken.value.index].extents
    taken.view = ValueView(holding: axes, of: input.view) { extents[$0] }
    return taken
  }

  mutating func lowerPadding(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let mode = try node.attributes.text("mode", default: "constant")
    var input = try readFirst(step)
    var pads = try graph.pads(of: node)
    // Fewer than none are taken away, whatever the others are.
    for (axis, pad) in pads.enumerated() where min(pad.before, pad.after) < 0 {
      let extent = input.view.extent(of: axis)
      let (start, end) = (max(0, -pad.before), extent - max(0, -pad.after))
      guard start < end else {
        throw node.refusal("leaves no elements, which is not run", "leave it out")
      }
      input = try gathered(input, along: axis, Array(start..<end), for: node)
      pads[axis] = (max(0, pad.before), max(0, pad.after))
    }
    guard mode != "constant" else {
      let number = try reals(2, of: node)?.first ?? 0
      try define(step.output, as: try padded(input, pads, with: number, for: node), node)
      return
    }
    for (axis, pad) in pads.enumerated() where pad != (0, 0) {
      let extent = input.view.extent(of: axis)
      let positions = (-pad.before..<extent + pad.after).map { place in
        switch mode {
        case "edge": min(max(place, 0), extent - 1)
        case "reflect":
          place < 0 ? -place : place < extent ? place : 2 * (extent - 1) - place
        default: (place % extent + extent) % extent
        }
      }
      input = try gathered(input, along: axis, positions, for: node)
    }
    try define(step.output, as: input, node)
  }

  /// A value with a number around it.
  private mutating func padded(
    _ input: LoweredValue, _ pads: [(before: Int, after: Int)], with number: Double,
    for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard pads.contains(where: { $0 != (0, 0) }) else { return input }
    // Axes of one element grow, too.
    let others = input.view.axes.indices.filter { !input.view.isBatchAlone($0) }
    let held = input.view.heldAxes
    let axes = held + others.filter { !held.contains($0) && pads[$0] != (0, 0) }
    guard !pads.indices.contains(where: { pads[$0] != (0, 0) && input.view.countsExamples($0) })
    else {
      throw node.refusal("pads a batch, whose examples are run one by one", "pad other axes")
    }
    var padded = try hold(input, as: axes.map(input.view.atoms(of:)), for: node)
    padded.value = try append(
      .pad(Pad(before: axes.map { pads[$0].before }, after: axes.map { pads[$0].after })),
      reading: [padded.value], for: node)
    let extents = shapes[padded.value.index].extents
    padded.view = ValueView(holding: axes, of: input.view) { extents[$0] }
    guard number != 0 else { return padded }
    // The zeros become the number; what is within them stays exactly what it is.
    let border = pads.indices.map { pads[$0] == (0, 0) ? 1 : padded.view.extent(of: $0) }
    let inner = pads.indices.map { axis in
      pads[axis] == (0, 0)
        ? 0..<1 : pads[axis].before..<pads[axis].before + input.view.extent(of: axis)
    }
    let strides = ElementPositions.strides(of: border)
    let numbers = (0..<border.reduce(1, *)).map { position in
      border.indices.allSatisfy { inner[$0].contains(position / strides[$0] % border[$0]) }
        ? 0 : number
    }
    return try applying(.add, to: padded, numbers, border, name: nil, node)
  }
}
