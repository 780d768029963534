import CBBBKernels

extension Tensor {
  /// Elements at some positions, in single precision.
  ///
  /// Exact for all types but F64, which is rounded to nearest; subnormal numbers, infinities and NaN
  /// are kept. Contiguous F32 is copied in one piece.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  /// - Returns: As many numbers as the range is long.
  /// - Throws: ``TensorFileError`` if the elements are not floating point, or the file is damaged.
  public func floats(in range: Range<Int>) throws(TensorFileError) -> [Float] {
    switch elementType {
    case .float32:
      try elements(in: range, UInt32.self, isIdentity: true) { Float(bitPattern: $0) }
    case .float64: try elements(in: range, UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float16: try elements(in: range, UInt16.self) { bbb_half_to_float($0) }
    case .bfloat16: try elements(in: range, UInt16.self) { Float(bfloat16: $0) }
    case .other: throw notReadable(as: "floating-point numbers")
    }
  }

  /// Elements at some positions, in double precision.
  ///
  /// Exact for all types; contiguous F64 is copied in one piece.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  /// - Returns: As many numbers as the range is long.
  /// - Throws: ``TensorFileError`` if the elements are not floating point, or the file is damaged.
  public func doubles(in range: Range<Int>) throws(TensorFileError) -> [Double] {
    switch elementType {
    case .float64:
      try elements(in: range, UInt64.self, isIdentity: true) { Double(bitPattern: $0) }
    case .float32: try elements(in: range, UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16:
      try elements(in: range, UInt16.self) { Double(bbb_half_to_float($0)) }
    case .bfloat16:
      try elements(in: range, UInt16.self) { Double(Float(bfloat16: $0)) }
    case .other: throw notReadable(as: "floating-point numbers")
    }
  }

  /// All elements in single precision, row-major.
  ///
  /// - Returns: ``count`` numbers.
  /// - Throws: ``TensorFileError`` if the elements are not floating point, or the file is damaged.
  public func floats() throws(TensorFileError) -> [Float] { try floats(in: 0..<count) }

  /// All elements in double precision, row-major.
  ///
  /// - Returns: ``count`` numbers.
  /// - Throws: ``TensorFileError`` if the elements are not floating point, or the file is damaged.
  public func doubles() throws(TensorFileError) -> [Double] { try doubles(in: 0..<count) }

  /// All elements of an unsigned-byte or Boolean tensor, row-major.
  ///
  /// - Returns: ``count`` bytes.
  /// - Throws: ``TensorFileError`` if the elements are of another type, or the file is damaged.
  public func bytes() throws(TensorFileError) -> [UInt8] { try bytes(in: 0..<count) }

  /// Elements of an unsigned-byte or Boolean tensor at some positions.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  /// - Returns: As many bytes as the range is long.
  /// - Throws: ``TensorFileError`` if the elements are of another type, or the file is damaged.
  public func bytes(in range: Range<Int>) throws(TensorFileError) -> [UInt8] {
    guard elementType == .uint8 || elementType == .boolean else {
      throw notReadable(as: "bytes")
    }
    return try elements(in: range, UInt8.self, isIdentity: true) { $0 }
  }

  /// All elements of a tensor of integers, row-major.
  ///
  /// - Returns: ``count`` integers.
  /// - Throws: ``TensorFileError`` if the elements are of another type or exceed `Int`, or the file is
  ///   damaged.
  public func integers() throws(TensorFileError) -> [Int] {
    let all = 0..<count
    switch elementType.description {
    case "I8": return try elements(in: all, Int8.self) { Int($0) }
    case "U8", "BOOL": return try elements(in: all, UInt8.self) { Int($0) }
    case "I16": return try elements(in: all, Int16.self) { Int($0) }
    case "U16": return try elements(in: all, UInt16.self) { Int($0) }
    case "I32": return try elements(in: all, Int32.self) { Int($0) }
    case "U32": return try elements(in: all, UInt32.self) { Int($0) }
    case "I64": return try elements(in: all, Int64.self) { Int($0) }
    case "U64":
      let values = try elements(in: all, UInt64.self) { Int(exactly: $0) }
      guard values.allSatisfy({ $0 != nil }) else {
        throw notReadable(as: "64-bit signed integers")
      }
      return values.compactMap(\.self)
    default: throw notReadable(as: "integers")
    }
  }

  private func notReadable(as kind: String) -> TensorFileError {
    TensorFileError(
      .unsupported, path: path,
      "tensor \"\(name)\" has elements of type \(elementType), which cannot be read as \(kind)")
  }
}

extension Float {
  /// The number whose upper half is given, the lower one zero.
  @inline(__always)
  fileprivate init(bfloat16 bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }
}
