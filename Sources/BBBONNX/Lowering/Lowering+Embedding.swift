import BBBNetwork

/// Rows of a table, looked up by numbers that the network reads.
extension Lowering {
  /// The product of the table with a 1 at each number's place: so its weights are those of a matrix, as others are.
  ///
  /// Numbers below 0 count from the end. Others that the table has no row for give zeros.
  mutating func lowerEmbedding(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard let table = try constant(0, of: node), let name = step.reads.first else {
      throw node.refusal("lacks its table", "export the file again")
    }
    guard try node.attributes.integer("axis", default: 0) == 0, !table.shape.isEmpty else {
      throw node.refusal(
        "looks numbers up along an axis that is not its table's first, which is not run",
        "transpose the table")
    }
    let (count, width) = (table.shape[0], table.shape.dropFirst().reduce(1, *))
    let numbers = try read(name, by: node)
    let isNegative = try applying(.less, to: numbers, [0], [], name: nil, node)
    let counted = try combined(
      .add, numbers, try applying(.multiply, to: isNegative, [Double(count)], [], name: nil, node),
      node)
    // One more axis, the outermost one in memory, with a 1 in one place.
    var places = counted
    places.view.append([])
    let rank = places.view.axes.count
    let isPlace = try applying(
      .equal, to: places, (0..<count).map(Double.init), [count], name: nil, node)
    let pending = try PendingMatrix(
      of: node,
      weights: table.viewed(.reshaped([count, width])).viewed(.transposed(axes: [1, 0])),
      rows: width, biases: nil)
    let rows = try linear(pending, rows: width, over: rank - 1, of: isPlace, for: node)
    try define(
      step.output, as: try reshaped(rows, to: try shape(of: step), for: node), node)
  }
}
