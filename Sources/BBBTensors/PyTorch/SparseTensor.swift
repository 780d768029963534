#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sparse tensor of a file: its values, where they are, and what it is when unfolded.
struct SparseTensor: Sendable {
  let name: String
  let layout: TorchSparseTensor.Layout
  /// Coordinates (dimensions × values), or where rows begin and the column of each value.
  let indices: [Tensor]
  /// One value for each nonzero element, or of coordinates one block for each.
  let values: Tensor
  let shape: [Int]
  /// The number of elements, zeros included.
  private let count: Int

  /// Checks that the parts fit each other; what the indices say is checked when they are read.
  ///
  /// - Throws: ``TensorFileError`` if they do not.
  init(
    name: String, layout: TorchSparseTensor.Layout, indices: [Tensor], values: Tensor, shape: [Int]
  ) throws(TensorFileError) {
    self.name = name
    self.layout = layout
    self.indices = indices
    self.values = values
    self.shape = shape
    guard let count = TensorShape.elementCount(of: shape) else {
      throw .damaged(
        path: values.path,
        "sparse tensor \"\(name)\" has the impossible shape \(shapeText(shape))")
    }
    self.count = count
    guard partsFit else {
      throw .damaged(
        path: values.path,
        "the indices and values of sparse tensor \"\(name)\" do not fit its shape, \(shapeText(shape))"
      )
    }
  }

  private var partsFit: Bool {
    switch layout {
    case .coordinates:
      guard indices[0].shape.count == 2, let valueCount = values.shape.first else { return false }
      let sparseDimensionCount = indices[0].shape[0]
      return indices[0].shape[1] == valueCount && sparseDimensionCount <= shape.count
        && Array(shape[sparseDimensionCount...]) == Array(values.shape.dropFirst())
    case .compressedRows, .compressedColumns:
      guard shape.count == 2 else { return false }
      let lineCount = shape[layout == .compressedRows ? 0 : 1]
      return indices[0].shape.count == 1 && indices[0].shape[0] - 1 == lineCount
        && values.shape.count == 1 && indices[1].shape == values.shape
    }
  }

  /// Whether the values are of a type that can be unfolded.
  var isFloatingPoint: Bool { values.elementType.isFloatingPoint }

  /// The number of bytes that the unfolded elements take; `nil` if there are too many.
  var unfoldedByteCount: Int? {
    TensorShape.byteCount(of: count, bitCount: unfoldedType.bitCount)
  }

  /// The type of the unfolded elements: half precision is widened, which is exact.
  private var unfoldedType: ElementType {
    values.elementType == .float64 ? .float64 : .float32
  }

  /// The tensor with all its elements, unfolded when they are first needed.
  ///
  /// - Parameter byteCount: What ``unfoldedByteCount`` says.
  /// - Returns: The tensor.
  /// - Throws: ``TensorFileError`` if the shape is impossible; on reading, if an index lies outside.
  func unfolded(byteCount: Int) throws(TensorFileError) -> Tensor {
    let content = TensorStorage.Content.deferred(byteCount: byteCount) {
      () throws(TensorFileError) -> Data in try unfoldedBytes()
    }
    return try Tensor(
      name: name, elementType: unfoldedType, shape: shape,
      storage: TensorStorage(
        content: content.shared, isBigEndian: TensorStorage.isHostBigEndian, path: values.path))
  }

  private func unfoldedBytes() throws(TensorFileError) -> Data {
    let positions = try positions()
    if unfoldedType == .float64 {
      return try sums(of: values.loaded().doubles(), at: positions).withUnsafeBytes { Data($0) }
    }
    return try sums(of: values.loaded().floats(), at: positions).withUnsafeBytes { Data($0) }
  }

  /// Puts each value, or block of values, at its position; values at one position are added, as
  /// PyTorch does.
  private func sums<Number: BinaryFloatingPoint>(
    of values: [Number], at positions: [Int]
  ) -> [Number] {
    var elements = [Number](repeating: 0, count: count)
    let blockSize = positions.isEmpty ? 0 : values.count / positions.count
    for (block, position) in positions.enumerated() {
      for offset in 0..<blockSize {
        elements[position * blockSize + offset] += values[block * blockSize + offset]
      }
    }
    return elements
  }

  /// For each value or block its row-major position among the sparse dimensions.
  private func positions() throws(TensorFileError) -> [Int] {
    switch layout {
    case .coordinates:
      let coordinates = try indices[0].loaded().integers()
      let valueCount = indices[0].shape[1]
      var positions = [Int](repeating: 0, count: valueCount)
      for dimension in 0..<indices[0].shape[0] {
        let extent = shape[dimension]
        for value in 0..<valueCount {
          let coordinate = coordinates[dimension * valueCount + value]
          guard (0..<extent).contains(coordinate) else { throw outside(coordinate, extent) }
          positions[value] = positions[value] * extent + coordinate
        }
      }
      return positions
    case .compressedRows, .compressedColumns:
      let starts = try indices[0].loaded().integers()
      let crossings = try indices[1].loaded().integers()
      guard starts.first == 0, starts.last == crossings.count,
        zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
      else {
        throw .damaged(
          path: values.path, "sparse tensor \"\(name)\" does not say where its rows begin")
      }
      let isByRow = layout == .compressedRows
      let extent = shape[isByRow ? 1 : 0]
      var positions: [Int] = []
      positions.reserveCapacity(crossings.count)
      for line in 0..<starts.count - 1 {
        for crossing in crossings[starts[line]..<starts[line + 1]] {
          guard (0..<extent).contains(crossing) else { throw outside(crossing, extent) }
          positions.append(isByRow ? line * extent + crossing : crossing * shape[1] + line)
        }
      }
      return positions
    }
  }

  private func outside(_ index: Int, _ extent: Int) -> TensorFileError {
    .damaged(
      path: values.path,
      "sparse tensor \"\(name)\" has a value at index \(index) of a dimension of \(extent)")
  }
}
