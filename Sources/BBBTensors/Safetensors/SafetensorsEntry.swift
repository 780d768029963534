/// What a safetensors header says of one tensor, with the span held against the shape.
struct SafetensorsEntry {
  let name: String
  let elementType: ElementType
  let shape: [Int]
  /// The first byte, counted from the end of the header.
  let start: Int
  /// The byte behind the last.
  let end: Int

  init(name: String, _ value: StrictJSON, path: String) throws(TensorFileError) {
    func malformed(_ what: String) -> TensorFileError {
      .damaged(path: path, "tensor \"\(name)\" \(what)")
    }
    guard case .object(let fields) = value else {
      throw malformed("is not described by an object")
    }
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    for (key, value) in fields {
      switch (key, value) {
      case ("dtype", .string(let string)): typeName = string
      case ("shape", .array(let elements)): shape = Self.naturals(elements)
      case ("data_offsets", .array(let elements)): offsets = Self.naturals(elements)
      case ("dtype", _), ("shape", _), ("data_offsets", _):
        throw malformed("has a \(key) of the wrong kind")
      default: throw malformed("has the unknown field \"\(key)\"")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw malformed("lacks a valid dtype, shape or pair of data_offsets")
    }
    guard let elementType = ElementType(safetensorsName: typeName) else {
      throw TensorFileError(
        .unsupported, path: path,
        "tensor \"\(name)\" has the unknown dtype \"\(typeName)\"; save it as F32")
    }
    guard let count = TensorShape.elementCount(of: shape),
      let byteCount = TensorShape.byteCount(of: count, bitCount: elementType.bitCount)
    else {
      throw malformed(
        "has the shape \(shapeText(shape)) of \(typeName), which is too large or no whole number "
          + "of bytes")
    }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
      throw malformed(
        "has \(byteCount) bytes by its shape but spans bytes \(offsets[0]) to \(offsets[1])")
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    start = offsets[0]
    end = offsets[1]
  }

  /// The values as numbers that are not negative; nil if one is anything else.
  private static func naturals(_ values: [StrictJSON]) -> [Int]? {
    var naturals: [Int] = []
    naturals.reserveCapacity(values.count)
    for value in values {
      guard case .integer(let integer) = value, integer >= 0 else { return nil }
      naturals.append(integer)
    }
    return naturals
  }
}
