import BBBTensors

/// An input as a file declares it.
struct DeclaredInput {
  /// More numbers than anybody gives, or has made of one.
  private static let constantLimit = 1 << 24

  let name: String
  let elementType: ONNXElementType
  /// The extents, of which free ones are `nil`; `nil` if the file does not say how many axes there are.
  private(set) var extents: [Int?]?
  /// What the file calls each extent; empty for what has no name.
  let symbols: [String]

  /// How messages call the input.
  var place: String { "the input \"\(name)\"" }

  /// Reads what a file says of an input.
  ///
  /// - Parameters:
  ///   - message: The input.
  ///   - namedExtents: Extents that the user gives by the names that the file calls them by.
  /// - Throws: ``ONNXError`` if it is no tensor, or has extents that no tensor has.
  init(_ message: Onnx_ValueInfoProto, namedExtents: [String: Int]) throws(ONNXError) {
    name = message.name
    let place = "the input \"\(message.name)\""
    guard case .tensorType(let tensor)? = message.type.value else {
      throw ONNXError(
        .unsupported, "\(place) is no tensor, which is not read; export the network alone")
    }
    elementType = try ONNXElementType(code: tensor.elemType, of: place)
    symbols = tensor.shape.dim.map(\.dimParam)
    guard tensor.hasShape else {
      extents = nil
      return
    }
    guard tensor.shape.dim.count <= TensorShape.dimensionLimit else {
      throw ONNXError(
        .unsupported,
        "\(place) has \(tensor.shape.dim.count) axes, more than can be run; export the network again"
      )
    }
    var extents: [Int?] = []
    for dimension in tensor.shape.dim {
      extents.append(
        try Self.extent(dimension, of: place) ?? namedExtents[dimension.dimParam])
    }
    self.extents = extents
  }

  /// The extent that a file gives; `nil` if it leaves it free, as some write by −1.
  private static func extent(
    _ dimension: Onnx_TensorShapeProto.Dimension, of place: String
  ) throws(ONNXError) -> Int? {
    guard case .dimValue(let value)? = dimension.value, value != -1 else { return nil }
    guard let extent = Int(exactly: value), extent >= 0 else {
      throw ONNXError(
        .malformed, "\(place) has the extent \(value); the file is damaged, export it again")
    }
    return extent
  }

  // MARK: The axis of the examples

  /// The free axes.
  private var free: [Int] { (extents ?? []).indices.filter { extents?[$0] == nil } }

  /// The free axis that the file calls by a name, if there is one such axis alone.
  func freeAxis(called symbol: String) -> Int? {
    let axes = free.filter { symbols[$0] == symbol }
    return axes.count == 1 ? axes[0] : nil
  }

  /// What the file calls its free axes.
  var freeSymbols: [String] { free.map { symbols[$0] }.filter { !$0.isEmpty } }

  /// The axis that counts the examples, as far as the input says: a free one that the file calls so, else the first if it is
  /// free or of extent 1, else the free one; in a file exported for some number of examples it is the first axis, or the only
  /// one that has as many elements as there are examples.
  ///
  /// - Parameter frozenBatch: The number of examples that the other inputs are for; `nil` if that is not known.
  /// - Returns: The axis; `nil` if there are none.
  func batchAxis(frozenBatch: Int?) -> Int? {
    guard let extents else { return 0 }
    guard !extents.isEmpty else { return nil }
    let named = free.first { symbols[$0].lowercased().contains("batch") }
    if let named { return named }
    if extents[0] == nil { return 0 }
    if let first = free.first, extents[0] != 1 { return first }
    if let frozenBatch, extents[0] != frozenBatch {
      let axes = extents.indices.filter { extents[$0] == frozenBatch }
      if axes.count == 1 { return axes[0] }
    }
    return 0
  }

  /// The extent along an axis; `nil` if it is free.
  func extent(along axis: Int) -> Int? {
    extents.flatMap { $0.indices.contains(axis) ? $0[axis] : nil }
  }

  // MARK: Shapes

  /// The shape as messages write it, with `?` for what is free.
  static func text(_ extents: [Int?]) -> String {
    extents.isEmpty ? "scalar" : extents.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
  }

