#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Tensor {
  /// Some elements as a tensor of their own, in memory.
  ///
  /// Those of a file are read from it rather than through its mapping, so that the pages do not become
  /// memory of this process, as far as elements are contiguous: others come as the view of the mapping.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  /// - Returns: A tensor of one dimension, or of this tensor's if it is this tensor.
  /// - Throws: ``TensorFileError`` if the file does not have the bytes any more.
  package func read(_ range: Range<Int>) throws(TensorFileError) -> (
    tensor: Tensor, range: Range<Int>
  ) {
    guard let bytes = bytesInFile(of: range) else { return (self, range) }
    var data = Data(count: bytes.count)
    let isRead = data.withUnsafeMutableBytes { bytes.file.read(at: bytes.offset, into: $0) }
    guard isRead else { throw shortened }
    let copy = try Tensor(
      name: name, elementType: elementType, shape: [range.count],
      storage: TensorStorage(
        content: .plain(data), isBigEndian: storage.isBigEndian, path: storage.path))
    return (copy, 0..<range.count)
  }

  /// Copies elements in single precision, from the file if they are a part of one; see ``read(_:)``.
  ///
  /// - Parameters:
  ///   - range: Row-major positions, within `0..<count`.
  ///   - target: Is filled; as long as the range.
  /// - Throws: ``TensorFileError`` if the elements are not floating point, or the file is damaged.
  package func readFloats(
    in range: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) throws(TensorFileError) {
    precondition(range.count == target.count, "room for the numbers read")
    if elementType == .float32, !isByteSwapped, let bytes = bytesInFile(of: range) {
      guard bytes.file.read(at: bytes.offset, into: UnsafeMutableRawBufferPointer(target)) else {
        throw shortened
      }
      return
    }
    let (source, part) = try read(range)
    _ = target.update(from: try source.floats(in: part))
  }

  private var shortened: TensorFileError {
    TensorFileError(
      .inaccessible, path: path,
      "tensor \"\(name)\" cannot be read any more; another program changed the file, copy it again")
  }

  /// Where in a file elements are; `nil` if they are not in one as they are, one behind the other.
  private func bytesInFile(
    of range: Range<Int>
  ) -> (file: MappedFile, offset: Int, count: Int)? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "positions beyond the tensor's elements")
    guard let source = storage.source, isContiguous, elementType.bitCount.isMultiple(of: 8) else {
      return nil
    }
    // `init` checked that all elements lie within the storage, so nothing overflows.
    let size = elementType.bitCount / 8
    return (
      source.file, source.offset + (offset + range.lowerBound) * size, range.count * size
    )
  }
}
