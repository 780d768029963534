import BBBTensors

/// A node, and what is known of the values that it reads.
struct OperatorCall: Sendable {
  let node: FlatNode
  let operatorSetVersion: Int
  /// The number of examples that the file was exported for; `nil` if it leaves that free.
  let frozenBatch: Int?
  /// The values that are read; `nil` where an optional one is not given.
  let inputs: [KnownValue?]

  var attributes: ONNXAttributes { node.attributes }

  /// The error that the node breaks a rule.
  func malformed(_ what: String) -> ONNXError {
    ONNXError(.malformed, "\(node.place) \(what); the file is damaged, export it again")
  }

  /// The error that the node asks for what is not supported.
  func unsupported(_ what: String, _ remedy: String) -> ONNXError {
    ONNXError(.unsupported, "\(node.place) \(what); \(remedy)")
  }

  /// The error that the examples of a batch would influence each other.
  func mixesExamples() -> ONNXError {
    unsupported(
      "mixes the examples of a batch",
      "only networks that treat every example by itself are read; if the examples are along another axis, export the network with that axis "
        + "free (dynamic_axes, or dynamic_shapes), or run all inputs together as one example with --no-batch"
    )
  }

  // MARK: Inputs

  /// An input, if it is given.
  func optionalInput(_ index: Int) -> KnownValue? {
    index < inputs.count ? inputs[index] : nil
  }

  /// An input that must be given.
  func input(_ index: Int) throws(ONNXError) -> KnownValue {
    guard let input = optionalInput(index) else {
      throw malformed("lacks its input number \(index + 1)")
    }
    return input
  }

  /// An input of a number of axes.
  func input(_ index: Int, rank: ClosedRange<Int>) throws(ONNXError) -> KnownValue {
    let input = try input(index)
    guard rank.contains(input.shape.count) else {
      throw malformed("cannot read an input number \(index + 1) of shape \(input.shape.text)")
    }
    return input
  }

  /// The extents of an input that has no batch, such as a kernel.
  func numbers(_ index: Int, rank: ClosedRange<Int>) throws(ONNXError) -> [Int] {
    guard let numbers = try input(index, rank: rank).shape.numbers else { throw mixesExamples() }
    return numbers
  }

  /// The elements of an input that must be a constant; `nil` if it is not given.
  func constantElements(_ index: Int) throws(ONNXError) -> ONNXElements? {
    guard let input = optionalInput(index) else { return nil }
    guard let constant = input.constant else {
      throw unsupported(
        "reads its input number \(index + 1), \"\(node.inputs[index])\", from what the network "
          + "computes, where only constants are supported",
        "export the network with fixed shapes")
    }
    guard constant.count <= FoldingLimit.listCount else {
      throw malformed("has \(constant.count) elements in its input number \(index + 1)")
    }
    return try constant.elements()
  }

  /// Integers that must be constants, some of which may depend on the number of examples.
  func constantExtents(_ index: Int) throws(ONNXError) -> [ONNXExtent]? {
    guard let elements = try constantElements(index) else { return nil }
    guard case .integers(let integers) = elements else {
      throw malformed("has real numbers in its input number \(index + 1), where integers belong")
    }
    return integers
  }

  /// Integers that must be constants and do not depend on the number of examples.
  func constantNumbers(_ index: Int) throws(ONNXError) -> [Int]? {
    guard let extents = try constantExtents(index) else { return nil }
    guard let numbers = extents.numbers else { throw dependsOnBatch() }
    return numbers
  }

  /// Real numbers that must be constants.
  func constantReals(_ index: Int) throws(ONNXError) -> [Double]? {
    guard let elements = try constantElements(index) else { return nil }
    guard case .reals(let reals) = elements else {
      throw malformed("has integers in its input number \(index + 1), where real numbers belong")
    }
    return reals
  }

  /// The error that what the node does depends on how many examples there are.
  func dependsOnBatch() -> ONNXError {
    unsupported(
      "computes something that depends on how many examples there are",
      "export the network for a fixed number of examples, without dynamic axes")
  }

  // MARK: Types and axes

  /// The type that all of some inputs have.
  func commonType(of indices: some Sequence<Int>) throws(ONNXError) -> ONNXElementType {
    var type: ONNXElementType?
    for index in indices {
      guard let input = optionalInput(index) else { continue }
      guard type == nil || type == input.elementType else {
        throw unsupported(
          "reads both \(type ?? .float32) and \(input.elementType), which ONNX does not mix",
          "export the network in one type, such as float32")
      }
      type = input.elementType
    }
    guard let type else { throw malformed("reads nothing") }
    return type
  }

  /// An axis counted from the front.
  func axis(_ axis: Int, rank: Int) throws(ONNXError) -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw malformed("has the axis \(axis), where its value has \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes counted from the front, ascending.
  func axes(_ axes: [Int], rank: Int) throws(ONNXError) -> [Int] {
    guard axes.count <= TensorShape.dimensionLimit else { throw malformed("has too many axes") }
    var counted: Set<Int> = []
    for axis in axes {
      guard counted.insert(try self.axis(axis, rank: rank)).inserted else {
        throw malformed("has the axis \(axis) twice")
      }
    }
    return counted.sorted()
  }

  /// Axes that are an attribute in older files, and an input in newer ones.
  ///
  /// - Parameters:
  ///   - index: The number of the input.
  ///   - version: The version of the operators from which on it is one.
  /// - Returns: The axes as they are written; `nil` if there are none.
  /// - Throws: ``ONNXError`` if they are written in the way of another version, or are no constants.
  func writtenAxes(input index: Int, since version: Int) throws(ONNXError) -> [Int]? {
    let attribute = try attributes.integers("axes")
    if operatorSetVersion < version { return attribute }
    guard attribute == nil else {
      throw malformed(
        "has its axes as an attribute, which version \(version) of the operators ended")
    }
    return try constantNumbers(index)
  }

  /// The values of an attribute that are counts, each within a range and as many as expected.
  func counts(
    _ name: String, count: Int, default value: Int, atLeast least: Int
  ) throws(ONNXError) -> [Int] {
    guard let values = try attributes.integers(name) else {
      return [Int](repeating: value, count: count)
    }
    guard values.count == count else {
      throw malformed("has \(values.count) numbers in \"\(name)\", where \(count) belong")
    }
    guard values.allSatisfy({ (least...ValueLimit.windowNumber).contains($0) }) else {
      throw unsupported("has a number in \"\(name)\" that is out of range", "export the file again")
    }
    return values
  }
}
