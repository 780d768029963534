import BBBNetwork

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The messages of a graph that is written: nodes and initializers, each under a name of its own.
struct GraphMessages {
  /// The nodes, each behind those that it reads from.
  private(set) var nodes: [Onnx_NodeProto] = []
  /// The constants.
  private(set) var initializers: [Onnx_TensorProto] = []
  private var names: Set<String> = []
  /// The names of constants that several nodes read, by what they are.
  private var shared: [Shared: String] = [:]

  private enum Shared: Hashable {
    case number(Float)
    case integers([Int])
  }

  /// A name that nothing has yet: the one that is wished, or that with a number behind it.
  mutating func name(_ wished: String) -> String {
    // No name means that nothing is read.
    let wished = wished.isEmpty ? "value" : wished
    var name = wished
    var number = 2
    while !names.insert(name).inserted {
      name = "\(wished)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds a node of one output.
  ///
  /// - Parameters:
  ///   - operatorType: The operator.
  ///   - inputs: The names of what it reads.
  ///   - attributes: What it is told.
  ///   - name: The name of the node and of its output, which ``name(_:)`` has given.
  /// - Returns: The name of its output.
  @discardableResult
  mutating func append(
    _ operatorType: String, _ inputs: [String], _ attributes: [Onnx_AttributeProto] = [],
    as name: String
  ) -> String {
    nodes.append(
      .with { node in
        node.opType = operatorType
        node.name = name
        node.input = inputs
        node.output = [name]
        node.attribute = attributes
      })
    return name
  }

  /// Calls a node's output otherwise, wherever it is read.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - other: The name that it is to have, which nothing else has.
  /// - Returns: Whether a node makes it.
  mutating func renameOutput(_ name: String, to other: String) -> Bool {
    guard let maker = nodes.lastIndex(where: { $0.output == [name] }) else { return false }
    nodes[maker].output = [other]
    for node in nodes.indices {
      nodes[node].input = nodes[node].input.map { $0 == name ? other : $0 }
    }
    return true
  }

  // MARK: Constants

  /// Adds numbers in single precision.
  ///
  /// - Parameters:
  ///   - floats: The numbers, row-major.
  ///   - shape: The extents.
  ///   - name: The name that is wished.
  /// - Returns: The name.
  mutating func append(_ floats: [Float], _ shape: [Int], as name: String) -> String {
    append(.with { $0.rawData = floats.withUnsafeBytes { Data($0) } }, .float32, shape, as: name)
  }

  /// Adds numbers in half precision, and the node that makes single precision of them.
  ///
  /// - Parameters:
  ///   - floats: The numbers, row-major.
  ///   - shape: The extents.
  ///   - name: The name that is wished for the tensor.
  /// - Returns: The name of the numbers in single precision.
  /// - Throws: ``ONNXError`` if a number is beyond half precision.
  mutating func append(
    halving floats: [Float], _ shape: [Int], as name: String
  ) throws(ONNXError) -> String {
    let bytes = try HalfPrecision.bytes(of: floats, name)
    let tensor = append(.with { $0.rawData = bytes }, .float16, shape, as: name)
    let cast = self.name("\(tensor)/float32")
    nodes.append(.cast(tensor, to: cast))
    return cast
  }

  /// A number that several nodes may read.
  mutating func number(_ number: Double) -> String {
    let number = Float(number)
    if let name = shared[.number(number)] { return name }
    let name = append([number], [], as: "number/\(number)")
    shared[.number(number)] = name
    return name
  }

  /// Integers that several nodes may read.
  mutating func integers(_ integers: [Int]) -> String {
    if let name = shared[.integers(integers)] { return name }
    let words = integers.map { Int64($0) }
    let name = append(
      .with { $0.rawData = words.withUnsafeBytes { Data($0) } }, .int64, [integers.count],
      as: "integers/" + integers.map(String.init).joined(separator: ","))
    shared[.integers(integers)] = name
    return name
  }

  private mutating func append(
    _ content: Onnx_TensorProto, _ type: ONNXElementType, _ shape: [Int], as name: String
  ) -> String {
    var tensor = content
    tensor.name = self.name(name)
    tensor.dataType = type.rawValue
    tensor.dims = shape.map { Int64($0) }
    initializers.append(tensor)
    return tensor.name
  }
}

extension Onnx_AttributeProto {
  /// An integer.
  static func integer(_ name: String, _ value: Int) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .int
      attribute.i = Int64(value)
    }
  }

  /// Integers.
  static func integers(_ name: String, _ values: [Int]) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .ints
      attribute.ints = values.map { Int64($0) }
    }
  }

  /// A real number.
  static func real(_ name: String, _ value: Double) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .float
      attribute.f = Float(value)
    }
  }
}

extension Onnx_ValueInfoProto {
  /// An input or an output, for any number of examples.
  init(_ port: Port) {
    self = .with { value in
      value.name = port.name
      let type = port.holdsIntegers ? ONNXElementType.int64 : .float32
      value.type.tensorType.elemType = type.rawValue
      var extents = port.shape.map { extent in
        Onnx_TensorShapeProto.Dimension.with { $0.dimValue = Int64(extent) }
      }
      if let axis = port.exampleAxis { extents.insert(.with { $0.dimParam = "batch" }, at: axis) }
      value.type.tensorType.shape.dim = extents
    }
  }
}
