/// Constants made of the elements of others: repeated, joined, picked or summed.
extension OperatorCall {
  /// Elements that are repeated along axes of extent 1.
  func foldedExpansion(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    try broadcastElements(0, to: shape)
  }

  /// A constant beside itself.
  func foldedTiling(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let constant = try constant(0)
    let strides = ElementPositions.strides(of: constant.shape)
    var positions = shape.contains(0) ? [] : [0]
    for (axis, extent) in shape.enumerated() where extent > 1 {
      positions = positions.flatMap { position in
        (0..<extent).map { position + $0 % constant.shape[axis] * strides[axis] }
      }
    }
    return try constant.elements().gathered(at: positions)
  }

  /// Constants beside each other.
  func foldedConcatenation(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let axis = try axis(try attributes.integer("axis", default: 0), rank: shape.count)
    let (outer, _, inner) = ElementPositions.split(shape, at: axis)
    var parts: [(elements: ONNXElements, length: Int)] = []
    for index in inputs.indices {
      let constant = try constant(index)
      parts.append((try constant.elements(), constant.shape[axis] * inner))
    }
    var reals: [Double] = []
    var integers: [ONNXExtent] = []
    for block in 0..<outer {
      for (elements, length) in parts {
        let range = block * length..<(block + 1) * length
        switch elements {
        case .reals(let values): reals += values[range]
        case .integers(let values): integers += values[range]
        }
      }
    }
    return try input(0).elementType.isFloatingPoint ? .reals(reals) : .integers(integers)
  }

  /// Some indices along some axes.
  func foldedSlice(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let constant = try constant(0)
    var strides = ElementPositions.strides(of: constant.shape)
    var offset = 0
    for slice in try slices() where slice.count > 0 {
      offset += slice.start * strides[slice.axis]
      if slice.count > 1 { strides[slice.axis] *= slice.step }
    }
    return try constant.elements().gathered(
      at: ElementPositions.strided(shape: shape, strides: strides, offset: offset))
  }

  /// Indices along an axis, in any order.
  func foldedGathering(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let constant = try constant(0)
    let axis = try axis(try attributes.integer("axis", default: 0), rank: constant.shape.count)
    let (outer, extent, inner) = ElementPositions.split(constant.shape, at: axis)
    guard case .integers(let written) = try self.constant(1).elements(),
      let numbers = written.numbers
    else { throw dependsOnBatch() }
    var indices: [Int] = []
    for index in numbers { indices.append(try self.axis(index, rank: extent)) }
    var positions: [Int] = []
    for block in 0..<outer {
      for index in indices {
        let start = (block * extent + index) * inner
        positions += start..<start + inner
      }
    }
    return try constant.elements().gathered(at: positions)
  }

  /// One number of many along axes.
  func foldedReduction(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let constant = try constant(0)
    let axes = Set(try reducedAxes())
    let strides = ElementPositions.strides(of: constant.shape)
    let kept = constant.shape.indices.filter { !axes.contains($0) }
    let starts = ElementPositions.strided(
      shape: kept.map { constant.shape[$0] }, strides: kept.map { strides[$0] })
    let reduced = axes.sorted()
    let steps = ElementPositions.strided(
      shape: reduced.map { constant.shape[$0] }, strides: reduced.map { strides[$0] })
    guard !steps.isEmpty else { throw malformed("reduces no elements") }
    let elements = try constant.elements()
    let numbers = try numbers(elements)
    let results = starts.map { start in reducedNumber(steps.map { numbers[start + $0] }) }
    if case .reals = elements { return .reals(results) }
    return try integers(results)
  }

  private func reducedNumber(_ numbers: [Double]) -> Double {
    switch node.operatorType {
    case "ReduceMean": numbers.reduce(0, +) / Double(numbers.count)
    case "ReduceMax": numbers.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
    case "ReduceMin": numbers.reduce(.infinity) { $0.isNaN || $0 < $1 ? $0 : $1 }
    case "ReduceProd": numbers.reduce(1, *)
    case "ReduceL2": numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    default: numbers.reduce(0, +)
    }
  }

  /// Sums of all elements up to each one along an axis.
  func foldedCumulativeSum(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let elements = try constant(0).elements()
    var numbers = try numbers(elements)
    let (outer, extent, inner) = ElementPositions.split(shape, at: try cumulatedAxis())
    let isReversed = try attributes.flag("reverse")
    let isExclusive = try attributes.flag("exclusive")
    for block in 0..<outer {
      for lane in 0..<inner {
        var sum = 0.0
        for step in 0..<extent {
          let index = isReversed ? extent - 1 - step : step
          let position = (block * extent + index) * inner + lane
          let next = sum + numbers[position]
          numbers[position] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    if case .reals = elements { return .reals(numbers) }
    return try integers(numbers)
  }

  /// The upper or lower triangle of matrices, zeros elsewhere.
  func foldedTriangle(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let isUpper = try attributes.flag("upper", default: true)
    let diagonal = try constantNumbers(1)?.first ?? 0
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    func isKept(_ position: Int) -> Bool {
      let (row, column) = (position / columns % rows, position % columns)
      return isUpper ? column - row >= diagonal : column - row <= diagonal
    }
    switch try constant(0).elements() {
    case .reals(let reals):
      return .reals(reals.enumerated().map { isKept($0.offset) ? $0.element : 0 })
    case .integers(let integers):
      return .integers(integers.enumerated().map { isKept($0.offset) ? $0.element : .number(0) })
    }
  }

  /// One number, again and again.
  func foldedFilling(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    let filling = try filling().elements()
    return filling.gathered(at: [Int](repeating: 0, count: shape.reduce(1, *)))
  }

  /// Numbers at equal distances.
  func foldedRange(_ shape: [Int]) throws(ONNXError) -> ONNXElements {
    if try input(0).elementType.isFloatingPoint {
      let bounds = try realBounds()
      return .reals((0..<shape[0]).map { bounds.start + Double($0) * bounds.step })
    }
    let bounds = try integerBounds()
    var integers: [ONNXExtent] = []
    for index in 0..<shape[0] {
      guard let offset = bounds.step.multiplied(by: .number(index)),
        let integer = bounds.start.adding(offset)
      else { throw dependsOnBatch() }
      integers.append(integer)
    }
    return .integers(integers)
  }
}
