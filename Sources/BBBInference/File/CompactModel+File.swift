#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension CompactModel {
  /// Reads a model from a `.bbbz` file.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``CompactModelError`` if the file cannot be read, or is not a model that this version
  ///   can run.
  public init(contentsOfFile path: String) throws(CompactModelError) {
    try self.init(bytes: try readFile(path), path: path)
  }

  /// Whether a file begins like a `.bbbz` model; false if it cannot be read.
  ///
  /// - Parameter path: The file.
  /// - Returns: Whether its first bytes are the format's.
  public static func isCompactModel(path: String) -> Bool {
    let count = FormatConstants.magic.count
    guard let bytes = try? readFile(path, maximumByteCount: count) else { return false }
    return bytes == FormatConstants.magic
  }
}

extension CompactModelSummary {
  /// Reads and checks a whole `.bbbz` file.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``CompactModelError`` as ``CompactModel/init(contentsOfFile:)`` does.
  public init(contentsOfFile path: String) throws(CompactModelError) {
    try self.init(bytes: try readFile(path), path: path)
  }
}

/// The bytes of a file, without Foundation: an app that embeds this module needs nothing else.
private func readFile(
  _ path: String, maximumByteCount: Int = .max
) throws(CompactModelError) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw CompactModelError(
      .inaccessible, path: path, "cannot be opened: \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < maximumByteCount {
    let wanted = min(chunk.count, maximumByteCount - bytes.count)
    let count = fread(&chunk, 1, wanted, file)
    bytes.append(contentsOf: chunk[..<count])
    if count < wanted { break }
  }
  guard ferror(file) == 0 else {
    throw CompactModelError(
      .inaccessible, path: path, "cannot be read: \(String(cString: strerror(errno)))")
  }
  return bytes
}
