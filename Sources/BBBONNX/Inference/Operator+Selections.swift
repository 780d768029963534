/// Operators that take parts of values, or put values beside each other.
extension Operator {
  static let selections: [String: Operator] = [
    "Concat": Operator(
      inputs: 1...1024, attributes: ["axis"], folding: OperatorCall.foldedConcatenation,
      OperatorCall.concatenate),
    "Split": Operator(
      inputs: 1...2, outputs: 1...1024, attributes: ["axis", "num_outputs", "split"],
      OperatorCall.split),
    "Slice": Operator(inputs: 3...5, folding: OperatorCall.foldedSlice, OperatorCall.slice),
    "Gather": Operator(
      inputs: 2...2, attributes: ["axis"], folding: OperatorCall.foldedGathering,
      OperatorCall.gather),
  ]
}

extension OperatorCall {
  fileprivate func concatenate() throws(ONNXError) -> [ONNXValue] {
    let shapes = try inputs.indices.map { (index) throws(ONNXError) in try input(index).shape }
    let rank = shapes[0].count
    let axis = try axis(try attributes.integer("axis", default: rank), rank: rank)
    var result = shapes[0]
    for shape in shapes.dropFirst() {
      guard shape.count == rank else { throw malformed("joins values of different ranks") }
      for other in 0..<rank where other != axis {
        try checkEqual(result[other], shape[other], in: shapes)
      }
      guard !shape[axis].isBatch, !result[axis].isBatch else { throw mixesExamples() }
      guard let sum = result[axis].adding(shape[axis]) else { throw malformed("is too long") }
      result[axis] = sum
    }
    return [ONNXValue(try commonType(of: inputs.indices), result)]
  }

  /// The lengths of the parts along the axis.
  func splitLengths() throws(ONNXError) -> (axis: Int, lengths: [Int]) {
    let shape = try input(0).shape
    let axis = try axis(try attributes.integer("axis", default: 0), rank: shape.count)
    guard let extent = shape[axis].number else { throw mixesExamples() }
    let written =
      try operatorSetVersion < 13 ? attributes.integers("split") : constantNumbers(1)
    let count = node.outputs.count
    guard count > 0 else { throw malformed("makes nothing") }
    let chunk = (extent + count - 1) / count
    let equal = (0..<count).map { min(chunk, max(0, extent - $0 * chunk)) }
    let lengths = written ?? equal
    guard lengths.count == count, lengths.allSatisfy({ (0...extent).contains($0) }),
      lengths.reduce(0, +) == extent
    else { throw malformed("splits \(extent) into parts of \(lengths)") }
    return (axis, lengths)
  }

  fileprivate func split() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let (axis, lengths) = try splitLengths()
    return lengths.map { length in
      var shape = value.shape
      shape[axis] = .number(length)
      return ONNXValue(value.elementType, shape)
    }
  }

  fileprivate func slice() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    var shape = value.shape
    for slice in try slices() { shape[slice.axis] = .number(slice.count) }
    return [ONNXValue(value.elementType, shape)]
  }

  /// The axes of which not all is taken.
  func slices() throws(ONNXError) -> [ONNXSlice] {
    let shape = try input(0).shape
    guard let starts = try constantExtents(1), let ends = try constantExtents(2),
      starts.count == ends.count
    else { throw malformed("has not as many ends as starts") }
    let axes = try constantNumbers(3) ?? Array(0..<starts.count)
    let steps = try constantNumbers(4) ?? [Int](repeating: 1, count: starts.count)
    guard axes.count == starts.count, steps.count == starts.count, !steps.contains(0) else {
      throw malformed("has not one step for each of its axes")
    }
    _ = try self.axes(axes, rank: shape.count)
    var slices: [ONNXSlice] = []
    for (index, written) in axes.enumerated() {
      let axis = try axis(written, rank: shape.count)
      if try takesAll(shape[axis], from: starts[index], to: ends[index], step: steps[index]) {
        continue
      }
      guard let extent = shape[axis].number, let start = starts[index].number,
        let end = ends[index].number
      else { throw shape[axis].isBatch ? mixesExamples() : dependsOnBatch() }
      slices.append(
        ONNXSlice(axis: axis, extent: extent, start: start, end: end, step: steps[index]))
    }
    return slices
  }

  /// What exporters write for the end, whatever the number of examples; TensorFlow's write no larger number.
  private static let endOfAnyBatch = 1_000_000_000

  /// Whether a slice of the batch takes all examples.
  private func takesAll(
    _ extent: ONNXExtent, from start: ONNXExtent, to end: ONNXExtent, step: Int
  ) throws(ONNXError) -> Bool {
    guard extent.isBatch, start == .number(0), step == 1 else { return false }
    if let number = end.number { return number >= Self.endOfAnyBatch || number == frozenBatch }
    return end == extent
  }

  fileprivate func gather() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0, rank: 1...8).value
    let indices = try input(1)
    guard !indices.elementType.isFloatingPoint, indices.elementType != .boolean else {
      throw malformed("has indices of type \(indices.elementType)")
    }
    let axis = try axis(try attributes.integer("axis", default: 0), rank: value.shape.count)
    guard !value.shape[axis].isBatch else { throw mixesExamples() }
    return [
      ONNXValue(
        value.elementType, value.shape[..<axis] + indices.shape + value.shape[(axis + 1)...])
    ]
  }
}
