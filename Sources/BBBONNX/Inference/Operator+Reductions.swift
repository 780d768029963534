/// Operators that make one number of many along axes.
extension Operator {
  static let reductions: [String: Operator] = [
    "ReduceSum": reduction, "ReduceMean": reduction, "ReduceMax": reduction,
    "ReduceMin": reduction, "ReduceProd": reduction, "ReduceL1": reduction, "ReduceL2": reduction,
    "ReduceSumSquare": reduction, "ReduceLogSum": reduction, "ReduceLogSumExp": reduction,
    "CumSum": Operator(
      inputs: 2...2, attributes: ["exclusive", "reverse"],
      folding: OperatorCall.foldedCumulativeSum,
      OperatorCall.cumulativeSum),
  ]

  private static let reduction = Operator(
    inputs: 1...2, attributes: ["axes", "keepdims", "noop_with_empty_axes"],
    folding: OperatorCall.foldedReduction, OperatorCall.reduction)
}

extension OperatorCall {
  /// The axes that a reduction reduces; none if it passes its input on.
  func reducedAxes() throws(ONNXError) -> [Int] {
    let rank = try input(0).shape.count
    let written = try writtenAxes(input: 1, since: node.operatorType == "ReduceSum" ? 13 : 18)
    if let written, !written.isEmpty { return try axes(written, rank: rank) }
    return try attributes.flag("noop_with_empty_axes") ? [] : Array(0..<rank)
  }

  fileprivate func reduction() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0).shape
    let axes = try reducedAxes()
    guard axes.allSatisfy({ !shape[$0].isBatch }) else { throw mixesExamples() }
    let keepsAxes = try attributes.flag("keepdims", default: true)
    var result: [ONNXExtent] = []
    for (axis, extent) in shape.enumerated() {
      if !axes.contains(axis) {
        result.append(extent)
      } else if keepsAxes {
        result.append(.number(1))
      }
    }
    return [ONNXValue(try input(0).elementType, result)]
  }

  fileprivate func cumulativeSum() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0).shape
    guard !shape[try cumulatedAxis()].isBatch else { throw mixesExamples() }
    return [try input(0).value]
  }

  /// The axis along which sums run.
  func cumulatedAxis() throws(ONNXError) -> Int {
    guard let axes = try constantNumbers(1), axes.count == 1 else {
      throw malformed("has no single axis")
    }
    return try axis(axes[0], rank: try input(0).shape.count)
  }
}
