import CZlib

/// The CRC-32 checksum that zip, gzip and PNG use (polynomial 0xEDB88320, reflected).
///
/// - Parameter bytes: What to sum.
/// - Returns: The checksum; 0 for no bytes.
public func crc32(_ bytes: RawSpan) -> UInt32 {
  // SAFETY: zlib reads exactly `count` bytes from the buffer's start.
  bytes.withUnsafeBytes { buffer in
    UInt32(CZlib.crc32_z(0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
  }
}
