import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A tensor of which the file holds only the elements that are not zero, and where they are.
struct SparseInitializer: Sendable {
  /// More elements than a layer's weights are: few bytes of a file must not claim all memory.
  private static let elementLimit = 1 << 28

  let values: ONNXTensor
  private let indices: ONNXTensor
  private let shape: [Int]

  /// Checks what a message says of a sparse tensor; the indices are checked when they are used.
  ///
  /// - Returns: The tensor with all its elements, which are unfolded once they are needed.
  /// - Throws: ``ONNXError`` if shape, values and indices do not fit each other.
  static func tensor(
    _ message: Onnx_SparseTensorProto, name: String, externalData: inout ExternalData
  ) throws(ONNXError) -> ONNXTensor {
    let (shape, count) = try ONNXTensor.shape(message.dims, name: name)
    guard count <= elementLimit else {
      throw ONNXError(
        .unsupported,
        "sparse tensor \"\(name)\" has \(count) elements, more than the \(elementLimit) that are "
          + "unfolded; store it as a dense initializer")
    }
    let values = try ONNXTensor(message.values, name: name, externalData: &externalData)
    let indices = try ONNXTensor(message.indices, name: name, externalData: &externalData)
    guard values.shape.count == 1, indices.elementType == .int64,
      indices.shape == values.shape || indices.shape == [values.count, shape.count]
    else {
      throw ONNXTensor.damaged(
        name, "is sparse, and its values and indices do not fit its shape \(shapeText(shape))")
    }
    return ONNXTensor(
      name: name, elementType: values.elementType, shape: shape, count: count,
      content: .sparse(SparseInitializer(values: values, indices: indices, shape: shape)))
  }

  /// The elements, zeros included, little-endian.
  ///
  /// - Throws: ``ONNXError`` if an index is outside, or one position is given twice.
  func elementBytes(count: Int) throws(ONNXError) -> Data {
    let positions = try positions(count: count)
    let size = values.elementType.tensorType.bitCount / 8
    let stored = try storedBytes()
    var bytes = Data(count: count * size)
    var isTaken = [Bool](repeating: false, count: count)
    for (value, position) in positions.enumerated() {
      guard !isTaken[position] else {
        throw ONNXTensor.damaged(values.name, "is sparse, and gives one element twice")
      }
      isTaken[position] = true
      let start = bytes.startIndex + position * size
      bytes.replaceSubrange(
        start..<start + size, with: stored.slice(value * size..<(value + 1) * size))
    }
    return bytes
  }

  private func storedBytes() throws(ONNXError) -> Data {
    switch values.content {
    case .bytes(let data, _): return data
    case .fields(let message): return try message.elementBytes(as: values.elementType)
    case .sparse:
      throw ONNXTensor.damaged(values.name, "is sparse, and so are its values")
    }
  }

  /// The row-major position of each value, from linear indices or from coordinates.
  private func positions(count: Int) throws(ONNXError) -> [Int] {
    let indices = try indices.integers()
    let isLinear = self.indices.shape.count == 1
    let extents = isLinear ? [count] : shape
    var positions: [Int] = []
    positions.reserveCapacity(values.count)
    for value in 0..<values.count {
      var position = 0
      for (axis, extent) in extents.enumerated() {
        let index = indices[value * extents.count + axis]
        guard (0..<extent).contains(index) else {
          throw ONNXTensor.damaged(
            values.name, "is sparse, and has an element at index \(index) of \(extent)")
        }
        position = position * extent + index
      }
      positions.append(position)
    }
    return positions
  }
}
