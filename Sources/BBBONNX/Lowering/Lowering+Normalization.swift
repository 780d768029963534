import BBBNetwork

/// Normalisations: by statistics of training, which are factors and shifts, or by those of the value itself.
extension Lowering {
  /// (x − mean)/√(variance + ε) · scale + shift, folded into the matrix before it where nothing else reads that.
  mutating func lowerBatchNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard let scale = try reals(1, of: node), let shift = try reals(2, of: node),
      let mean = try reals(3, of: node), let variance = try reals(4, of: node)
    else { throw node.refusal("lacks its statistics", "export the file again") }
    let epsilon = Double(try node.attributes.real("epsilon", default: 1e-5))
    let factors = scale.indices.map { scale[$0] / (variance[$0] + epsilon).squareRoot() }
    let summands = shift.indices.map { shift[$0] - mean[$0] * factors[$0] }
    var value = try readFirst(step)
    let channels = value.view.atoms(of: 1)
    // The units are held outermost.
    if channels == Array(channels.indices),
      shapes[value.value.index].extents[0] == factors.count,
      let folded = fold(RowChange(factors: factors, summands: summands), into: value)
    {
      try define(step.output, as: folded, node)
      return
    }
    let shape = value.view.axes.indices.dropFirst().map { $0 == 1 ? factors.count : 1 }
    let name = try constant(1, of: node)?.tensor?.name
    value = try applying(.multiply, to: value, factors, shape, name: name, node)
    value = try applying(
      .add, to: value, summands, shape, name: try constant(2, of: node)?.tensor?.name, node)
    try define(step.output, as: value, node)
  }

  mutating func lowerLayerNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let first = (try node.attributes.integer("axis", default: -1) + rank) % rank
    guard node.outputs.dropFirst().allSatisfy({ $0.map(steps.isRead) != true }) else {
      throw node.refusal(
        "gives its mean or deviation, too, which is not run", "use its first output alone")
    }
    var value = try normalised(input, over: Array(first..<rank), try epsilon(of: node), of: node)
    for (index, arithmetic) in [(1, Arithmetic.multiply), (2, .add)] {
      guard let constant = try constant(index, of: node) else { continue }
      value = try applying(
        arithmetic, to: value, try constant.reals(for: node), constant.shape,
        name: constant.tensor?.name, node)
    }
    try define(step.output, as: value, node)
  }

  mutating func lowerInstanceNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    var value = try normalised(
      input, over: Array(input.view.axes.indices.dropFirst(2)), try epsilon(of: node), of: node)
    for (index, arithmetic) in [(1, Arithmetic.multiply), (2, .add)] {
      guard let constant = try constant(index, of: node) else { continue }
      // Ones and zeros, which PyTorch writes for group normalisation, do nothing.
      let numbers = try constant.reals(for: node)
      if numbers.allSatisfy({ $0 == (arithmetic == .add ? 0 : 1) }) { continue }
      let shape = input.view.axes.indices.dropFirst().map { $0 == 1 ? numbers.count : 1 }
      value = try applying(
        arithmetic, to: value, numbers, shape, name: constant.tensor?.name, node)
    }
    try define(step.output, as: value, node)
  }

  /// ε as it is written, and not as single precision has it.
  private func epsilon(of node: ONNXNode) throws(ONNXError) -> Double {
    Double("\(try node.attributes.real("epsilon", default: 1e-5))") ?? 1e-5
  }

  /// (x − mean)/√(variance + ε) over some axes.
  mutating func normalised(
    _ input: LoweredValue, over axes: [Int], _ epsilon: Double, of node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard !axes.contains(where: input.view.countsExamples) else {
      throw node.refusal(
        "is over the examples of a batch, which are run one by one", "use other axes")
    }
    let held = input.view.heldAxes
    let places = held.indices.filter { axes.contains(held[$0]) }
    guard !places.isEmpty else {
      throw node.refusal(
        "is over one element, of which it always makes 0", "leave it out of the network")
    }
    var value = try hold(input, as: held.map(input.view.atoms(of:)), for: node)
    value.value = try append(
      .normalise(Normalise(axes: places, epsilon: epsilon)), reading: [value.value], for: node)
    return value
  }
}
