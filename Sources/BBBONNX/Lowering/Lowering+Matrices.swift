import BBBNetwork

/// Linear layers and convolutions.
extension Lowering {
  mutating func lowerConvolution(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    guard let weights = try constant(1, of: node), let window = try graph.window(of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let matrix = Matrix(
      unitCount: weights.shape[0], window: Window(window),
      groupCount: try node.attributes.integer("group", default: 1))
    let pending = try PendingMatrix(
      of: node, weights: weights, rows: matrix.unitCount, biases: try reals(2, of: node))
    try emit(matrix, pending, reading: input, as: step)
  }

  /// α·A·B + β·C, α and β in the weights and biases.
  mutating func lowerAffineProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    guard try !node.attributes.flag("transA") else {
      throw node.refusal(
        "transposes what it reads (transA), which is not run yet",
        "export the network with the batch first")
    }
    guard let weights = try constant(1, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let isTransposed = try node.attributes.flag("transB")
    let rows = weights.shape[isTransposed ? 0 : 1]
    let factor = Double(try node.attributes.real("alpha", default: 1))
    let biasFactor = Double(try node.attributes.real("beta", default: 1))
    var biases: [Double]?
    if let given = try reals(2, of: node), biasFactor != 0 {
      // One for each unit, or one for all; the reader saw to it that there are no others.
      biases = (0..<rows).map { biasFactor * given[given.count == 1 ? 0 : $0] }
    }
    let pending = try PendingMatrix(
      of: node, weights: isTransposed ? weights : weights.transposed, rows: rows, factor: factor,
      biases: biases)
    try emit(Matrix(unitCount: rows), pending, reading: input, as: step)
  }

  /// A product with a matrix of constants; a sum behind it is folded into it as its biases.
  mutating func lowerProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readOnly(step)
    guard let weights = try constant(1, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    guard input.shape.count == 1 else {
      throw node.refusal(
        "multiplies each row of a value of \(Shape(input.shape)) by a matrix, as networks of tokens do, "
          + "and that is not run yet",
        "flatten the value before it, or use a network without attention")
    }
    guard weights.shape.count <= 2 else {
      throw node.refusal(
        "multiplies by a constant of \(weights.shape.count) axes, and only matrices are run yet",
        "use a linear layer")
    }
    let rows = weights.shape.count == 2 ? weights.shape[1] : 1
    let pending = try PendingMatrix(
      of: node, weights: weights.shape.count == 2 ? weights.transposed : weights, rows: rows,
      biases: nil)
    try emit(Matrix(unitCount: rows), pending, reading: input, as: step)
  }

  private mutating func emit(
    _ matrix: Matrix, _ pending: PendingMatrix, reading input: LoweredValue, as step: LoweringStep
  ) throws(ONNXError) {
    matrices[operations.count] = pending
    try emit(.matrix(matrix), reading: [input.value], as: step)
  }
}

extension ONNXConstant {
  /// The matrix with rows and columns exchanged.
  fileprivate var transposed: ONNXConstant { viewed(.transposed(axes: [1, 0])) }
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
