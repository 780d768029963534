import BBBNetwork

/// Pools, and reductions over positions, which are pools of one window.
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
    try emitPool(
      isMax: step.node.operatorType == "GlobalMaxPool",
      over: Array(input.view.axes.indices.dropFirst(2)), keepsAxes: true, of: input, as: step)
  }

  mutating func lowerReduction(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    let axes = try graph.reducedAxes(of: step.node)
    guard !axes.isEmpty else {
      try passOn(input, as: step)
      return
    }
    try emitPool(
      isMax: step.node.operatorType == "ReduceMax", over: axes,
      keepsAxes: try shape(of: step).count == input.view.axes.count,
      // A sum is so many times the mean.
      times: step.node.operatorType == "ReduceSum"
        ? axes.reduce(1) { $0 * input.view.extent(of: $1) } : 1, of: input, as: step)
  }

  /// A pool whose window is all of some axes; what is not reduced is the channels.
  private mutating func emitPool(
    isMax: Bool, over axes: [Int], keepsAxes: Bool, times count: Int = 1, of input: LoweredValue,
    as step: LoweringStep
  ) throws(ONNXError) {
    let node = step.node
    guard !axes.contains(where: input.view.countsExamples) else {
      throw node.refusal(
        "reduces the examples of a batch, which are run one by one", "reduce other axes")
    }
    let reduced = input.view.heldAxes.filter(axes.contains)
    let kept = input.view.axes.indices.filter { !axes.contains($0) }
      .flatMap(input.view.atoms(of:)).sorted()
    var pooled = input
    if !reduced.isEmpty {
      pooled = try hold(input, as: [kept] + reduced.map(input.view.atoms(of:)), for: node)
      let window = Window(reduced.map { Window.Axis(input.view.extent(of: $0)) })
      pooled.value = try append(
        .pool(Pool(isMax ? .max : .average(countsPadding: false), window)),
        reading: [pooled.value], for: node)
      pooled.view = input.view.keeping(kept)
    }
    if !keepsAxes {
      for axis in axes.reversed() { pooled.view = pooled.view.leavingOut(axis) }
    }
    if count != 1 {
      pooled = try applying(.multiply, to: pooled, [Double(count)], [], name: nil, node)
    }
    try define(step.output, as: pooled, node)
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
