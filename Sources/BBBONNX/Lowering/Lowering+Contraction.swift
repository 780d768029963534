import BBBNetwork

/// A value, its axes named: those of one name are the same axis of several values.
struct NamedAxes {
  var value: LoweredValue
  /// One for each axis.
  let names: [Int]

  /// The atoms along an axis; none where the value has not got it, or a single element there.
  func atoms(_ name: Int) -> [Int] {
    names.firstIndex(of: name).map(value.view.atoms(of:)) ?? []
  }

  /// What an axis counts; nothing where the value has not got it.
  func axis(_ name: Int) -> [ValueView.Factor] {
    names.firstIndex(of: name).map { value.view.axes[$0] } ?? []
  }

  /// The names of axes with more than one element, in the order in which they are held.
  var held: [Int] { value.view.heldAxes.map { names[$0] } }
}

/// Sums of products over axes: products of matrices, of many at a time, and what Einsum writes.
extension Lowering {
  /// Σ first · second, over the axes that the result has not.
  ///
  /// - Parameters:
  ///   - first: A value; where it has one element along an axis, that goes with each of the other's.
  ///   - second: Another.
  ///   - result: The names of the result's axes.
  ///   - node: The node that it is for.
  /// - Returns: The result.
  /// - Throws: ``ONNXError`` if examples would be mixed.
  mutating func contracted(
    _ first: NamedAxes, _ second: NamedAxes, to result: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try check(first, second, result, node)
    let first = try summed(first, notIn: result + second.held, node)
    let second = try summed(second, notIn: result + first.held, node)
    let shared = result.filter { !first.atoms($0).isEmpty && !second.atoms($0).isEmpty }
    let inner = first.held.filter { !result.contains($0) }
    let left = first.held.filter { result.contains($0) && !shared.contains($0) }
    let right = second.held.filter { result.contains($0) && !shared.contains($0) }
    let (one, isTransposed) = try factor(first, shared, left, inner, node)
    let (other, isTransposedBack) = try factor(second, shared, right, inner, node)
    let product = Product(transposesFirst: isTransposed, transposesSecond: !isTransposedBack)
    let value = try append(.product(product), reading: [one, other], for: node)
    var view = ValueView()
    var atoms: [Int: ValueView.Factor] = [:]
    for name in shared + left + right {
      let owner = first.atoms(name).isEmpty ? second : first
      atoms[name] = view.newAtom(owner.value.view.extent(of: owner.atoms(name)))
    }
    for name in result {
      let counting = [first, second].map { $0.axis(name) }.first { $0.contains(.batch) } ?? []
      let own = [atoms[name]].compactMap(\.self)
      view.append(
        !counting.contains(.batch)
          ? own : counting.first == .batch ? [.batch] + own : own + [.batch]
      )
    }
    return LoweredValue(value: value, view: view)
  }

  /// Checks that both count the examples along the same axis of the result, if both do.
  private func check(
    _ first: NamedAxes, _ second: NamedAxes, _ result: [Int], _ node: ONNXNode
  ) throws(ONNXError) {
    for name in Set(first.names + second.names) {
      let axes = [first.axis(name), second.axis(name)]
      let counts = axes.map { $0.contains(.batch) }
      guard counts.contains(true) else { continue }
      let fits =
        counts[0] == counts[1]
        ? (axes[0].first == .batch) == (axes[1].first == .batch)
        // What all examples share.
        : axes[counts[0] ? 1 : 0].isEmpty && !(counts[0] ? second : first).countsExamples
      guard fits, result.contains(name) else {
        throw node.refusal(
          "multiplies \(first.value.view.shape.text) and \(second.value.view.shape.text) elements, and only values of alike "
            + "leading axes are multiplied, among them the examples", "let them have the same axes")
      }
    }
  }

