import CBBBKernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Tensor {
  /// Creates a tensor of single-precision numbers in memory.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extent of each dimension, none negative; their product is the number of values.
  ///   - floats: The elements, row-major.
  /// - Precondition: `floats` has as many elements as `shape` says, and no extent is negative.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(
      name: name, elementType: .float32, shape: shape, count: floats.count,
      data: floats.withUnsafeBytes { Data($0) })
  }

  /// Creates a tensor of double-precision numbers in memory.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extent of each dimension, none negative; their product is the number of values.
  ///   - doubles: The elements, row-major.
  /// - Precondition: `doubles` has as many elements as `shape` says, and no extent is negative.
  public init(name: String, shape: [Int], doubles: [Double]) {
    self.init(
      name: name, elementType: .float64, shape: shape, count: doubles.count,
      data: doubles.withUnsafeBytes { Data($0) })
  }

  /// Creates a half-precision tensor from single-precision numbers.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extents; their product is the number of elements.
  ///   - halves: The elements in row-major order; each is rounded to the nearest half-precision
  ///     number, ties to even, and is infinite beyond 65504.
  public init(name: String, shape: [Int], halves: [Float]) {
    let words = halves.map { bbb_float_to_half($0) }
    self.init(
      name: name, elementType: .float16, shape: shape, count: words.count,
      data: words.withUnsafeBytes { Data($0) })
  }

  /// Creates a tensor of numbers of a given type in memory.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extents; their product is the number of elements.
  ///   - elementType: One that holds real numbers.
  ///   - doubles: The elements in row-major order; each is rounded to the nearest number of the type, ties
  ///     to even.
  /// - Precondition: `doubles` has as many elements as `shape` says, and `elementType` is a
  ///   floating-point type.
  public init(name: String, shape: [Int], _ elementType: ElementType, doubles: [Double]) {
    switch elementType {
    case .float64: self.init(name: name, shape: shape, doubles: doubles)
    case .float32: self.init(name: name, shape: shape, floats: doubles.map(Float.init))
    case .float16: self.init(name: name, shape: shape, halves: doubles.map(Float.init))
    case .bfloat16:
      let words = doubles.map { Float($0).upperHalf }
      self.init(
        name: name, elementType: .bfloat16, shape: shape, count: words.count,
        data: words.withUnsafeBytes { Data($0) })
    case .other: preconditionFailure("\(elementType) does not hold real numbers")
    }
  }

  /// Creates a tensor of unsigned bytes in memory.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extent of each dimension, none negative; their product is the number of values.
  ///   - bytes: The elements, row-major.
  /// - Precondition: `bytes` has as many elements as `shape` says, and no extent is negative.
  public init(name: String, shape: [Int], bytes: [UInt8]) {
    self.init(
      name: name, elementType: .uint8, shape: shape, count: bytes.count, data: Data(bytes))
  }

  private init(name: String, elementType: ElementType, shape: [Int], count: Int, data: Data) {
    precondition(
      TensorShape.elementCount(of: shape) == count,
      "tensor \"\(name)\" of shape \(shapeText(shape)) cannot have \(count) elements")
    guard let strides = TensorShape.rowMajorStrides(of: shape) else {
      preconditionFailure("tensor \"\(name)\" has the impossible shape \(shapeText(shape))")
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.strides = strides
    self.offset = 0
    self.storage = TensorStorage(
      content: .plain(data), isBigEndian: TensorStorage.isHostBigEndian, path: "")
    self.count = count
  }

  /// A part of a one-dimensional tensor, seen in another shape: a view, not a copy.
  ///
  /// - Parameters:
  ///   - range: The positions of the elements.
  ///   - shape: The shape to see them in; its product is the length of `range`.
  ///   - name: The name of the part.
  /// - Returns: A tensor of the given shape on the same storage.
  /// - Throws: ``TensorFileError`` if the tensor is not one-dimensional, has fewer elements, or the
  ///   shape does not fit the range.
  public func slice(
    _ range: Range<Int>, shape: [Int], name: String
  ) throws(TensorFileError) -> Tensor {
    guard self.shape.count == 1, let stride = strides.first else {
      throw TensorFileError(
        .malformed, path: path,
        "tensor \"\(self.name)\" has shape \(shapeText(self.shape)) where a flat vector is expected"
      )
    }
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw TensorFileError(
        .malformed, path: path,
        "tensor \"\(self.name)\" has \(count) elements, too few for \"\(name)\" at positions "
          + "\(range.lowerBound)..<\(range.upperBound)")
    }
    guard TensorShape.elementCount(of: shape) == range.count,
      let rowMajor = TensorShape.rowMajorStrides(of: shape)
    else {
      throw TensorFileError(
        .malformed, path: path,
        "\"\(name)\" of shape \(shapeText(shape)) cannot have the \(range.count) elements of its part of "
          + "\"\(self.name)\"")
    }
    // An empty view never moves along a stride, so strides that do not fit can be anything.
    let strides = rowMajor.map { count == 0 || range.isEmpty ? $0 : $0 &* stride }
    return try Tensor(
      name: name, elementType: elementType, shape: shape, strides: strides,
      offset: range.isEmpty ? offset : offset + range.lowerBound * stride, storage: storage)
  }

  /// Some of the rows, along the first dimension: a view, not a copy.
  ///
  /// - Parameters:
  ///   - range: Their numbers; at least one.
  ///   - name: The name of the part.
  /// - Returns: A tensor of as many rows on the same storage.
  /// - Throws: ``TensorFileError``, of which there is no cause left.
  /// - Precondition: The tensor has these rows.
  package func rows(_ range: Range<Int>, name: String) throws(TensorFileError) -> Tensor {
    precondition(
      !shape.isEmpty && !range.isEmpty && (0...shape[0]).contains(range.lowerBound)
        && range.upperBound <= shape[0], "rows that are there")
    return try Tensor(
      name: name, elementType: elementType, shape: [range.count] + shape.dropFirst(),
      strides: strides, offset: offset + range.lowerBound * strides[0], storage: storage)
  }
}

extension Float {
  /// The nearest bfloat16 number, ties to even: the upper half of the bits.
  fileprivate var upperHalf: UInt16 {
    // A carry out of the mantissa is the next power of two, or infinity; NaN alone must not be rounded.
    isNaN ? 0x7FC0 : UInt16((bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) >> 16)
  }
}
