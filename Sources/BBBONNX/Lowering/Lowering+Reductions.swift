import BBBNetwork

/// What makes one number of many along axes: pools of one window, and what is made of them.
extension Lowering {
  mutating func lowerReduction(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let input = try readFirst(step)
    let axes = try graph.reducedAxes(of: node)
    guard !axes.isEmpty else {
      // Of a single element each norm is its magnitude.
      let single =
        switch node.operatorType {
        case "ReduceL1", "ReduceL2": try applied(.absolute, to: input, node)
        case "ReduceSumSquare": try combined(.multiply, input, input, node)
        case "ReduceLogSum": try applied(.logarithm, to: input, node)
        default: input
        }
      try passOn(single, as: step)
      return
    }
    var result = try reduced(input, over: axes, of: node)
    if try shape(of: step).count < input.view.axes.count {
      for axis in axes.reversed() { result.view = result.view.leavingOut(axis) }
    }
    try define(step.output, as: result, node)
  }

  /// What a reduction makes, its axes of one element each.
  private mutating func reduced(
    _ input: LoweredValue, over axes: [Int], of node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    switch node.operatorType {
    case "ReduceMax": return try pooled(.max, input, over: axes, node)
    case "ReduceMin":
      return try negated(
        try pooled(.max, try negated(input, node), over: axes, node), node)
    case "ReduceMean": return try mean(input, over: axes, node)
    case "ReduceProd": return try multiplied(input, over: axes, node)
    case "ReduceL1": return try sum(try applied(.absolute, to: input, node), over: axes, node)
    case "ReduceL2":
      let squares = try combined(.multiply, input, input, node)
      return try applied(.squareRoot, to: try sum(squares, over: axes, node), node)
    case "ReduceSumSquare":
      return try sum(try combined(.multiply, input, input, node), over: axes, node)
    case "ReduceLogSum":
      return try applied(.logarithm, to: try sum(input, over: axes, node), node)
    case "ReduceLogSumExp":
      let largest = try pooled(.max, input, over: axes, node)
      let differences = try combined(.subtract, input, largest, node)
      return try combined(
        .add, largest, try logarithmOfSum(ofExponentials: differences, over: axes, node), node)
    default:
      let sum = try sum(input, over: axes, node)
      // A sum is so many times the mean, which is rounded.
      let isInteger = node.inputs[0].map { graph.values[$0]?.elementType.integerRange != nil }
      return isInteger == true ? try applied(.round, to: sum, node) : sum
    }
  }

  /// log Σ eˣ over axes, of numbers of which none is large.
  mutating func logarithmOfSum(
    ofExponentials value: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let exponentials = try applied(.exponential, to: value, node)
    return try applied(.logarithm, to: try sum(exponentials, over: axes, node), node)
  }

  /// The mean over axes, which then have one element each.
  mutating func mean(
    _ value: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    try pooled(.average(countsPadding: false), value, over: axes, node)
  }

  /// The sum over axes, which then have one element each: so many times the mean.
  mutating func sum(
    _ value: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let count = axes.reduce(1) { $0 * value.view.extent(of: $1) }
    let mean = try mean(value, over: axes, node)
    return count == 1 ? mean : try applying(.multiply, to: mean, Double(count), node)
  }

  /// The product over axes, half of the elements by the other half until one is left.
  private mutating func multiplied(
    _ value: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var product = value
    for axis in axes {
      var rest: LoweredValue?
      var count = product.view.extent(of: axis)
      while count > 1 {
        let half = count / 2
        let parts = try [0, half, 2 * half].map { (start) throws(ONNXError) -> LoweredValue? in
          let length = start < 2 * half ? half : count - 2 * half
          return length == 0
            ? nil
            : try gathered(product, along: axis, Array(start..<start + length), for: node)
        }
        guard let first = parts[0], let second = parts[1] else { break }
        if let last = parts[2] {
          rest = if let rest { try combined(.multiply, rest, last, node) } else { last }
        }
        product = try combined(.multiply, first, second, node)
        count = half
      }
      if let rest { product = try combined(.multiply, product, rest, node) }
    }
    return product
  }

  /// A pool whose window is all of some axes; what is not reduced is the channels.
  ///
  /// - Parameters:
  ///   - kind: The largest or the mean element.
  ///   - input: The value.
  ///   - axes: The axes, which have one element each then.
  ///   - node: The node that it is for.
  /// - Returns: The result.
  /// - Throws: ``ONNXError`` if an axis counts the examples.
  mutating func pooled(
    _ kind: Pool.Kind, _ input: LoweredValue, over axes: [Int], _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard !axes.contains(where: input.view.countsExamples) else {
      throw node.refusal(
        "reduces the examples of a batch, which are run one by one", "reduce other axes")
    }
    var reduced = input.view.heldAxes.filter(axes.contains).map(input.view.atoms(of:))
    guard !reduced.isEmpty else { return input }
    // Windows have three axes at most.
    if reduced.count > 3 { reduced = [Array(reduced.joined())] }
    let kept = input.view.axes.indices.filter { !axes.contains($0) }
      .flatMap(input.view.atoms(of:)).sorted()
    var pooled = try hold(input, as: [kept] + reduced, for: node)
    let window = Window(reduced.map { Window.Axis(input.view.extent(of: $0)) })
    pooled.value = try append(.pool(Pool(kind, window)), reading: [pooled.value], for: node)
    pooled.view = input.view.keeping(kept)
    return pooled
  }
}