  /// A value summed up over the axes that nothing else has.
  private mutating func summed(
    _ operand: NamedAxes, notIn others: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> NamedAxes {
    let axes = operand.names.indices.filter {
      !others.contains(operand.names[$0]) && !operand.value.view.atoms(of: $0).isEmpty
    }
    guard !axes.isEmpty else { return operand }
    return NamedAxes(value: try sum(operand.value, over: axes, node), names: operand.names)
  }

  /// A factor of a product, with its last two axes in the order in which they are held.
  private mutating func factor(
    _ operand: NamedAxes, _ shared: [Int], _ outer: [Int], _ inner: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> (Value, isTransposed: Bool) {
    func groups(_ last: [[Int]]) -> [[Int]] {
      shared.map(operand.atoms) + last.map { $0.flatMap(operand.atoms) }
    }
    let transposed = groups([inner, outer])
    let isTransposed =
      Array(transposed.joined()) == Array(operand.value.view.atoms.indices) && !inner.isEmpty
    let held = try hold(
      operand.value, as: isTransposed ? transposed : groups([outer, inner]), for: node)
    return (held.value, isTransposed)
  }

  /// Σ value · constant, where the constant is a matrix: each of its axes is summed over, or the result's alone.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - constant: The weights.
  ///   - names: Those of the constant's axes.
  ///   - result: The names of the result's axes.
  ///   - node: The node that multiplies.
  /// - Returns: The result; `nil` if the constant is no such matrix.
  /// - Throws: ``ONNXError`` if the examples would be mixed.
  mutating func multiplied(
    _ value: NamedAxes, by constant: ONNXConstant, _ names: [Int], to result: [Int],
    _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue? {
    func extent(_ name: Int) -> Int { names.firstIndex(of: name).map { constant.shape[$0] } ?? 1 }
    let rows = result.filter {
      names.contains($0) && (extent($0) > 1 || !value.names.contains($0))
    }
    let single = value.names.filter { !value.held.contains($0) }
    let columns = (value.held + single).filter { !result.contains($0) }
    let others = value.names.filter { result.contains($0) }
    guard !columns.isEmpty, constant.elementType.isFloatingPoint,
      rows.allSatisfy({ value.axis($0).isEmpty }),
      columns.allSatisfy({ name in
        names.contains(name) && !value.axis(name).contains(.batch)
          && value.value.view.extent(of: value.atoms(name)) == extent(name)
      }),
      names.allSatisfy({ rows.contains($0) || columns.contains($0) || extent($0) == 1 })
    else { return nil }
    let rest = names.filter { !rows.contains($0) && !columns.contains($0) }
    let order = (rows + columns + rest).compactMap { names.firstIndex(of: $0) }
    let rowCount = rows.reduce(1) { $0 * extent($1) }
    var weights = constant.viewed(.transposed(axes: order))
    if order.count > 2 {
      weights = weights.viewed(
        .reshaped([rowCount, columns.reduce(1) { $0 * extent($1) }]))
    }
    var input = value.value
    input.view = ValueView(
      held: input.view.atoms, axes: others.map(value.axis) + [columns.flatMap(value.axis)])
    let pending = try PendingMatrix(of: node, weights: weights, rows: rowCount, biases: nil)
    var made = try linear(pending, rows: rowCount, over: others.count, of: input, for: node)
    // The units are one axis still.
    let shape = made.view.shape.dropLast() + rows.map { ONNXExtent.number(extent($0)) }
    guard let view = made.view.reshaped(to: Array(shape)) else {
      throw node.refusal("multiplies what cannot be taken apart", "use a linear layer")
    }
    // An axis of a single element becomes the weights'.
    made.view = ValueView(
      held: view.atoms,
      axes: result.map { name in
        if let place = rows.firstIndex(of: name) { return view.axes[others.count + place] }
        return others.firstIndex(of: name).map { view.axes[$0] } ?? []
      })
    return made
  }
}

extension NamedAxes {
  /// Whether an axis counts the examples.
  fileprivate var countsExamples: Bool { value.view.axes.contains { $0.contains(.batch) } }
}
