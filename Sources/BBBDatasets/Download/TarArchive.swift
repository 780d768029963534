/// The files of an archive in the format of `tar` (POSIX ustar), in memory.
struct TarArchive {
  private static let blockByteCount = 512

  private let content: [UInt8]
  private var members: [String: Range<Int>] = [:]

  /// Reads the headers of an archive; `nil` if a header is none, or a file goes beyond the end.
  ///
  /// - Parameter content: The archive, not compressed.
  init?(_ content: [UInt8]) {
    self.content = content
    var place = 0
    while place + Self.blockByteCount <= content.count {
      let header = content[place..<(place + Self.blockByteCount)]
      // Blocks of zeros end the archive.
      if header.allSatisfy({ $0 == 0 }) { break }
      guard Self.hasRightSum(header), let size = Self.number(header, at: 124, length: 12) else {
        return nil
      }
      let start = place + Self.blockByteCount
      guard size <= content.count - start else { return nil }
      let kind = header[place + 156]
      if kind == 0 || kind == UInt8(ascii: "0") {
        let prefix = Self.text(header, at: 345, length: 155)
        let name = Self.text(header, at: 0, length: 100)
        members[prefix.isEmpty ? name : "\(prefix)/\(name)"] = start..<(start + size)
      }
      let blocks = (size + Self.blockByteCount - 1) / Self.blockByteCount
      place = start + blocks * Self.blockByteCount
    }
  }

  /// The content of a file.
  ///
  /// - Parameter name: Its path in the archive.
  /// - Returns: `nil` if there is none.
  func content(of name: String) -> ArraySlice<UInt8>? { members[name].map { content[$0] } }

  /// Whether the sum in a header is that of its bytes, the sum's own taken for spaces.
  private static func hasRightSum(_ header: ArraySlice<UInt8>) -> Bool {
    let own = (header.startIndex + 148)..<(header.startIndex + 156)
    let sum = header.indices.reduce(0) {
      $0 + Int(own.contains($1) ? UInt8(ascii: " ") : header[$1])
    }
    return number(header, at: 148, length: 8) == sum
  }

  /// A number in octal digits.
  private static func number(_ header: ArraySlice<UInt8>, at offset: Int, length: Int) -> Int? {
    let digits = text(header, at: offset, length: length).filter { $0 != " " }
    return digits.isEmpty ? nil : Int(digits, radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }

  /// The text before the first zero byte.
  private static func text(_ header: ArraySlice<UInt8>, at offset: Int, length: Int) -> String {
    let start = header.startIndex + offset
    return String(decoding: header[start..<(start + length)].prefix { $0 != 0 }, as: UTF8.self)
  }
}
