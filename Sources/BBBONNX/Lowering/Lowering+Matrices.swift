import BBBNetwork

/// Convolutions.
extension Lowering {
  mutating func lowerConvolution(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let images = try readImages(step)
    guard let weights = try constant(1, of: node), let window = try graph.window(of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let matrix = Matrix(
      unitCount: weights.shape[0], window: Window(window, over: images),
      groupCount: try node.attributes.integer("group", default: 1))
    let pending = try PendingMatrix(
      of: node, weights: weights, rows: matrix.unitCount, groups: matrix.groupCount,
      biases: try reals(2, of: node))
    let (value, change) = try append(pending, as: matrix, reading: images.held.value, for: node)
    let sums = self.images(value, like: images)
    try define(step.output, as: try applying(change, to: sums, alongAxis: 1, node), node)
  }
}
