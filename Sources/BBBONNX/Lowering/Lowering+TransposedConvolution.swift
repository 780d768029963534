import BBBNetwork

/// Transposed convolutions.
extension Lowering {
  /// A convolution over the elements with zeros between them, by the kernel turned round.
  ///
  /// What an element adds to its surroundings by each cell is what each place reads by the cell on the other side.
  mutating func lowerTransposedConvolution(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let images = try readImages(step)
    guard let weights = try constant(1, of: node), let window = try graph.window(of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let groups = try node.attributes.integer("group", default: 1)
    let positions = Array(images.held.view.axes.indices.dropFirst(2)).map(
      images.held.view.extent(of:))
    let between = window.strides.map { $0 - 1 }
    // A pad of the result is cut off; what its shape has in addition is read behind the last element.
    let reach = window.kernel.indices.map { (window.kernel[$0] - 1) * window.dilations[$0] }
    let before = reach.indices.map { reach[$0] - window.padsBefore[$0] }
    let outputs = try shape(of: step).dropFirst(2).compactMap(\.number)
    let spread = positions.indices.map { positions[$0] + between[$0] * (positions[$0] - 1) }
    let after = reach.indices.map { outputs[$0] + reach[$0] - spread[$0] - before[$0] }
    var value = images.held.value
    if between.contains(where: { $0 > 0 }) {
      let spreading = [0] + images.positions(between, alongImages: 0)
      value = try append(
        .pad(Pad(before: spreading.map { _ in 0 }, between: spreading)), reading: [value], for: node
      )
    }
    if (before + after).contains(where: { $0 < 0 }) {
      let axes = reach.indices.map { axis in
        let start = max(0, -before[axis])
        return Slice.Axis(start: start, count: spread[axis] - start - max(0, -after[axis]))
      }
      guard axes.allSatisfy({ $0.count > 0 }) else {
        throw node.refusal("pads away all that it reads, which is not run", "pad less")
      }
      let extents = shapes[value.index].extents
      let rest = images.positions(axes, alongImages: Slice.Axis(count: extents[1]))
      value = try append(
        .slice(Slice([Slice.Axis(count: extents[0])] + rest)), reading: [value], for: node)
    }
    let axes = reach.indices.map { axis in
      Window.Axis(
        window.kernel[axis], dilation: window.dilations[axis],
        paddingBefore: max(0, before[axis]), paddingAfter: max(0, after[axis]))
    }
    let matrix = Matrix(
      unitCount: weights.shape[1] * groups,
      window: Window(images.positions(axes, alongImages: Window.Axis(1))), groupCount: groups)
    let pending = try PendingMatrix(
      of: node, weights: weights.turnedRound(groups: groups), rows: matrix.unitCount,
      groups: groups, biases: try reals(2, of: node))
    let (sums, change) = try append(pending, as: matrix, reading: value, for: node)
    try define(
      step.output,
      as: try applying(change, to: self.images(sums, like: images), alongAxis: 1, node), node)
  }
}

extension ONNXConstant {
  /// The weights of a transposed convolution, (inputs, outputs of a group, kernel…), as those of the convolution that computes the
  /// same, (outputs, inputs of a group, kernel…).
  fileprivate func turnedRound(groups: Int) -> ONNXConstant {
    let kernel = Array(shape.dropFirst(2))
    let (inputs, outputs) = (shape[0] / groups, shape[1])
    let axes = Array(3..<3 + kernel.count)
    return viewed(.reshaped([groups, inputs, outputs] + kernel))
      .viewed(.transposed(axes: [0, 2, 1] + axes))
      .viewed(.reversed(axes: axes))
      .viewed(.reshaped([groups * outputs, inputs] + kernel))
  }
}
