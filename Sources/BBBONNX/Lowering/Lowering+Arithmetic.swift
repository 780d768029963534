import BBBNetwork

/// Arithmetic of two values, of which one can be constant.
extension Lowering {
  /// A sum, difference, product or quotient of two.
  ///
  /// What scales and shifts the units of a matrix that nothing else reads is folded into it.
  mutating func lowerArithmetic(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let names = node.inputs.compactMap(\.self)
    guard names.count == 2 else {
      throw node.refusal(
        "reads \(names.count) values, and two are run", "export with opset_version=20")
    }
    guard let arithmetic = Arithmetic(node.operatorType) else {
      throw node.refusal("is no arithmetic", "export the file again")
    }
    if arithmetic == .divide, graph.values[step.output]?.elementType.integerRange != nil {
      try define(
        step.output, as: try truncated(try computed(.divide, 0, 1, of: node), node), node)
      return
    }
    if step.reads.count == 1,
      let constant = graph.constants[names[names[0] == step.reads[0] ? 1 : 0]]
    {
      let isFirst = names[0] == step.reads[0]
      let numbers = try constant.reals(for: node)
      let value = try read(step.reads[0], by: node)
      if let change = try change(
        arithmetic, numbers, constant.shape, of: value, isFirst: isFirst, node),
        let folded = fold(change, into: value)
      {
        try define(step.output, as: folded, node)
        return
      }
      try define(
        step.output,
        as: try applying(
          arithmetic, to: value, numbers, constant.shape, name: constant.tensor?.name,
          isFirst: isFirst, node),
        node)
      return
    }
    let result = try combined(
      arithmetic, try read(names[0], by: node), try read(names[1], by: node), node)
    try define(step.output, as: result, node)
  }

  /// Arithmetic of a value and a constant that is broadcast to it.
  ///
  /// - Parameters:
  ///   - arithmetic: What is computed.
  ///   - value: The value.
  ///   - numbers: The constant's.
  ///   - shape: The constant's; its axes are the value's last ones.
  ///   - name: What the file calls the constant.
  ///   - isFirst: Whether the value is the first operand.
  ///   - node: The node that it is for.
  /// - Returns: The result.
  /// - Throws: ``ONNXError`` if a network cannot compute it.
  mutating func applying(
    _ arithmetic: Arithmetic, to value: LoweredValue, _ numbers: [Double], _ shape: [Int],
    name: String?, isFirst: Bool = true, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    // Held as the value is, so that it is moved now, and not each time it is read.
    let rank = max(value.view.axes.count, shape.count)
    let extents = Array(repeating: 1, count: rank - shape.count) + shape
    let strides =
      Array(repeating: 0, count: rank - shape.count) + ElementPositions.strides(of: shape)
    let held = value.view.aligned(to: rank).heldAxes
    let axes = held + extents.indices.filter { extents[$0] > 1 && !held.contains($0) }
    let positions = ElementPositions.strided(
      shape: axes.map { extents[$0] }, strides: axes.map { strides[$0] })
    let constant = LoweredValue(
      value: try append(
        constant: positions.map { numbers[$0] }, of: axes.map { extents[$0] }, name: name, for: node
      ),
      view: ValueView(
        holding: axes, of: ValueView(held: [], axes: Array(repeating: [], count: rank))
      ) { extents[axes[$0]] })
    return isFirst
      ? try combined(arithmetic, value, constant, node)
      : try combined(arithmetic, constant, value, node)
  }

  /// Arithmetic of two values, along whose axes one can have a single element for all of the other's.
  mutating func combined(
    _ arithmetic: Arithmetic, _ one: LoweredValue, _ other: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let rank = max(one.view.axes.count, other.view.axes.count)
    let operands = [one, other].map { operand in
      var operand = operand
      operand.view = operand.view.aligned(to: rank)
      return operand
    }
    // In the order in which the value of more elements is held, so that it need not be moved.
    let leader = operands[0].view.atoms.count >= operands[1].view.atoms.count ? 0 : 1
    let held = operands[leader].view.heldAxes
    let axes = held + operands[1 - leader].view.heldAxes.filter { !held.contains($0) }
    for axis in axes {
      let examples = operands.map { $0.view.countsExamples(axis) }
      guard
        examples[0] == examples[1]
          || operands[examples[0] ? 1 : 0].view.axes[axis].isEmpty,
        !examples.contains(true)
          || operands[0].view.axes[axis].first == operands[1].view.axes[axis].first
          || operands.contains(where: { $0.view.axes[axis].isEmpty })
      else {
        throw node.refusal(
          "computes with \(one.view.shape.text) and \(other.view.shape.text) elements, which count the examples of a batch "
            + "in different ways", "let both have the batch first")
      }
    }
    var values: [Value] = []
    for operand in operands {
      values.append(try hold(operand, as: axes.map(operand.view.atoms(of:)), for: node).value)
    }
    let value = try append(.arithmetic(arithmetic), reading: values, for: node)
    let extents = shapes[value.index].extents
    // Each axis counts the examples if it does in either.
    let examples = ValueView(
      held: [],
      axes: (0..<rank).map { axis in
        operands.first { $0.view.countsExamples(axis) }?.view.axes[axis] ?? []
      })
    return LoweredValue(
      value: value, view: ValueView(holding: axes, of: examples) { extents[$0] })
  }