  /// The input, its shape being fixed.
  ///
  /// - Parameters:
  ///   - batchAxis: The axis that counts the examples; `nil` for none.
  ///   - given: The shape that the user gives, with that axis or without; `nil` if none.
  /// - Returns: The input.
  /// - Throws: ``ONNXError`` if an extent is not known, or differs.
  func input(batchAxis: Int?, given: [Int]?) throws(ONNXError) -> ONNXInput {
    guard let declared = extents ?? given.map({ $0.map { _ in nil } }) else {
      throw ONNXError(
        .unsupported,
        "\(place) has no shape in the file; give it by --input-shape \(name)=SHAPE, or export the network with an "
          + "example input")
    }
    if let batchAxis, !declared.indices.contains(batchAxis) {
      throw ONNXError(
        .unsupported,
        "\(place) has no axis of examples; give its value by --input-value \(name)=NUMBER, or run the graph as one "
          + "example with --no-batch")
    }
    var known = declared
    if let batchAxis { known.remove(at: batchAxis) }
    let frozenBatch = batchAxis.flatMap { declared[$0] }
    let shape = try fixed(
      known, given: given.map { Self.example($0, of: declared, batchAxis: batchAxis) })
    guard let count = TensorShape.elementCount(of: shape), count <= ValueLimit.elementCount,
      frozenBatch != 0
    else {
      throw ONNXError(
        .unsupported,
        "\(place) has the impossible shape \(shapeText(shape)); give other extents (--input-shape), or export the network again"
      )
    }
    return ONNXInput(
      name: name, elementType: elementType, exampleShape: shape, batchAxis: batchAxis,
      frozenBatch: frozenBatch)
  }

  /// The shape of one example, of a shape that was given with or without the axis of the examples.
  private static func example(_ given: [Int], of declared: [Int?], batchAxis: Int?) -> [Int] {
    guard let batchAxis, given.count == declared.count else { return given }
    var given = given
    given.remove(at: batchAxis)
    return given
  }

  private func fixed(_ known: [Int?], given: [Int]?) throws(ONNXError) -> [Int] {
    if let given {
      guard given.count == known.count,
        zip(given, known).allSatisfy({ $0 >= 0 && ($1 == nil || $0 == $1) })
      else {
        throw ONNXError(
          .unsupported,
          "\(place) takes examples of shape \(Self.text(known)), and --input-shape says \(Self.text(given)); correct "
            + "it, or leave it out")
      }
      return given
    }
    let numbers = known.compactMap(\.self)
    guard numbers.count == known.count else {
      throw ONNXError(
        .unsupported,
        "\(place) takes examples of shape \(Self.text(known)), and only the batch may be free; fix it by "
          + "--input-shape \(name)=\(Self.text(known)), with a number for each ?")
    }
    return numbers
  }

  // MARK: A value that is given

  /// The input as a constant.
  ///
  /// - Parameters:
  ///   - numbers: As many as the input has, or one for all.
  ///   - given: The shape that the user gives; `nil` if none.
  /// - Returns: The constant; a free axis is as long as the numbers make it.
  /// - Throws: ``ONNXError`` if the numbers are not as many, or not of the type.
  func constant(_ numbers: [Double], given: [Int]?) throws(ONNXError) -> ONNXConstant {
    var extents = given.map { $0.map(Optional.some) } ?? extents ?? []
    let known = extents.compactMap(\.self).reduce(1) { $0.multipliedReportingOverflow(by: $1).0 }
    if let axis = extents.firstIndex(where: { $0 == nil }), known > 0 {
      extents[axis] = max(1, numbers.count / known)
    }
    let shape = extents.map { $0 ?? 1 }
    guard let count = TensorShape.elementCount(of: shape), count <= Self.constantLimit,
      numbers.count == count || numbers.count == 1
    else {
      throw ONNXError(
        .unsupported,
        "\(place) is of shape \(Self.text(extents)), and --input-value gives \(numbers.count) numbers; give as many as "
          + "it has, or one for all")
    }
    let all = numbers.count == count ? numbers : Array(repeating: numbers[0], count: count)
    if elementType.isFloatingPoint {
      return ONNXConstant(elementType: elementType, shape: shape, elements: .reals(all))
    }
    let integers = all.compactMap { Int(exactly: $0) }
    guard integers.count == all.count,
      elementType != .boolean || integers.allSatisfy({ $0 == 0 || $0 == 1 })
    else {
      throw ONNXError(
        .unsupported,
        "\(place) is of type \(elementType), and --input-value gives other numbers; give whole ones"
      )
    }
    return ONNXConstant(
      elementType: elementType, shape: shape, elements: .integers(integers.map(ONNXExtent.number)))
  }
}

/// How large a value may be.
enum ValueLimit {
  /// More elements than a value of one example has in any network.
  static let elementCount = 1 << 31
  /// The largest stride, pad or dilation: products of it and an extent can be added without overflow.
  static let windowNumber = 1 << 30
}
