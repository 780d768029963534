import BBBZlib

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes zip archives: same members, same bytes (given one zlib).
///
/// All times are 1 January 1980, the first that zip knows.
struct ZipEncoder {
  private var body = Data()
  private var directory = Data()
  private var memberCount = 0

  /// Appends a member.
  ///
  /// - Parameters:
  ///   - name: The member's name.
  ///   - content: Its bytes.
  ///   - isCompressed: Whether to deflate them, if that makes them smaller.
  /// - Throws: ``TensorFileError`` if the archive would need 64-bit numbers.
  mutating func append(
    name: String, content: Data, isCompressed: Bool
  ) throws(TensorFileError) {
    let deflated = isCompressed ? deflate(content.bytes, container: .raw) : []
    let isDeflated = isCompressed && deflated.count < content.count
    let storedCount = isDeflated ? deflated.count : content.count
    let limit = Int(UInt32.max) - 1
    guard content.count < limit, body.count + directory.count + storedCount + 4096 < limit,
      memberCount < UInt16.max, name.utf8.count < UInt16.max
    else {
      throw TensorFileError(
        .unsupported, path: "",
        "an NPZ archive of 4 GiB or more is not written; write a safetensors file instead")
    }
    let header = Self.header(
      isUTF8: !name.utf8.allSatisfy { $0 < 0x80 }, isDeflated: isDeflated,
      checksum: crc32(content.bytes), storedCount: storedCount, count: content.count,
      nameLength: name.utf8.count)
    directory.append(contentsOf: [0x50, 0x4B, 1, 2, 20, 3])
    directory.append(header)
    directory.append(contentsOf: [0, 0, 0, 0, 0, 0])  // comment, disk, internal attributes
    directory.appendLittleEndian(UInt32(0o100644) << 16)
    directory.appendLittleEndian(UInt32(body.count))
    directory.append(contentsOf: name.utf8)
    body.append(contentsOf: [0x50, 0x4B, 3, 4])
    body.append(header)
    body.append(contentsOf: name.utf8)
    if isDeflated { body.append(contentsOf: deflated) } else { body.append(content) }
    memberCount += 1
  }

  /// The whole archive.
  func finished() -> Data {
    var archive = body
    archive.append(directory)
    archive.append(contentsOf: [0x50, 0x4B, 5, 6, 0, 0, 0, 0])
    archive.appendLittleEndian(UInt16(memberCount))
    archive.appendLittleEndian(UInt16(memberCount))
    archive.appendLittleEndian(UInt32(directory.count))
    archive.appendLittleEndian(UInt32(body.count))
    archive.append(contentsOf: [0, 0])
    return archive
  }

  /// The fields that the local header and the directory entry have in common.
  private static func header(
    isUTF8: Bool, isDeflated: Bool, checksum: UInt32, storedCount: Int, count: Int, nameLength: Int
  ) -> Data {
    var header = Data([20, 0, 0, isUTF8 ? 8 : 0, isDeflated ? 8 : 0, 0, 0, 0, 0x21, 0])
    header.appendLittleEndian(checksum)
    header.appendLittleEndian(UInt32(storedCount))
    header.appendLittleEndian(UInt32(count))
    header.appendLittleEndian(UInt16(nameLength))
    header.append(contentsOf: [0, 0])
    return header
  }
}

extension Data {
  /// Appends an integer, least significant byte first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
