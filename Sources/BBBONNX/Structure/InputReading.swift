import BBBTensors

extension ONNXInput {
  /// Reads what a file says of an input, and tells the batch from the other axes.
  ///
  /// The batch is a free axis that the file calls so, else the first axis if it is free or of extent 1,
  /// else the axis that is free; in a file exported for some number of examples it is the first axis.
  /// A guess that is wrong cannot pass: what joins indices of the batch is refused later.
  ///
  /// - Parameters:
  ///   - message: The input.
  ///   - givenShape: The shape of one example that the user gives; `nil` if none.
  /// - Throws: ``ONNXError`` if it is no tensor, or another axis than the batch has no extent.
  init(_ message: Onnx_ValueInfoProto, givenShape: [Int]?) throws(ONNXError) {
    let place = "the input \"\(message.name)\""
    guard case .tensorType(let tensor)? = message.type.value else {
      throw ONNXError(
        .unsupported, "\(place) is no tensor, which is not read; export the network alone")
    }
    guard tensor.hasShape else {
      throw ONNXError(
        .unsupported, "\(place) has no shape in the file; export the network with an example input")
    }
    elementType = try ONNXElementType(code: tensor.elemType, of: place)
    name = message.name
    var extents: [Int?] = []
    for dimension in tensor.shape.dim {
      extents.append(try Self.extent(dimension, of: place))
    }
    guard !extents.isEmpty, extents.count <= TensorShape.dimensionLimit else {
      throw ONNXError(
        .unsupported,
        "\(place) has \(extents.count) axes and so no batch; export the network with an input that "
          + "holds a batch of examples")
    }
    batchAxis = Self.batchAxis(tensor.shape.dim, extents: extents)
    frozenBatch = extents[batchAxis]
    extents.remove(at: batchAxis)
    exampleShape = try Self.exampleShape(extents, givenShape: givenShape, of: place)
    guard let count = TensorShape.elementCount(of: exampleShape), count <= ValueLimit.elementCount,
      frozenBatch != 0
    else {
      throw ONNXError(
        .unsupported,
        "\(place) has the impossible shape \(shapeText(exampleShape)); export the network again")
    }
  }

  private static func batchAxis(
    _ dimensions: [Onnx_TensorShapeProto.Dimension], extents: [Int?]
  ) -> Int {
    let free = extents.indices.filter { extents[$0] == nil }
    let named = free.first { dimensions[$0].dimParam.lowercased().contains("batch") }
    if let named { return named }
    return extents[0] == nil || extents[0] == 1 ? 0 : free.first ?? 0
  }

  /// The extent that a file gives; `nil` if it leaves it free.
  private static func extent(
    _ dimension: Onnx_TensorShapeProto.Dimension, of place: String
  ) throws(ONNXError) -> Int? {
    guard case .dimValue(let value)? = dimension.value else { return nil }
    guard let extent = Int(exactly: value), extent >= 0 else {
      throw ONNXError(
        .malformed, "\(place) has the extent \(value); the file is damaged, export it again")
    }
    return extent
  }

  private static func exampleShape(
    _ extents: [Int?], givenShape: [Int]?, of place: String
  ) throws(ONNXError) -> [Int] {
    let written = extents.map { $0.map(String.init) ?? "?" }.joined(separator: ",")
    if let givenShape {
      let fits =
        givenShape.count == extents.count
        && zip(givenShape, extents).allSatisfy { $0 >= 0 && ($1 == nil || $0 == $1) }
      guard fits else {
        throw ONNXError(
          .unsupported,
          "\(place) takes examples of shape \(written), and --input-shape says "
            + "\(givenShape.map(String.init).joined(separator: ",")); correct it, or leave it out")
      }
      return givenShape
    }
    let known = extents.compactMap(\.self)
    guard known.count == extents.count else {
      throw ONNXError(
        .unsupported,
        "\(place) takes examples of shape \(written), and only the batch may be free; fix it by "
          + "--input-shape, with a number for each ?")
    }
    return known
  }
}

/// How large a value may be.
enum ValueLimit {
  /// More elements than a value of one example has in any network.
  static let elementCount = 1 << 31
  /// The largest stride, pad or dilation: products of it and an extent can be added without overflow.
  static let windowNumber = 1 << 30
}
