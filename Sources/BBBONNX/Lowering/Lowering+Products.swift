import BBBNetwork

/// Products of matrices, of weights or of two values.
extension Lowering {
  /// A product with a matrix of constants, or of two values.
  mutating func lowerProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard node.inputs.count == 2,
      let ranks = rank(of: 0, node).flatMap({ one in rank(of: 1, node).map { (one, $0) } })
    else { throw node.refusal("lacks a factor", "export the file again") }
    // Rows and columns are named −3, −2 and −1 for what is summed over; the axes before by their place from the last.
    let leading = (0..<max(ranks.0, ranks.1, 2) - 2).reversed().map { $0 }
    func names(_ rank: Int, _ last: [Int]) -> [Int] {
      rank == 1 ? [-1] : leading.suffix(rank - 2) + last
    }
    let result =
      leading + (ranks.0 > 1 ? [-3] : []) + (ranks.1 > 1 ? [-2] : [])
    try define(
      step.output,
      as: try product(
        (0, names(ranks.0, [-3, -1])), (1, names(ranks.1, [-1, -2])), to: result, of: node), node)
  }

  /// The number of axes that an input has.
  private func rank(of index: Int, _ node: ONNXNode) -> Int? {
    node.inputs[index].flatMap { graph.values[$0]?.shape.count }
  }

  /// The sum of products of two inputs, of which one can be the weights of a linear layer.
  ///
  /// - Parameters:
  ///   - one: The number of an input, and the names of its axes.
  ///   - other: Another.
  ///   - result: The names of the result's axes.
  ///   - node: The node that reads both.
  /// - Returns: The result.
  /// - Throws: ``ONNXError`` if a network cannot compute it.
  mutating func product(
    _ one: (index: Int, names: [Int]), _ other: (index: Int, names: [Int]), to result: [Int],
    of node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    for (value, weights) in [(one, other), (other, one)]
    where isConstant(weights.index, of: node) && !isConstant(value.index, of: node) {
      guard let constant = try constant(weights.index, of: node) else { continue }
      let operand = NamedAxes(value: try readInput(value.index, of: node), names: value.names)
      if let made = try multiplied(operand, by: constant, weights.names, to: result, node) {
        return made
      }
    }
    return try contracted(
      NamedAxes(value: try readInput(one.index, of: node), names: one.names),
      NamedAxes(value: try readInput(other.index, of: node), names: other.names), to: result, node)
  }

  /// α·A·B + β·C, α and β in weights and biases where these are constants.
  mutating func lowerAffineProduct(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let isTransposed = try node.attributes.flag("transA")
    let factor = Double(try node.attributes.real("alpha", default: 1))
    let biasFactor = Double(try node.attributes.real("beta", default: 1))
    let hasBias = node.inputs.count > 2 && node.inputs[2] != nil && biasFactor != 0
    // One bias for each unit, or one for all; without examples there can be others.
    let biasShape = hasBias ? graph.constants[node.inputs[2] ?? ""]?.shape : []
    if !isTransposed, isConstant(1, of: node), !isConstant(0, of: node),
      let biasShape, biasShape.dropLast().allSatisfy({ $0 == 1 })
    {
      try lowerLinearLayer(step, factor: factor, biasFactor: biasFactor)
      return
    }
    let isSecondTransposed = try node.attributes.flag("transB")
    var result = try product(
      (0, isTransposed ? [-1, -3] : [-3, -1]), (1, isSecondTransposed ? [-2, -1] : [-1, -2]),
      to: [-3, -2], of: node)
    if factor != 1 { result = try applying(.multiply, to: result, factor, node) }
    if hasBias, biasFactor == 1 {
      result = try combined(.add, result, withInput: 2, of: node)
    } else if hasBias {
      let bias = try applying(.multiply, to: try readInput(2, of: node), biasFactor, node)
      result = try combined(.add, result, bias, node)
    }
    try define(step.output, as: result, node)
  }

  private mutating func lowerLinearLayer(
    _ step: LoweringStep, factor: Double, biasFactor: Double
  ) throws(ONNXError) {
    let node = step.node
    guard let weights = try constant(1, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let isTransposed = try node.attributes.flag("transB")
    let rows = weights.shape[isTransposed ? 0 : 1]
    var biases: [Double]?
    if let given = try reals(2, of: node), biasFactor != 0 {
      biases = (0..<rows).map { biasFactor * given[given.count == 1 ? 0 : $0] }
    }
    let pending = try PendingMatrix(
      of: node, weights: isTransposed ? weights : weights.transposed, rows: rows, factor: factor,
      biases: biases)
    let result = try linear(pending, rows: rows, over: 1, of: try readFirst(step), for: node)
    try define(step.output, as: result, node)
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
    let matrix = Matrix(
      unitCount: rows, window: places.isEmpty ? nil : Window([Window.Axis(1)]))
    let (value, change) = try append(pending, as: matrix, reading: held.value, for: node)
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
    return try applying(
      change, to: LoweredValue(value: value, view: view), alongAxis: axis, node)
  }

  /// A sum of products of several values, as its equation writes it, one value after the other.
  mutating func lowerIndexedSum(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let ranks = node.inputs.indices.compactMap { rank(of: $0, node) }
    let text = try node.attributes.text("equation", default: "")
    guard ranks.count == node.inputs.count, let equation = EinsumEquation(text, ranks: ranks) else {
      throw node.refusal("has the equation \"\(text)\", which is not run", "write it otherwise")
    }
    var numbers: [EinsumEquation.Label: Int] = [:]
    for label in equation.operands.joined() where numbers[label] == nil {
      numbers[label] = numbers.count
    }
    let names = equation.operands.map { $0.compactMap { numbers[$0] } }
    let result = equation.output.compactMap { numbers[$0] }
    if names.count == 2 {
      try define(
        step.output, as: try product((0, names[0]), (1, names[1]), to: result, of: node), node)
      return
    }
    var made = NamedAxes(value: try readInput(0, of: node), names: names[0])
    for index in names.indices.dropFirst() {
      // What later values, or the result, still ask for.
      let asked = Set(result + names[(index + 1)...].joined())
      let kept = (made.names + names[index].filter { !made.names.contains($0) })
        .filter(asked.contains)
      made = NamedAxes(
        value: try contracted(
          made, NamedAxes(value: try readInput(index, of: node), names: names[index]), to: kept,
          node), names: kept)
    }
    let axes = made.names.indices.filter { !result.contains(made.names[$0]) }
    made.value = axes.isEmpty ? made.value : try sum(made.value, over: axes, node)
    made.value.view = ValueView(held: made.value.view.atoms, axes: result.map(made.axis))
    try define(step.output, as: made.value, node)
  }
}

extension ONNXConstant {
  /// The matrix with rows and columns exchanged.
  fileprivate var transposed: ONNXConstant { viewed(.transposed(axes: [1, 0])) }
}
