#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Tensor {
  /// The most elements of a view that repeats those of its storage (a stride of zero): a few bytes of
  /// a file must not claim all memory.
  private static let repeatedElementLimit = 1 << 20

  /// Gathers the elements at row-major positions, whatever the strides and the byte order.
  ///
  /// - Parameters:
  ///   - range: Positions, within `0..<count`.
  ///   - bits: The integer as wide as an element.
  ///   - isIdentity: Whether `convert` keeps the bits of an element in the host's byte order.
  ///   - convert: What an element's bits mean.
  /// - Returns: As many elements as the range is long.
  /// - Throws: ``TensorFileError`` if the bytes are damaged, or far fewer than the elements.
  @inline(__always)
  func elements<Bits: FixedWidthInteger, Output>(
    in range: Range<Int>, _ bits: Bits.Type, isIdentity: Bool = false,
    _ convert: (Bits) -> Output
  ) throws(TensorFileError) -> [Output] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "positions beyond the tensor's elements")
    try checkRepetition()
    guard case .plain(let data) = try storage.loaded().content, !range.isEmpty else { return [] }
    let isSwapped = isByteSwapped
    let size = MemoryLayout<Bits>.size
    // SAFETY: `init` checked that the view's last element lies within the storage, `range` lies within
    // the view, and every element of the output up to `filled` has been written.
    return data.withUnsafeBytes { source in
      [Output](unsafeUninitializedCapacity: range.count) { output, filled in
        if isContiguous {
          let start = (offset + range.lowerBound) * size
          let part = UnsafeRawBufferPointer(rebasing: source[start..<start + range.count * size])
          if isIdentity, !isSwapped {
            UnsafeMutableRawBufferPointer(output).copyMemory(from: part)
          } else {
            for index in 0..<range.count {
              let value = part.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
              output.initializeElement(
                at: index, to: convert(isSwapped ? value.byteSwapped : value))
            }
          }
          filled = range.count
        } else {
          forEachRun(in: range) { start, stride, length in
            for step in 0..<length {
              let value = source.loadUnaligned(
                fromByteOffset: (start + step * stride) * size, as: Bits.self)
              output.initializeElement(
                at: filled + step, to: convert(isSwapped ? value.byteSwapped : value))
            }
            filled += length
          }
        }
      }
    }
  }

  /// Whether the bytes of an element are in the other order than this machine's.
  var isByteSwapped: Bool { storage.isBigEndian != TensorStorage.isHostBigEndian }

  /// Whether the view repeats its storage so often that it is never read.
  var repeatsTooOften: Bool {
    count > Self.repeatedElementLimit && count > storage.bitCount / elementType.bitCount
  }

  private func checkRepetition() throws(TensorFileError) {
    guard !repeatsTooOften else {
      throw TensorFileError(
        .unsupported, path: path,
        "tensor \"\(name)\" repeats the elements of a smaller storage \(count) times in all; "
          + "call .contiguous() on it before saving")
    }
  }

  /// Visits positions as runs along the last dimension: index of the first element in the storage,
  /// stride, length.
  @inline(__always)
  private func forEachRun(in range: Range<Int>, _ body: (Int, Int, Int) -> Void) {
    guard let width = shape.last, let lastStride = strides.last else { return }
    var position = range.lowerBound
    var indices = [Int](repeating: 0, count: shape.count)
    var rest = position
    for dimension in shape.indices.reversed() {
      indices[dimension] = rest % shape[dimension]
      rest /= shape[dimension]
    }
    while position < range.upperBound {
      let start = zip(indices, strides).reduce(offset) { $0 + $1.0 * $1.1 }
      let length = min(width - indices[shape.count - 1], range.upperBound - position)
      body(start, lastStride, length)
      position += length
      indices[shape.count - 1] = 0
      var dimension = shape.count - 2
      while dimension >= 0 {
        indices[dimension] += 1
        if indices[dimension] < shape[dimension] { break }
        indices[dimension] = 0
        dimension -= 1
      }
    }
  }

  /// The number of bytes that the elements take in a file.
  func fileByteCount() throws(TensorFileError) -> Int {
    guard let byteCount = TensorShape.byteCount(of: count, bitCount: elementType.bitCount) else {
      throw TensorFileError(
        .unsupported, path: path, "tensor \"\(name)\" does not fill a whole number of bytes")
    }
    return byteCount
  }

  /// The elements row-major and little-endian, as files hold them; without a copy if they are so.
  func fileBytes() throws(TensorFileError) -> Data {
    let byteCount = try fileByteCount()
    let isLittleEndian = !storage.isBigEndian || elementType.bitCount <= 8
    let start = TensorShape.byteCount(of: offset, bitCount: elementType.bitCount)
    if isContiguous, isLittleEndian, let start,
      case .plain(let data) = try storage.loaded().content
    {
      return byteCount == 0 ? Data() : data.slice(start..<start + byteCount)
    }
    func gathered<Bits: FixedWidthInteger>(_ bits: Bits.Type) throws(TensorFileError) -> Data {
      try elements(in: 0..<count, bits) { $0.littleEndian }.withUnsafeBytes { Data($0) }
    }
    switch elementType.bitCount {
    case 8: return try gathered(UInt8.self)
    case 16: return try gathered(UInt16.self)
    case 32: return try gathered(UInt32.self)
    case 64 where elementType.isSingleWord: return try gathered(UInt64.self)
    default:
      throw TensorFileError(
        .unsupported, path: path,
        "tensor \"\(name)\" has elements of type \(elementType), which cannot be written in "
          + "another order; save it contiguous and little-endian")
    }
  }
}
