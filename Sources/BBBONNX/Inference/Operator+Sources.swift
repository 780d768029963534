/// Operators that make values of shapes.
extension Operator {
  static let sources: [String: Operator] = [
    "Shape": Operator(inputs: 1...1, attributes: ["end", "start"], OperatorCall.shape),
    "Size": Operator(inputs: 1...1, OperatorCall.size),
    "ConstantOfShape": Operator(
      inputs: 1...1, attributes: ["value"], folding: OperatorCall.foldedFilling,
      OperatorCall.filled),
    "Range": Operator(inputs: 3...3, folding: OperatorCall.foldedRange, OperatorCall.range),
  ]
}

extension OperatorCall {
  /// The part of its input's shape that `Shape` gives.
  func shapePart() throws(ONNXError) -> [ONNXExtent] {
    let shape = try input(0).shape
    func bound(_ name: String, default value: Int) throws(ONNXError) -> Int {
      let index = try attributes.integer(name, default: value)
      return min(max(index < 0 ? max(index, -shape.count) + shape.count : index, 0), shape.count)
    }
    let start = try bound("start", default: 0)
    let end = try bound("end", default: shape.count)
    return start < end ? Array(shape[start..<end]) : []
  }

  fileprivate func shape() throws(ONNXError) -> [ONNXValue] {
    [ONNXValue(.int64, [.number(try shapePart().count)])]
  }

  fileprivate func size() throws(ONNXError) -> [ONNXValue] { [ONNXValue(.int64, [])] }

  /// The element that a shape is filled with.
  func filling() throws(ONNXError) -> ONNXConstant {
    switch attributes["value"] {
    case nil: return ONNXConstant(elementType: .float32, shape: [], elements: .reals([0]))
    case .tensor(let tensor)? where tensor.count == 1: return ONNXConstant(tensor)
    default: throw malformed("fills a shape with something other than a single number")
    }
  }

  fileprivate func filled() throws(ONNXError) -> [ONNXValue] {
    guard let shape = try constantExtents(0), shape.allSatisfy({ $0.number ?? 0 >= 0 }) else {
      throw malformed("fills a shape with a negative extent")
    }
    return [ONNXValue(try filling().elementType, shape)]
  }

  fileprivate func range() throws(ONNXError) -> [ONNXValue] {
    let type = try commonType(of: 0...2)
    if type.isFloatingPoint {
      let bounds = try realBounds()
      let count = max(0, ((bounds.end - bounds.start) / bounds.step).rounded(.up))
      guard count.isFinite, let number = Int(exactly: count) else {
        throw malformed("has no number of elements")
      }
      return [ONNXValue(type, [.number(number)])]
    }
    let bounds = try integerBounds()
    guard bounds.step != .number(0) else { throw malformed("has the step 0") }
    if let start = bounds.start.number, let end = bounds.end.number, let step = bounds.step.number {
      let (distance, overflow) = end.subtractingReportingOverflow(start)
      guard !overflow, step != Int.min else { throw malformed("is too long") }
      guard distance != 0, (distance < 0) == (step < 0) else {
        return [ONNXValue(type, [.number(0)])]
      }
      let last = (distance - distance.signum()) / step
      guard last < ValueLimit.elementCount else { throw malformed("is too long") }
      return [ONNXValue(type, [.number(last + 1)])]
    }
    guard bounds.step == .number(1), let count = bounds.end.subtracting(bounds.start) else {
      throw dependsOnBatch()
    }
    return [ONNXValue(type, [count])]
  }

  private func scalar<Number>(_ numbers: [Number]?) throws(ONNXError) -> Number {
    guard let numbers, numbers.count == 1 else { throw malformed("has bounds that are no numbers") }
    return numbers[0]
  }

  func realBounds() throws(ONNXError) -> (start: Double, end: Double, step: Double) {
    (try scalar(constantReals(0)), try scalar(constantReals(1)), try scalar(constantReals(2)))
  }

  func integerBounds() throws(ONNXError) -> (start: ONNXExtent, end: ONNXExtent, step: ONNXExtent) {
    (try scalar(constantExtents(0)), try scalar(constantExtents(1)), try scalar(constantExtents(2)))
  }
}