  // MARK: Folding

  /// What arithmetic with a constant does to the units of a matrix.
  ///
  /// - Returns: The change; `nil` if the value is not what a matrix gives, or the constant differs at places of one unit.
  private func change(
    _ arithmetic: Arithmetic, _ numbers: [Double], _ shape: [Int], of value: LoweredValue,
    isFirst: Bool, _ node: ONNXNode
  ) throws(ONNXError) -> RowChange? {
    guard case .node(let number) = value.value, matrices[number] != nil,
      shape.count <= value.view.axes.count,
      // A mask is no bias.
      numbers.allSatisfy({ Float($0).isFinite }),
      let constants = value.view.unitNumbers(
        shapes[value.value.index].extents[0], of: numbers, shape)
    else { return nil }
    let ones = constants.map { _ in 1.0 }
    return switch arithmetic {
    case .add: RowChange(factors: ones, summands: constants)
    case .multiply: RowChange(factors: constants, summands: nil)
    case .subtract:
      isFirst
        ? RowChange(factors: ones, summands: constants.map(-))
        : RowChange(factors: ones.map(-), summands: constants)
    case .divide:
      isFirst ? RowChange(factors: constants.map { 1 / $0 }, summands: nil) : nil
    case .minimum, .maximum, .power, .equal, .less, .select: nil
    }
  }

  /// A change of a matrix's units, taken over by its weights and biases.
  ///
  /// - Parameters:
  ///   - change: The change.
  ///   - value: What the matrix gives.
  /// - Returns: The value that is changed; `nil` if it is no matrix's, or is read elsewhere too, or if not all nodes that multiply by
  ///   the matrix have the change behind them.
  mutating func fold(_ change: RowChange, into value: LoweredValue) -> LoweredValue? {
    guard case .node(let number) = value.value, let matrix = matrices[number],
      isReadOnce(value.value),
      matrix.changes.count < foldLimits[matrix.identity] ?? Int.max
    else { return nil }
    matrices[number]?.apply(change)
    return value
  }
}

extension Arithmetic {
  /// The arithmetic of an operator; `nil` of others.
  fileprivate init?(_ operatorType: String) {
    switch operatorType {
    case "Add": self = .add
    case "Sub": self = .subtract
    case "Mul": self = .multiply
    case "Div": self = .divide
    default: return nil
    }
  }
}

extension ValueView {
  /// The view with axes of one element before the others.
  func aligned(to rank: Int) -> ValueView {
    ValueView(held: atoms, axes: Array(repeating: [], count: rank - axes.count) + axes)
  }

  /// A constant's number for each unit, the units being held outermost.
  ///
  /// - Parameters:
  ///   - unitCount: The number of units.
  ///   - numbers: The constant's numbers.
  ///   - shape: Its shape; its axes are the last ones of the view.
  /// - Returns: A number for each unit; `nil` if the constant differs along what is no part of the units.
  fileprivate func unitNumbers(
    _ unitCount: Int, of numbers: [Double], _ shape: [Int]
  ) -> [Double]? {
    // The atoms that count units.
    var units = 0
    var count = 1
    while count < unitCount, units < atoms.count {
      count *= atoms[units]
      units += 1
    }
    guard count == unitCount else { return nil }
    let strides = ElementPositions.strides(of: shape)
    var unitStrides = [Int](repeating: 0, count: units)
    for (place, extent) in shape.enumerated() where extent > 1 {
      let axis = axes.count - shape.count + place
      guard extent == self.extent(of: axis), !countsExamples(axis) else { return nil }
      var stride = strides[place]
      for number in atoms(of: axis).reversed() {
        guard number < units else { return nil }
        unitStrides[number] = stride
        stride *= atoms[number]
      }
    }
    return ElementPositions.strided(shape: Array(atoms.prefix(units)), strides: unitStrides)
      .map { numbers[$0] }
  }
}
