#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the central directory of a zip archive is, from the record at the archive's end.
struct ZipDirectory {
  let range: Range<Int>
  let memberCount: Int

  private static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let end64Signature: [UInt8] = [0x50, 0x4B, 6, 6]
  private static let locator64Signature: [UInt8] = [0x50, 0x4B, 6, 7]
  private static let endSize = 22
  private static let end64Size = 56
  private static let locator64Size = 20

  init(_ data: Data, path: String) throws(TensorFileError) {
    let end = try Self.endPosition(data, path: path)
    var cursor = ByteCursor(
      data, path: path, place: "the zip archive", position: end + Self.endSignature.count)
    let disk = try cursor.integer(UInt16.self)
    let directoryDisk = try cursor.integer(UInt16.self)
    let membersHere = try cursor.integer(UInt16.self)
    let members = try cursor.integer(UInt16.self)
    let size = try cursor.integer(UInt32.self)
    let offset = try cursor.integer(UInt32.self)
    var isOneDisk = [0, UInt16.max].contains(disk) && [0, UInt16.max].contains(directoryDisk)
    var memberCount = UInt64(members)
    var byteCount = UInt64(size)
    var start = UInt64(offset)
    var limit = end
    if let end64 = try Self.end64Position(data, before: end, path: path) {
      var cursor = ByteCursor(
        data, path: path, place: "the zip archive", position: end64 + 16)
      let disks = (try cursor.integer(UInt32.self), try cursor.integer(UInt32.self))
      let members64Here = try cursor.integer(UInt64.self)
      memberCount = try cursor.integer(UInt64.self)
      byteCount = try cursor.integer(UInt64.self)
      start = try cursor.integer(UInt64.self)
      limit = end64
      isOneDisk = isOneDisk && disks == (0, 0) && members64Here == memberCount
      guard members == .max || UInt64(members) == memberCount,
        size == .max || UInt64(size) == byteCount, offset == .max || UInt64(offset) == start
      else {
        throw TensorFileError.damaged(path: path, "the zip archive's two end records disagree")
      }
    } else {
      isOneDisk = isOneDisk && disk == 0 && directoryDisk == 0 && membersHere == members
    }
    guard isOneDisk else {
      throw TensorFileError(
        .unsupported, path: path,
        "the zip archive is split over several files; save it as one file")
    }
    guard let start = Int(exactly: start), let byteCount = Int(exactly: byteCount),
      start <= limit, byteCount == limit - start, memberCount <= UInt64(byteCount / 46)
    else {
      throw TensorFileError(
        .malformed, path: path,
        "the zip archive's directory is not where its end record says; "
          + "the file is truncated or damaged, copy it again")
    }
    self.range = start..<start + byteCount
    self.memberCount = Int(memberCount)
  }

  /// Finds the end record: the last one whose comment ends with the file.
  private static func endPosition(_ data: Data, path: String) throws(TensorFileError) -> Int {
    var position = data.count - endSize
    let first = max(0, position - Int(UInt16.max))
    while position >= first {
      if data.hasBytes(endSignature, at: position) {
        var cursor = ByteCursor(data, path: path, place: "the zip archive", position: position + 20)
        if Int(try cursor.integer(UInt16.self)) == cursor.remaining { return position }
      }
      position -= 1
    }
    throw TensorFileError(
      .malformed, path: path,
      "the zip archive has no end record; the file is truncated, copy it again")
  }

  /// Finds the end record with 64-bit numbers, if there is one.
  private static func end64Position(
    _ data: Data, before end: Int, path: String
  ) throws(TensorFileError) -> Int? {
    let locator = end - locator64Size
    guard data.hasBytes(locator64Signature, at: locator) else { return nil }
    var cursor = ByteCursor(data, path: path, place: "the zip archive", position: locator + 8)
    guard let position = Int(exactly: try cursor.integer(UInt64.self)),
      position == locator - end64Size, data.hasBytes(end64Signature, at: position)
    else {
      throw TensorFileError(
        .malformed, path: path,
        "the zip archive's 64-bit end record is missing; the file is damaged, copy it again")
    }
    return position
  }
}
