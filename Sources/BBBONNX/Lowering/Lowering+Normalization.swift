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
    let axes = Array(first..<rank)
    let epsilon = try epsilon(of: node)
    if let name = node.outputs[0], steps.isRead(name) {
      var value = try normalised(input, over: axes, epsilon, of: node)
      value = try combined(.multiply, value, withInput: 1, of: node)
      if node.inputs.count > 2, node.inputs[2] != nil {
        value = try combined(.add, value, withInput: 2, of: node)
      }
      try define(name, as: value, node)
    }
    guard node.outputs.dropFirst().contains(where: { $0.map(steps.isRead) == true }) else { return }
    // The mean, and 1/√(variance + ε).
    let mean = try mean(input, over: axes, node)
    let difference = try combined(.subtract, input, mean, node)
    let variance = try self.mean(
      try combined(.multiply, difference, difference, node), over: axes, node)
    let root = try applied(.squareRoot, to: try applying(.add, to: variance, epsilon, node), node)
    let inverse = try applying(.divide, to: root, 1, isFirst: false, node)
    for (name, value) in zip(node.outputs.dropFirst(), [mean, inverse]) {
      if let name, steps.isRead(name) { try define(name, as: value, node) }
    }
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

  /// Groups of channels, normalised with all their positions.
  mutating func lowerGroupNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    var value = try readFirst(step)
    let shape = value.view.shape
    let channels = value.view.extent(of: 1)
    let groups = try node.attributes.integer("num_groups", default: 1)
    value = try reshaped(
      value, to: [shape[0], .number(groups), .number(channels / groups)] + shape[2...], for: node)
    value = try normalised(
      value, over: Array(2..<value.view.axes.count), try epsilon(of: node), of: node)
    value = try reshaped(value, to: shape, for: node)
    for (index, arithmetic) in [(1, Arithmetic.multiply), (2, .add)] {
      guard let constant = try constant(index, of: node) else { continue }
      // Until version 20 of the operators there was one number for each group.
      let given = try constant.reals(for: node)
      let numbers = (0..<channels).map { given[$0 * given.count / channels] }
      value = try applying(
        arithmetic, to: value, numbers, [channels] + shape.dropFirst(2).map { _ in 1 },
        name: constant.tensor?.name, node)
    }
    try define(step.output, as: value, node)
  }

  /// x/√(mean of x² + ε), times a scale.
  mutating func lowerRootMeanSquareNormalization(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let first = (try node.attributes.integer("axis", default: -1) + rank) % rank
    let square = try mean(
      try combined(.multiply, input, input, node), over: Array(first..<rank), node)
    let root = try applied(
      .squareRoot, to: try applying(.add, to: square, try epsilon(of: node), node), node)
    let value = try combined(.divide, input, root, node)
    try define(step.output, as: try combined(.multiply, value, withInput: 1, of: node), node)
  }

  /// (x − mean)/deviation over some axes.
  mutating func lowerMeanVarianceNormalization(_ step: LoweringStep) throws(ONNXError) {
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let axes = (try step.node.attributes.integers("axes") ?? [0, 2, 3]).map { ($0 + rank) % rank }
    // The operator adds 1e-9 to the deviation.
    try define(
      step.output, as: try normalised(input, over: axes, 1e-18, of: step.node), step.node)
  }

  /// What is left once the sum of magnitudes, or the root of the sum of squares, along an axis is 1.
  mutating func lowerNormDivision(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let rank = input.view.axes.count
    let axis = (try node.attributes.integer("axis", default: -1) + rank) % rank
    let norm: LoweredValue
    switch try node.attributes.integer("p", default: 2) {
    case 1: norm = try sum(try applied(.absolute, to: input, node), over: [axis], node)
    case 2:
      let squares = try combined(.multiply, input, input, node)
      norm = try applied(.squareRoot, to: try sum(squares, over: [axis], node), node)
    case let power:
      throw node.refusal(
        "has a norm of power \(power), and only 1 and 2 are run", "use one of them")
    }
    // Zeros stay zeros.
    let divisor = try applying(.maximum, to: norm, 1e-37, node)
    try define(step.output, as: try combined(.divide, input, divisor, node), node)
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
