import BBBNetwork

/// Pools.
extension Lowering {
  /// A pool of windows.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - input: What it pools, held as images are.
  ///   - pads: What lies around that besides the window's own padding.
  /// - Throws: ``ONNXError`` if it is not run.
  mutating func lowerPool(
    _ step: LoweringStep, of input: LoweredValue, paddedBy pads: [(before: Int, after: Int)] = []
  ) throws(ONNXError) {
    let node = step.node
    guard var window = try graph.window(of: node) else {
      throw node.refusal("lacks its window", "export the file again")
    }
    for (axis, pad) in pads.enumerated() {
      window.padsBefore[axis] += pad.before
      window.padsAfter[axis] += pad.after
    }
    let outputs = try shape(of: step).dropFirst(2).compactMap(\.number)
    let reaching = window.reaching(
      outputs: outputs, over: shapes[input.value.index].positions)
    var kind = Pool.Kind.max
    if node.operatorType == "AveragePool" {
      let countsPadding = try node.attributes.flag("count_include_pad")
      guard !countsPadding || reaching == window else {
        throw node.refusal(
          "counts padding (count_include_pad) and has windows that reach beyond it (ceil_mode), which "
            + "is not run", "leave out one of the two")
      }
      kind = .average(countsPadding: countsPadding && Window(reaching).hasPadding)
    }
    try emit(.pool(Pool(kind, Window(reaching))), reading: [input.value], as: step)
  }

  mutating func lowerGlobalPool(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    let result = try pooled(
      step.node.operatorType == "GlobalMaxPool" ? .max : .average(countsPadding: false), input,
      over: Array(input.view.axes.indices.dropFirst(2)), step.node)
    try define(step.output, as: result, step.node)
  }
}

extension ONNXWindow {
  /// The window with so much padding that its last outputs, too, lie within it (`ceil_mode`).
  fileprivate func reaching(outputs: [Int], over positions: [Int]) -> ONNXWindow {
    var window = self
    for axis in kernel.indices {
      let span = (kernel[axis] - 1) * dilations[axis] + 1
      let needed =
        (outputs[axis] - 1) * strides[axis] + span - positions[axis] - padsBefore[axis]
      window.padsAfter[axis] = max(padsAfter[axis], needed)
    }
    return window
  }
}
