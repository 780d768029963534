import Foundation

/// What kind of file holds arrays, from its first bytes.
enum ArrayFileKind {
  /// IDX, gzipped or not.
  case idx
  /// Comma-separated text.
  case csv
  /// A tensor file, or nothing that is known.
  case tensors

  init(ofFile path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else {
      self = .tensors
      return
    }
    defer { try? file.close() }
    let start = [UInt8]((try? file.read(upToCount: 4096)) ?? Data())
    if start.starts(with: [0, 0]) || start.starts(with: [0x1F, 0x8B]) {
      // IDX begins with two zero bytes; gzip, in which only IDX is read, with 1F 8B.
      self = .idx
    } else if Self.isTable(start, isNamedSo: path.lowercased().hasSuffix(".csv")) {
      self = .csv
    } else {
      self = .tensors
    }
  }

  /// Whether a file is a table: text whose first line has a comma, or whose name says so.
  ///
  /// Text that is something else begins with a brace (an index of tensor files) or is a pointer of Git LFS.
  private static func isTable(_ start: [UInt8], isNamedSo: Bool) -> Bool {
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return isNamedSo }
    let isText = start.allSatisfy { $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }
    let isOther =
      start.first == UInt8(ascii: "{") || start.starts(with: "version https://git-lfs".utf8)
    guard isText, !isOther, !start.isEmpty else { return false }
    let firstLine = start.prefix { $0 != 0x0A && $0 != 0x0D }
    return isNamedSo || firstLine.contains(UInt8(ascii: ","))
  }
}
