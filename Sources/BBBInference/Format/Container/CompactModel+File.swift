import CBBBLibc

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

/// The bytes of a regular file, without Foundation: an app that embeds this module needs nothing else.
private func readFile(
  _ path: String, maximumByteCount: Int = .max
) throws(CompactModelError) -> [UInt8] {
  func inaccessible(_ what: String) -> CompactModelError {
    CompactModelError(.inaccessible, path: path, what)
  }
  // Without blocking, so that a pipe that nobody writes to is refused rather than waited for.
  let descriptor = bbb_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0)
  guard descriptor >= 0 else {
    throw inaccessible(
      "cannot be opened: \(String(cString: strerror(bbb_error_number()))); check the path")
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, bbb_is_regular_file(&status) else {
    throw inaccessible("is not a regular file; give the path of a file on disk")
  }
  var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), maximumByteCount))
  var count = 0
  while count < bytes.count {
    let wanted = bytes.count - count
    let got = bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: `wanted` bytes lie behind `count` in the buffer.
      read(descriptor, buffer.baseAddress?.advanced(by: count), wanted)
    }
    guard got >= 0 || bbb_error_number() == EINTR else {
      throw inaccessible("cannot be read: \(String(cString: strerror(bbb_error_number())))")
    }
    // A file that was shortened meanwhile ends early; the model's checks find that.
    if got == 0 { return Array(bytes.prefix(count)) }
    count += max(got, 0)
  }
  return bytes
}
