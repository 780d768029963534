import BBBNetwork

/// Linear layers and convolutions.
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
    matrices[operations.count] = try PendingMatrix(
      of: node, weights: weights, rows: matrix.unitCount, biases: try reals(2, of: node))
    try emit(.matrix(matrix), reading: [input.value], as: step)
  }

  /// α·A·B + β·C, α and β in the weights and biases.
  mutating func lowerAffineProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard let weights = try constant(1, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let isTransposed = try node.attributes.flag("transB")
    let rows = weights.shape[isTransposed ? 0 : 1]
    let biasFactor = Double(try node.attributes.real("beta", default: 1))
    let summands = biasFactor == 0 ? nil : try constant(2, of: node)
    let numbers = try summands?.reals(for: node).map { biasFactor * $0 }
    // One for each unit, or one for all; without examples there can be others.
    let isOfUnits = summands.map { $0.count == 1 || $0.shape.dropLast().allSatisfy { $0 == 1 } }
    let biases =
      isOfUnits == true
      ? numbers.map { numbers in (0..<rows).map { numbers[numbers.count == 1 ? 0 : $0] } } : nil
    let pending = try PendingMatrix(
      of: node, weights: isTransposed ? weights : weights.transposed, rows: rows,
      factor: Double(try node.attributes.real("alpha", default: 1)), biases: biases)
    var input = try readFirst(step)
    if try node.attributes.flag("transA") { input.view = input.view.transposed([1, 0]) }
    var result = try linear(pending, rows: rows, over: 1, of: input, for: node)
    if isOfUnits == false, let numbers, let summands {
      result = try applying(
        .add, to: result, numbers, summands.shape, name: summands.tensor?.name, node)
    }
    try define(step.output, as: result, node)
  }

  /// A product with a matrix of constants, or of two values.
  mutating func lowerProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard step.reads.count == 1, let name = step.reads.first else {
      try lowerProductOfValues(step)
      return
    }
    let isFirst = node.inputs[0] == name
    guard let weights = try constant(isFirst ? 1 : 0, of: node), weights.shape.count <= 2 else {
      throw node.refusal(
        "multiplies by a constant of more than two axes, and only matrices are run yet",
        "use a linear layer")
    }
    let input = try read(name, by: node)
    let rank = input.view.axes.count
    guard weights.shape.count == 2 || isFirst, rank > 1 else {
      throw node.refusal(
        "multiplies a vector by what the network computes, which is not run yet",
        "use a linear layer")
    }
    if weights.shape.count < 2 {
      // A vector makes one unit, which is no axis.
      let pending = try PendingMatrix(of: node, weights: weights, rows: 1, biases: nil)
      var result = try linear(pending, rows: 1, over: rank - 1, of: input, for: node)
      result.view = result.view.leavingOut(rank - 1)
      try define(step.output, as: result, node)
      return
    }
    let pending = try PendingMatrix(
      of: node, weights: isFirst ? weights.transposed : weights,
      rows: weights.shape[isFirst ? 1 : 0], biases: nil)
    try emitLinear(
      pending, rows: weights.shape[isFirst ? 1 : 0], over: isFirst ? rank - 1 : rank - 2, of: input,
      as: step)
  }

  private mutating func emitLinear(
    _ pending: PendingMatrix, rows: Int, over axis: Int, of input: LoweredValue,
    as step: LoweringStep
  ) throws(ONNXError) {
    try define(
      step.output, as: try linear(pending, rows: rows, over: axis, of: input, for: step.node),
      step.node)
  }

  /// A matrix along one axis, at every place of the others: there a convolution of one cell.
  mutating func linear(
    _ pending: PendingMatrix, rows: Int, over axis: Int, of input: LoweredValue, for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard !input.view.countsExamples(axis) else {
      throw node.refusal(
        "mixes the examples of a batch, which are run one by one", "use another axis")
    }
    let channels = input.view.atoms(of: axis)
    let places = input.view.atoms.indices.filter { !channels.contains($0) }
    let held = try hold(input, as: places.isEmpty ? [channels] : [channels, places], for: node)
    matrices[operations.count] = pending
    let matrix = Matrix(
      unitCount: rows, window: places.isEmpty ? nil : Window([Window.Axis(1)]))
    let value = try append(.matrix(matrix), reading: [held.value], for: node)
    // The units are held outermost, and the places behind them.
    var view = ValueView()
    let units = view.newAtom(rows)
    let numbers = places.map { view.newAtom(input.view.atoms[$0]) }
    for (other, factors) in input.view.axes.enumerated() {
      view.append(
        other == axis
          ? [units].compactMap(\.self)
          : factors.compactMap { factor in
            guard case .atom(let number) = factor else { return .batch }
            return places.firstIndex(of: number).flatMap { numbers[$0] }
          })
    }
    return LoweredValue(value: value, view: view)
  }

  /// The product of two values along their last two axes.
  private mutating func lowerProductOfValues(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard node.inputs.count == 2, let one = node.inputs[0], let other = node.inputs[1] else {
      throw node.refusal("lacks a factor", "export the file again")
    }
    let first = try read(one, by: node)
    let second = try read(other, by: node)
    let rank = first.view.axes.count
    let leading = first.view.axes.indices.dropLast(2)
    guard rank > 1, second.view.axes.count == rank,
      leading.allSatisfy({ axis in
        // Examples joined with heads on the outside are others than on the inside.
        first.view.extent(of: axis) == second.view.extent(of: axis)
          && first.view.countsExamples(axis) == second.view.countsExamples(axis)
          && (first.view.axes[axis].first == .batch) == (second.view.axes[axis].first == .batch)
      }), ![rank - 2, rank - 1].contains(where: first.view.countsExamples),
      ![rank - 2, rank - 1].contains(where: second.view.countsExamples)
    else {
      throw node.refusal(
        "multiplies \(first.view.shape.text) and \(second.view.shape.text) elements, and only values of alike leading "
          + "axes are multiplied, among them the examples", "let them have the same axes")
    }
    let (held, transposes) = try holdFactor(first, leading, node)
    let (heldSecond, transposesSecond) = try holdFactor(second, leading, node)
    let product = Product(transposesFirst: transposes, transposesSecond: transposesSecond)
    let value = try append(
      .product(product), reading: [held.value, heldSecond.value], for: node)
    let axes = leading.filter { !first.view.isBatchAlone($0) } + [rank - 2, rank - 1]
    let extents = shapes[value.index].extents
    try define(
      step.output,
      as: LoweredValue(
        value: value, view: ValueView(holding: axes, of: first.view) { extents[$0] }), node)
  }

  /// A factor of a product, with its last two axes in the order in which they are held.
  private mutating func holdFactor(
    _ factor: LoweredValue, _ leading: Range<Int>.SubSequence, _ node: ONNXNode
  ) throws(ONNXError) -> (LoweredValue, isTransposed: Bool) {
    let rank = factor.view.axes.count
    let outer = leading.filter { !factor.view.isBatchAlone($0) }
    func groups(_ last: [Int]) -> [[Int]] { (outer + last).map(factor.view.atoms(of:)) }
    let transposed = groups([rank - 1, rank - 2])
    let isTransposed = Array(transposed.joined()) == Array(factor.view.atoms.indices)
    return (
      try hold(factor, as: isTransposed ? transposed : groups([rank - 2, rank - 1]), for: node),
      isTransposed
    )
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
