extension OperatorCall {
  /// The shape to which some shapes are broadcast.
  ///
  /// - Throws: ``ONNXError`` if they do not fit each other.
  func broadcast(_ shapes: [[ONNXExtent]]) throws(ONNXError) -> [ONNXExtent] {
    var result: [ONNXExtent] = []
    for shape in shapes {
      let rank = max(result.count, shape.count)
      let one = Self.padded(result, to: rank)
      let other = Self.padded(shape, to: rank)
      result = []
      for (left, right) in zip(one, other) { result.append(try broadcast(left, right, in: shapes)) }
    }
    return result
  }

  private func broadcast(
    _ one: ONNXExtent, _ other: ONNXExtent, in shapes: [[ONNXExtent]]
  ) throws(ONNXError) -> ONNXExtent {
    if one == other || other == .number(1) { return one }
    if one == .number(1) { return other }
    throw try mismatch(one, other, in: shapes)
  }

  private static func padded(_ shape: [ONNXExtent], to rank: Int) -> [ONNXExtent] {
    [ONNXExtent](repeating: .number(1), count: rank - shape.count) + shape
  }

  /// The error that two extents differ: by the number of examples that the file was exported for, if
  /// one is that.
  func mismatch(
    _ one: ONNXExtent, _ other: ONNXExtent, in shapes: [[ONNXExtent]]
  ) throws(ONNXError) -> ONNXError {
    let text = shapes.map(\.text).joined(separator: " and ")
    if let frozenBatch, one.value(batch: frozenBatch) == other.value(batch: frozenBatch) {
      return unsupported(
        "joins \(text), one of which was made for \(frozenBatch) examples when the file was exported",
        "export the network with a free batch (dynamic_axes, or dynamic_shapes of the newer exporter)"
      )
    }
    return malformed("cannot join values of shapes \(text)")
  }

  /// Whether two extents are the same, where a constant may have the number of examples that the file
  /// was exported for.
  ///
  /// - Throws: ``ONNXError`` if they are not.
  func checkEqual(
    _ one: ONNXExtent, _ other: ONNXExtent, in shapes: [[ONNXExtent]]
  ) throws(ONNXError) {
    guard one == other else { throw try mismatch(one, other, in: shapes) }
  }
}
