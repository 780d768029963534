import CZlib

/// Inflates a whole stream into exactly the number of bytes it is known to hold.
///
/// Memory is bounded by `byteCount`, which the caller checks first; deflate cannot expand more than
/// 1,032 times (``maximumDeflateRatio``).
///
/// - Parameters:
///   - bytes: The compressed stream, complete and with nothing behind it.
///   - byteCount: The number of bytes it must yield.
///   - container: What stands around the deflated blocks.
/// - Returns: `byteCount` bytes.
/// - Throws: ``ZlibError`` if the stream is damaged, or yields more or fewer bytes.
public func inflate(
  _ bytes: RawSpan, byteCount: Int, container: ZlibContainer
) throws(ZlibError) -> [UInt8] {
  let (output, isAtEnd, consumed) = try inflatePrefix(
    of: bytes, byteCount: byteCount, container: container)
  guard output.count == byteCount else { throw .truncated }
  guard isAtEnd, consumed == bytes.byteCount else { throw .tooLong }
  return output
}

/// The most bytes that one compressed byte can stand for.
public let maximumDeflateRatio = 1032

/// Inflates the beginning of a stream.
///
/// - Parameters:
///   - bytes: The compressed stream.
///   - byteCount: The number of bytes wanted; fewer are returned if the stream ends before.
///   - container: What stands around the deflated blocks.
/// - Returns: The bytes, whether the stream ends with them, and how much of `bytes` was read.
/// - Throws: ``ZlibError`` if the stream is damaged.
public func inflatePrefix(
  of bytes: RawSpan, byteCount: Int, container: ZlibContainer
) throws(ZlibError) -> (output: [UInt8], isAtEnd: Bool, consumed: Int) {
  var stream = ZlibStream.inflating(container)
  var consumed = 0
  var isAtEnd = false
  var failure: ZlibError?
  // One spare byte lets zlib show that the stream goes on, and finish an empty stream.
  // SAFETY: `room` and the rest of `input` are slices within their buffers, and `produced` counts the
  // bytes that zlib has written, so exactly those are taken as initialised.
  let output = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { buffer, produced in
    bytes.withUnsafeBytes { input in
      while true {
        let room = UnsafeMutableBufferPointer(rebasing: buffer[produced..<(byteCount + 1)])
        let (status, read, written) = stream.step(
          UnsafeRawBufferPointer(rebasing: input[consumed...]), room
        ) { CZlib.inflate($0, Z_NO_FLUSH) }
        consumed += read
        produced += written
        if status == Z_STREAM_END {
          isAtEnd = true
          return
        }
        guard status == Z_OK || status == Z_BUF_ERROR else {
          failure = .corrupt
          return
        }
        if produced > byteCount || (read == 0 && written == 0) { return }
      }
    }
  }
  if let failure { throw failure }
  guard output.count > byteCount else { return (output, isAtEnd, consumed) }
  return (Array(output.prefix(byteCount)), false, consumed)
}
