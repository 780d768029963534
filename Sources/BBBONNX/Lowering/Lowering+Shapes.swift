import BBBNetwork

/// What orders, joins, selects and surrounds elements.
extension Lowering {
  /// The same elements in another shape; whoever reads them sees whether a network has that.
  mutating func lowerShape(_ step: LoweringStep) throws(ONNXError) {
    guard let name = step.reads.first, step.node.inputs[0] == name else {
      _ = try readOnly(step)
      return
    }
    // Not read in the shape before: of several changes the last one counts.
    guard let input = values[name] else {
      try passOn(try read(name, by: step.node), as: step)
      return
    }
    try passOn(input, as: step)
  }

  mutating func lowerConcatenation(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard step.reads.count == node.inputs.count else {
      throw node.refusal(
        "puts constants beside what the network computes, which is not run yet",
        "leave it out of the network")
    }
    var inputs: [LoweredValue] = []
    for name in step.reads { inputs.append(try read(name, by: node)) }
    let rank = inputs[0].shape.count + 1
    let axis = try node.attributes.integer("axis", default: 1)
    guard (axis + rank) % rank == 1 else {
      throw node.refusal(
        "joins values along another axis than that of the channels, which is not run yet",
        "join them along axis 1")
    }
    guard inputs.count > 1 else {
      try passOn(inputs[0], as: step)
      return
    }
    try emit(.concatenate, reading: inputs.map(\.value), as: step)
  }

  mutating func lowerSlice(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    var axes = input.shape.map { Slice.Axis(count: $0) }
    let slices = try graph.slices(of: node)
    guard !slices.isEmpty else {
      try passOn(input, as: step)
      return
    }
    for slice in slices {
      guard slice.step > 0, slice.count > 0 else {
        throw node.refusal(
          slice.count > 0
            ? "goes backwards (a step of \(slice.step)), which is not run yet"
            : "takes no elements, which is not run", "take elements from the first to the last")
      }
      // The reader counts the batch as an axis.
      axes[slice.axis - 1] = Slice.Axis(start: slice.start, count: slice.count, step: slice.step)
    }
    try emit(.slice(Slice(axes)), reading: [input.value], as: step)
  }

  mutating func lowerPadding(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    let mode = try node.attributes.text("mode", default: "constant")
    guard mode == "constant", try reals(2, of: node)?.allSatisfy({ $0 == 0 }) ?? true else {
      throw node.refusal(
        "pads with something other than zeros, which is not run yet", "pad with zeros")
    }
    let pads = try graph.pads(of: node).dropFirst()
    guard pads.allSatisfy({ min($0.before, $0.after) >= 0 }) else {
      throw node.refusal(
        "takes elements away (negative pads), which is not run yet", "use a slice instead")
    }
    guard pads.contains(where: { $0 != (0, 0) }) else {
      try passOn(input, as: step)
      return
    }
    try emit(
      .pad(Pad(before: pads.map(\.before), after: pads.map(\.after))), reading: [input.value],
      as: step)
  }
}
