import BBBTensors
import BBBZlib

/// The beginning of an IDX file: what it says about itself, checked against itself.
struct IDXHeader {
  /// The size of the longest header: the magic number and 255 extents.
  static let maximumByteCount = 4 + 255 * 4

  let elementType: IDXFile.ElementType
  let shape: [Int]
  /// The size of the header.
  let byteCount: Int
  /// The size of the whole file, not compressed.
  let fileByteCount: Int

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - start: The first bytes of the file, not compressed.
  ///   - path: The name to use in messages.
  /// - Throws: ``DatasetError`` if it is not an IDX header or announces an impossible size.
  init(_ start: [UInt8], path: String) throws(DatasetError) {
    guard start.count >= 4 else {
      throw DatasetError(
        .malformed, path: path,
        "holds \(start.count) bytes, fewer than the 4 that begin an IDX file;"
          + " copy or download the file again")
    }
    guard start[0] == 0, start[1] == 0,
      let elementType = IDXFile.ElementType(rawValue: start[2])
    else {
      throw DatasetError(
        .malformed, path: path,
        "begins with the bytes \(start[0]) \(start[1]) \(start[2]), which is not an IDX file"
          + " (0 0 and an element type); give the files of the MNIST database")
    }
    let rank = Int(start[3])
    byteCount = 4 + 4 * rank
    guard start.count >= byteCount else {
      throw DatasetError(
        .malformed, path: path,
        "ends within the \(rank) extents of its IDX header; copy or download the file again")
    }
    var shape: [Int] = []
    var fileByteCount = elementType.byteCount
    for dimension in 0..<rank {
      let extent = start[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) {
        $0 << 8 | Int($1)
      }
      guard extent > 0 else {
        throw DatasetError(
          .malformed, path: path,
          "dimension \(dimension) has the extent 0, so the file holds no elements;"
            + " give a file that holds at least one example")
      }
      let (product, overflow) = fileByteCount.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw Self.impossibleSize(shape + [extent], path: path) }
      shape.append(extent)
      fileByteCount = product
    }
    let (sum, overflow) = fileByteCount.addingReportingOverflow(byteCount)
    guard !overflow else { throw Self.impossibleSize(shape, path: path) }
    self.elementType = elementType
    self.shape = shape
    self.fileByteCount = sum
  }

  /// Checks that a compressed file can hold what the header announces.
  ///
  /// - Parameters:
  ///   - count: The size of the compressed file.
  ///   - path: The name to use in messages.
  /// - Throws: ``DatasetError`` if it cannot.
  func checkSize(compressedTo count: Int, path: String) throws(DatasetError) {
    guard (fileByteCount - 1) / maximumDeflateRatio < count else {
      throw Self.impossibleSize(shape, path: path)
    }
  }

  /// Checks that an uncompressed file has the size that the header announces.
  ///
  /// - Parameters:
  ///   - count: The size of the file.
  ///   - path: The name to use in messages.
  /// - Throws: ``DatasetError`` if it has not.
  func checkSize(exactly count: Int, path: String) throws(DatasetError) {
    guard count != fileByteCount else { return }
    throw DatasetError(
      .malformed, path: path,
      "the IDX header announces \(shapeText(shape)) elements, a file of \(fileByteCount) bytes,"
        + " but the file has \(count); copy or download the file again")
  }

  private static func impossibleSize(_ shape: [Int], path: String) -> DatasetError {
    DatasetError(
      .malformed, path: path,
      "the IDX header announces \(shapeText(shape)) elements, more than the file can hold;"
        + " copy or download the file again")
  }
}
