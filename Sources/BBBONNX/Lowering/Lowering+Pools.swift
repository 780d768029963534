import BBBNetwork

/// Pools, and reductions over positions, which are pools of one window.
extension Lowering {
  mutating func lowerPool(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    guard let window = try graph.window(of: node) else {
      throw node.refusal("lacks its window", "export the file again")
    }
    let outputs = try exampleShape(of: step)
    let reaching = window.reaching(
      outputs: Array(outputs.dropFirst()), over: Array(input.shape.dropFirst()))
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
    let input = try readOnly(step)
    try emitPool(
      isMax: step.node.operatorType == "GlobalMaxPool",
      over: Array(1..<max(input.shape.count, 1)), of: input, as: step)
  }

  mutating func lowerReduction(_ step: LoweringStep) throws(ONNXError) {
    let input = try readOnly(step)
    // The reader counts the batch as an axis.
    let axes = try graph.reducedAxes(of: step.node).map { $0 - 1 }
    guard !axes.isEmpty else {
      try passOn(input, as: step)
      return
    }
    guard axes.allSatisfy({ $0 > 0 }) else {
      throw step.node.refusal(
        "reduces the channels of a value of \(Self.shape(input.shape)), and only positions are reduced "
          + "yet", "reduce the axes behind the channels")
    }
    try emitPool(
      isMax: step.node.operatorType == "ReduceMax", over: axes, of: input, as: step)
  }

  private mutating func emitPool(
    isMax: Bool, over axes: [Int], of input: LoweredValue, as step: LoweringStep
  ) throws(ONNXError) {
    guard input.shape.count > 1, !input.shape.dropFirst().contains(0) else {
      throw step.node.refusal("has no positions to reduce", "export the file again")
    }
    let window = Window(
      input.shape.indices.dropFirst().map { axis in
        Window.Axis(axes.contains(axis) ? input.shape[axis] : 1)
      })
    try emit(
      .pool(Pool(isMax ? .max : .average(countsPadding: false), window)), reading: [input.value],
      as: step)
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
