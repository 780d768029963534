import BBBZlib

/// An array of numbers in the IDX format of the MNIST database.
///
/// Layout: two zero bytes, the element type, the rank, one big-endian 32-bit extent per dimension,
/// then the elements, row-major and big-endian, and nothing behind them. The whole may be gzipped,
/// which is found from the content. See <http://yann.lecun.com/exdb/mnist>.
public struct IDXFile: Sendable {
  /// The type of the elements; the raw value is the code in the file.
  public enum ElementType: UInt8, CaseIterable, Sendable {
    /// An unsigned byte.
    case uint8 = 0x08
    /// A signed byte.
    case int8 = 0x09
    /// A signed 16-bit integer.
    case int16 = 0x0B
    /// A signed 32-bit integer.
    case int32 = 0x0C
    /// An IEEE 754 binary32.
    case float32 = 0x0D
    /// An IEEE 754 binary64.
    case float64 = 0x0E

    /// The size of one element in bytes.
    public var byteCount: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }

    /// Whether an element may have a fraction.
    var isFloatingPoint: Bool { self == .float32 || self == .float64 }
  }

  /// The file, as the user named it.
  public let path: String
  /// The type of the elements.
  public let elementType: ElementType
  /// The extent of each dimension; none is zero.
  public let shape: [Int]
  /// The elements as they stand in the file: row-major, big-endian.
  public let bytes: [UInt8]

  /// Reads a file, gzipped or not.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``DatasetError`` if it cannot be read or breaks a rule of the format.
  public init(contentsOf path: String) throws(DatasetError) {
    try self.init(bytes: try fileContent(path), path: path)
  }

  /// Reads the content of a file that is in memory, gzipped or not.
  ///
  /// - Parameters:
  ///   - content: All bytes of the file.
  ///   - path: The name to use in messages.
  /// - Throws: ``DatasetError`` if the content breaks a rule of the format.
  public init(bytes content: [UInt8], path: String) throws(DatasetError) {
    let isCompressed = content.starts(with: [0x1F, 0x8B])
    let start =
      isCompressed
      ? try Self.inflatedStart(of: content, path: path)
      : Array(content.prefix(IDXHeader.maximumByteCount))
    let header = try IDXHeader(start, path: path)
    if isCompressed {
      try header.checkSize(compressedTo: content.count, path: path)
      bytes = Array(
        try Self.inflated(content, byteCount: header.fileByteCount, path: path)
          .dropFirst(header.byteCount))
    } else {
      try header.checkSize(exactly: content.count, path: path)
      bytes = Array(content.dropFirst(header.byteCount))
    }
    self.path = path
    elementType = header.elementType
    shape = header.shape
  }

  /// The elements as numbers, row-major; exact.
  var numbers: [Double] {
    switch elementType {
    case .uint8: words(UInt8.self).map { Double($0) }
    case .int8: words(UInt8.self).map { Double(Int8(bitPattern: $0)) }
    case .int16: words(UInt16.self).map { Double(Int16(bitPattern: $0)) }
    case .int32: words(UInt32.self).map { Double(Int32(bitPattern: $0)) }
    case .float32: words(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float64: words(UInt64.self).map { Double(bitPattern: $0) }
    }
  }

  /// The elements as words of their size.
  private func words<Word: FixedWidthInteger>(_ type: Word.Type) -> [Word] {
    bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size).map {
        Word(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self))
      }
    }
  }

  private static func inflatedStart(
    of content: [UInt8], path: String
  ) throws(DatasetError) -> [UInt8] {
    do {
      return try inflatePrefix(
        of: content.span.bytes, byteCount: IDXHeader.maximumByteCount, container: .gzip
      ).output
    } catch {
      throw gzipError(error, path: path)
    }
  }

  private static func inflated(
    _ content: [UInt8], byteCount: Int, path: String
  ) throws(DatasetError) -> [UInt8] {
    do {
      return try inflate(content.span.bytes, byteCount: byteCount, container: .gzip)
    } catch {
      throw gzipError(error, path: path)
    }
  }

  private static func gzipError(_ error: ZlibError, path: String) -> DatasetError {
    let reason =
      switch error {
      case .truncated: "ends before the elements that the IDX header announces"
      case .tooLong: "goes on behind the elements that the IDX header announces"
      case .corrupt: "is corrupt"
      }
    return DatasetError(
      .malformed, path: path, "the gzip stream \(reason); copy or download the file again")
  }
}
