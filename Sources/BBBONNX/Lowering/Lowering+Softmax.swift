import BBBNetwork

/// Softmax and its logarithm.
extension Lowering {
  /// A softmax, which is left out where it ends the graph and makes classes of the outputs.
  mutating func lowerSoftmax(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let isOld = graph.operatorSetVersion < 13
    let axis = (try node.attributes.integer("axis", default: isOld ? 1 : -1) + rank) % rank
    // Before version 13 all axes from this one on are one.
    let axes = isOld ? Array(axis..<rank) : [axis]
    guard !axes.contains(where: input.view.countsExamples) else {
      throw node.refusal(
        "is over the examples of a batch, which are run one by one", "use another axis")
    }
    let extent = axes.reduce(1) { $0 * input.view.extent(of: $1) }
    if endsGraph(step), shapes[input.value.index].count == extent {
      guard extent > 1 else {
        throw node.refusal(
          "is over a single class, of which it always makes 1", "leave it out of the network")
      }
      output = .classes
      try passOn(input, as: step)
      return
    }
    guard extent > 1 else {
      throw node.refusal(
        "is over one element, of which it always makes 1", "leave it out of the network")
    }
    let result =
      node.operatorType == "Softmax"
      ? try softmax(input, over: axes, node) : try logarithmOfSoftmax(input, over: axes, node)
    try define(step.output, as: result, node)
  }

  /// eˣ over the sum of eˣ over some axes, of more than one element together.
  mutating func softmax(
    _ input: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let held = input.view.heldAxes
    let inner = held.filter(axes.contains)
    guard inner.count > 1 else {
      var result = try hold(input, as: held.map(input.view.atoms(of:)), for: node)
      let place = held.firstIndex(of: inner[0]) ?? 0
      result.value = try append(.softmax(Softmax(axis: place)), reading: [result.value], for: node)
      return result
    }
    let outer = held.filter { !axes.contains($0) }
    var result = try hold(
      input, as: outer.map(input.view.atoms(of:)) + [inner.flatMap(input.view.atoms(of:))],
      for: node)
    result.value = try append(
      .softmax(Softmax(axis: outer.count)), reading: [result.value], for: node)
    return result
  }

  private mutating func logarithmOfSoftmax(
    _ input: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let differences = try combined(
      .subtract, input, try pooled(.max, input, over: axes, node), node)
    return try combined(
      .subtract, differences, try logarithmOfSum(ofExponentials: differences, over: axes, node),
      node)
  }
}
