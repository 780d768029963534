#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A NumPy array as a pickle describes it.
struct PickledArray: Equatable {
  let type: PickledArrayType
  let shape: [Int]
  let isFortranOrder: Bool
  /// The elements; `nil` if they are Python objects.
  let bytes: Data?
}

/// The type of a NumPy array's elements as a pickle describes it.
struct PickledArrayType: Equatable {
  /// Kind and size, such as `f4`.
  let code: String
  /// `<`, `>` or `|`; empty until `BUILD` gives it.
  var byteOrder = ""

  /// The type; `nil` if it is none of plain numbers.
  var elementType: NPYElementType? { try? NPYElementType(byteOrder + code) }
}

extension Unpickler {
  /// What a call of NumPy or of a codec yields, where it rebuilds plain data; `nil` for any other call.
  mutating func calledOfNumPy(
    _ module: String, _ name: String, _ values: [PickleValue]
  ) throws(TensorFileError) -> PickleValue? {
    switch (module, name) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      heap.arrays.append(nil)
      return .array(heap.arrays.count - 1)
    case ("numpy", "dtype"):
      guard case .string(let code)? = values.first else { return nil }
      heap.arrayTypes.append(PickledArrayType(code: code))
      return .arrayType(heap.arrayTypes.count - 1)
    case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"):
      guard values.count == 4, case .bytes(let bytes) = values[0],
        case .arrayType(let type) = values[1], let shape = heap.naturals(values[2]),
        case .string(let order) = values[3]
      else { return nil }
      heap.arrays.append(
        PickledArray(
          type: heap.arrayTypes[type], shape: shape, isFortranOrder: order == "F", bytes: bytes))
      return .array(heap.arrays.count - 1)
    case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"):
      return try number(values)
    case ("_codecs", "encode"):
      // How protocol 2 writes bytes: as a string of the characters with their numbers.
      guard values.count == 2, case .string(let text) = values[0], values[1] == .string("latin1")
      else { return nil }
      var bytes = Data(capacity: text.unicodeScalars.count)
      for scalar in text.unicodeScalars {
        guard let byte = UInt8(exactly: scalar.value) else {
          throw malformed("writes bytes with a character that is none")
        }
        bytes.append(byte)
      }
      return .bytes(bytes)
    case ("builtins", "bytes"), ("__builtin__", "bytes"):
      return values.isEmpty ? .bytes(Data()) : nil
    default: return nil
    }
  }

  /// A NumPy number; `nil` if it is of a kind that is not read.
  private func number(_ values: [PickleValue]) throws(TensorFileError) -> PickleValue? {
    guard values.count == 2, case .arrayType(let type) = values[0],
      case .bytes(let bytes) = values[1], let elementType = heap.arrayTypes[type].elementType
    else { return nil }
    let tensor = try Tensor(
      name: "number", elementType: elementType.elementType, shape: [],
      storage: TensorStorage(
        content: .plain(bytes), isBigEndian: elementType.isBigEndian, path: cursor.path))
    if elementType.elementType.isFloatingPoint { return .real(try tensor.doubles()[0]) }
    return (try? tensor.integers()).map { .integer($0[0]) }
  }

  /// Gives an array its version, shape, type, order and elements.
  mutating func buildArray(_ index: Int, from state: PickleValue) throws(TensorFileError) {
    guard let parts = heap.tuple(state), parts.count == 5, let shape = heap.naturals(parts[1]),
      case .arrayType(let type) = parts[2], case .bool(let isFortranOrder) = parts[3]
    else { throw malformed("rebuilds a NumPy array from something other than its parts") }
    var bytes: Data?
    if case .bytes(let content) = parts[4] { bytes = content }
    heap.arrays[index] = PickledArray(
      type: heap.arrayTypes[type], shape: shape, isFortranOrder: isFortranOrder, bytes: bytes)
  }

  /// Gives a NumPy type its byte order.
  mutating func buildArrayType(_ index: Int, from state: PickleValue) throws(TensorFileError) {
    guard let parts = heap.tuple(state), parts.count >= 2, case .string(let order) = parts[1] else {
      throw malformed("gives a NumPy type no byte order")
    }
    heap.arrayTypes[index].byteOrder = order
  }
}

extension PickledArray {
  /// The array as a tensor; `nil` if its elements are no plain values.
  ///
  /// - Throws: ``TensorFileError`` if its bytes are not as many as its shape says.
  func tensor(name: String, path: String) throws(TensorFileError) -> Tensor? {
    guard let elementType = type.elementType, let bytes else { return nil }
    guard let count = TensorShape.elementCount(of: shape),
      TensorShape.byteCount(of: count, bitCount: elementType.elementType.bitCount) == bytes.count
    else {
      throw .damaged(
        path: path,
        "array \"\(name)\" of shape \(shapeText(shape)) has \(bytes.count) bytes, not as many as that "
          + "takes")
    }
    return try Tensor(
      name: name, elementType: elementType.elementType, shape: shape,
      strides: isFortranOrder ? TensorShape.columnMajorStrides(of: shape) : nil,
      storage: TensorStorage(
        content: .plain(bytes), isBigEndian: elementType.isBigEndian, path: path))
  }
}
