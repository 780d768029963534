import BBBNetwork

/// Pools.
extension Lowering {
  /// A pool of windows.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - images: What it pools.
  ///   - pads: What lies around that besides the window's own padding.
  /// - Throws: ``ONNXError`` if it is not run.
  mutating func lowerPool(
    _ step: LoweringStep, of images: LoweredImages, paddedBy pads: [(before: Int, after: Int)] = []
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
    var reaching = window.reaching(
      outputs: outputs,
      over: Array(images.held.view.axes.indices.dropFirst(2)).map(images.held.view.extent(of:)))
    var images = images
    var kind = Pool.Kind.max
    if node.operatorType == "AveragePool" {
      var countsPadding = try node.attributes.flag("count_include_pad")
      if countsPadding, reaching != window {
        // What counts becomes zeros; what lies beyond them (ceil_mode) does not.
        let (before, after) = (window.padsBefore, window.padsAfter)
        let none = (before: 0, after: 0)
        let pads = zip(before, after).map { (before: $0, after: $1) }
        let all = [none] + images.positions(pads, alongImages: none)
        images.held.value = try append(
          .pad(Pad(before: all.map(\.before), after: all.map(\.after))),
          reading: [images.held.value], for: node)
        for axis in before.indices {
          reaching.padsBefore[axis] = 0
          reaching.padsAfter[axis] -= after[axis]
        }
        countsPadding = false
      }
      let hasPadding = Window(reaching, over: images).hasPadding
      kind = .average(countsPadding: countsPadding && hasPadding)
    }
    let pooled = try append(
      .pool(Pool(kind, Window(reaching, over: images))), reading: [images.held.value], for: node)
    try define(step.output, as: self.images(pooled, like: images), node)
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
