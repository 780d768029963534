import BBBNetwork

/// Convolutions.
extension Lowering {
  mutating func lowerConvolution(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readImage(step)
    guard let weights = try constant(1, of: node), let window = try graph.window(of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let matrix = Matrix(
      unitCount: weights.shape[0], window: Window(window),
      groupCount: try node.attributes.integer("group", default: 1))
    let pending = try PendingMatrix(
      of: node, weights: weights, rows: matrix.unitCount, groups: matrix.groupCount,
      biases: try reals(2, of: node))
    let (value, change) = try append(pending, as: matrix, reading: input.value, for: node)
    let sums = LoweredValue(value: value, view: ValueView(try shape(of: step)))
    try define(step.output, as: try applying(change, to: sums, alongAxis: 1, node), node)
  }
}

extension Window {
  /// The windows of a convolution.
  init(_ window: ONNXWindow) {
    self.init(
      window.kernel.indices.map { axis in
        Axis(
          window.kernel[axis], stride: window.strides[axis], dilation: window.dilations[axis],
          paddingBefore: window.padsBefore[axis], paddingAfter: window.padsAfter[axis])
      })
  }
}
