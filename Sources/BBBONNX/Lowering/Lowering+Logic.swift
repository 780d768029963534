import BBBNetwork

/// Truth values, which are 1 and 0, and what they decide; integers are run as real numbers.
extension Lowering {
  /// A comparison, or what is made of truth values.
  mutating func lowerComparison(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let result: LoweredValue
    switch node.operatorType {
    case "Equal": result = try computed(.equal, 0, 1, of: node)
    case "Less": result = try computed(.less, 0, 1, of: node)
    case "Greater": result = try computed(.less, 1, 0, of: node)
    case "LessOrEqual", "GreaterOrEqual":
      let isLess = node.operatorType == "LessOrEqual"
      result = try combined(
        .maximum, try computed(.less, isLess ? 0 : 1, isLess ? 1 : 0, of: node),
        try computed(.equal, 0, 1, of: node), node)
    case "And": result = try computed(.multiply, 0, 1, of: node)
    case "Or": result = try computed(.maximum, 0, 1, of: node)
    case "Xor": result = try opposite(of: try computed(.equal, 0, 1, of: node), node)
    default: result = try opposite(of: try readFirst(step), node)
    }
    try define(step.output, as: result, node)
  }

  /// 1 where a value is 0, and 0 elsewhere.
  private mutating func opposite(
    of value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue { try applying(.equal, to: value, 0, node) }

  /// Elements of one value where a condition holds, and of another elsewhere; what is not chosen may be infinite or no number.
  mutating func lowerChoice(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let chosen = try combined(
      .select, try readInput(1, of: node), withInput: 0, of: node)
    let rest: LoweredValue
    if let constant = graph.constants[node.inputs[0] ?? ""] {
      rest = try applying(
        .select, to: try readInput(2, of: node), try constant.reals(for: node).map { 1 - $0 },
        constant.shape, name: nil, node)
    } else {
      let condition = try opposite(of: try readFirst(step), node)
      rest = try combined(.select, try readInput(2, of: node), condition, node)
    }
    try define(step.output, as: try combined(.add, chosen, rest, node), node)
  }

  /// The same numbers in another type, where that can hold them: real numbers lose what is behind the point.
  mutating func lowerConversion(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    guard let source = node.inputs[0].flatMap({ graph.values[$0]?.elementType }),
      let target = graph.values[step.output]?.elementType
    else { throw node.refusal("converts what has no type", "export the file again") }
    let result: LoweredValue
    switch (source.integerRange, target.integerRange) {
    case (_, nil): result = input
    case (_, _) where target == .boolean:
      result = source == .boolean ? input : try opposite(of: try opposite(of: input, node), node)
    case (nil, _): result = try truncated(input, node)
    case (let range?, let wider?):
      guard
        wider.contains(range.lowerBound) && wider.contains(range.upperBound)
          || [.int32, .int64].contains(target)
      else {
        throw node.refusal(
          "converts \(source) to \(target), which cannot hold all of it",
          "leave the numbers in a wider type")
      }
      result = input
    }
    try define(step.output, as: result, node)
  }

  /// What is before the point.
  mutating func truncated(
    _ value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let magnitude = try applied(.floor, to: try applied(.absolute, to: value, node), node)
    return try combined(.multiply, try applied(.sign, to: value, node), magnitude, node)
  }
}
