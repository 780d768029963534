#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One entry of a central directory, with its 64-bit numbers filled in.
struct ZipDirectoryEntry {
  let name: String
  let method: ZipMember.Method
  let checksum: UInt32
  let compressedByteCount: Int
  let byteCount: Int
  let headerPosition: Int

  init(_ cursor: inout ByteCursor) throws(TensorFileError) {
    let path = cursor.path
    guard try cursor.integer(UInt32.self) == 0x0201_4B50 else {
      throw ZipArchive.malformed(path, "an entry of the directory has a wrong signature")
    }
    _ = try cursor.bytes(4)  // versions
    let flags = try cursor.integer(UInt16.self)
    method = ZipMember.Method(code: try cursor.integer(UInt16.self))
    _ = try cursor.bytes(4)  // time and date
    checksum = try cursor.integer(UInt32.self)
    let shortCompressed = try cursor.integer(UInt32.self)
    let shortCount = try cursor.integer(UInt32.self)
    let nameLength = try cursor.integer(UInt16.self)
    let extraLength = try cursor.integer(UInt16.self)
    let commentLength = try cursor.integer(UInt16.self)
    let shortDisk = try cursor.integer(UInt16.self)
    _ = try cursor.bytes(6)  // attributes
    let shortPosition = try cursor.integer(UInt32.self)
    let name = String(decoding: try cursor.bytes(nameLength), as: UTF8.self)
    self.name = name
    let extra = try cursor.bytes(extraLength)
    _ = try cursor.bytes(commentLength)

    var wide = try Self.wideNumbers(in: extra, path: path, name: name)
    func widened(_ value: UInt32) throws(TensorFileError) -> Int {
      guard value == .max, let numbers = wide else { return Int(value) }
      var cursor = numbers
      let number = Int(exactly: try cursor.integer(UInt64.self))
      wide = cursor
      guard let number else {
        throw ZipArchive.malformed(path, "member \"\(name)\" has an impossible size")
      }
      return number
    }
    byteCount = try widened(shortCount)
    compressedByteCount = try widened(shortCompressed)
    headerPosition = try widened(shortPosition)
    var disk = UInt32(shortDisk)
    if shortDisk == .max, wide != nil { disk = try wide?.integer(UInt32.self) ?? disk }
    // Bits 0, 6 and 13: encrypted, strongly encrypted, directory encrypted.
    guard flags & 0x2041 == 0 else {
      throw TensorFileError(
        .unsupported, path: path,
        "member \"\(name)\" of the zip archive is encrypted; save it without a password")
    }
    guard disk == 0 else {
      throw TensorFileError(
        .unsupported, path: path,
        "the zip archive is split over several files; save it as one file")
    }
  }

  /// The extra field that holds numbers too large for 32 bits, if there is one.
  private static func wideNumbers(
    in extra: Data, path: String, name: String
  ) throws(TensorFileError) -> ByteCursor? {
    var cursor = ByteCursor(
      extra, path: path, place: "the directory entry of zip member \"\(name)\"")
    // Some writers pad the extra field with less than a header: that is no field.
    while cursor.remaining >= 4 {
      let kind = try cursor.integer(UInt16.self)
      let content = try cursor.bytes(try cursor.integer(UInt16.self))
      if kind == 1 { return ByteCursor(content, path: path, place: cursor.place) }
    }
    return nil
  }
}
