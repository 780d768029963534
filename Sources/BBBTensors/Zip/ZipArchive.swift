#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A zip archive, read by its central directory; local headers tell only where the bytes start.
///
/// A member whose bytes are stored is seen in place. The checksum of stored bytes is not compared:
/// that would read every byte of a mapped file, and PyTorch can be told to write none.
struct ZipArchive: Sendable {
  let data: Data
  let path: String
  /// The members in the order of the central directory; their names are unique.
  let members: [ZipMember]
  private let indices: [String: Int]

  init(_ data: Data, path: String) throws(TensorFileError) {
    let directory = try ZipDirectory(data, path: path)
    var cursor = ByteCursor(
      data.slice(directory.range), path: path, place: "the zip archive's directory")
    var members: [ZipMember] = []
    var indices: [String: Int] = [:]
    var occupied: [(range: Range<Int>, name: String)] = []
    for index in 0..<directory.memberCount {
      let entry = try ZipDirectoryEntry(&cursor)
      let start = try Self.dataStart(of: entry, in: data, path: path)
      let limit = directory.range.lowerBound
      guard start <= limit, entry.compressedByteCount <= limit - start else {
        throw Self.malformed(path, "member \"\(entry.name)\" reaches into the directory")
      }
      let member = ZipMember(
        name: entry.name, method: entry.method, checksum: entry.checksum,
        byteCount: entry.byteCount, range: start..<start + entry.compressedByteCount)
      guard member.method != .stored || member.byteCount == member.range.count else {
        throw Self.malformed(path, "member \"\(entry.name)\" is stored in a size not its own")
      }
      guard indices.updateValue(index, forKey: entry.name) == nil else {
        throw Self.malformed(path, "two members are named \"\(entry.name)\"")
      }
      occupied.append((entry.headerPosition..<member.range.upperBound, entry.name))
      members.append(member)
    }
    guard cursor.remaining == 0 else {
      throw Self.malformed(path, "the directory has \(cursor.remaining) bytes too many")
    }
    occupied.sort { $0.range.lowerBound < $1.range.lowerBound }
    for (first, second) in zip(occupied, occupied.dropFirst())
    where second.range.lowerBound < first.range.upperBound {
      throw Self.malformed(path, "members \"\(first.name)\" and \"\(second.name)\" overlap")
    }
    self.data = data
    self.path = path
    self.members = members
    self.indices = indices
  }

  /// The member of a name, or nil.
  subscript(name: String) -> ZipMember? { indices[name].map { members[$0] } }

  private static func dataStart(
    of entry: ZipDirectoryEntry, in data: Data, path: String
  ) throws(TensorFileError) -> Int {
    guard data.hasBytes([0x50, 0x4B, 3, 4], at: entry.headerPosition) else {
      throw malformed(path, "member \"\(entry.name)\" is not where the directory says")
    }
    var cursor = ByteCursor(
      data, path: path, place: "the zip archive", position: entry.headerPosition + 26)
    let nameLength = try cursor.integer(UInt16.self)
    let extraLength = try cursor.integer(UInt16.self)
    return cursor.position + Int(nameLength) + Int(extraLength)
  }

  static func malformed(_ path: String, _ what: String) -> TensorFileError {
    .damaged(path: path, "in the zip archive, \(what)")
  }
}
