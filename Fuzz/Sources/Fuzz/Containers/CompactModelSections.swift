import BBBZlib

/// A `.bbbz` file taken apart by the rules of `docs/file-format.md` alone: whatever its sections hold,
/// they are inflated, and sealed with true sizes and checksums.
///
/// A part's label is the section's kind and layer as the table has them: three bytes.
struct CompactModelSections: SealedContainer {
  var parts: [ContainerPart]
  private let start: [UInt8]

  private static let startByteCount = 10
  private static let preambleByteCount = 16
  private static let recordByteCount = 15
  private static let labelByteCount = 3
  private static let inflatedLimit = 1 << 20

  init?(_ bytes: [UInt8]) {
    guard let places = Self.places(in: bytes) else { return nil }
    start = Array(bytes.prefix(Self.startByteCount))
    parts = []
    for (record, stream) in places {
      guard let byteCount = bytes.littleEndian(at: record + 3, byteCount: 4),
        byteCount <= Self.inflatedLimit,
        let content = try? inflate(
          Array(bytes[stream]).span.bytes, byteCount: byteCount, container: .zlib)
      else { return nil }
      parts.append(
        ContainerPart(label: Array(bytes[record..<record + Self.labelByteCount]), content: content))
    }
  }

  func sealed() -> [UInt8] {
    var table: [UInt8] = []
    var streams: [UInt8] = []
    for part in parts {
      let stream = deflate(part.content.span.bytes, container: .zlib)
      table += (part.label + [0, 0, 0]).prefix(Self.labelByteCount)
      table += [UInt8](littleEndian: part.content.count, byteCount: 4)
      table += [UInt8](littleEndian: stream.count, byteCount: 4)
      table += [UInt8](littleEndian: Int(crc32(stream.span.bytes)), byteCount: 4)
      streams += stream
    }
    let summed = start + [UInt8](littleEndian: parts.count, byteCount: 2) + table
    let checksum = [UInt8](littleEndian: Int(crc32(summed.span.bytes)), byteCount: 4)
    return summed.prefix(Self.preambleByteCount - 4) + checksum + table + streams
  }

  static func repairChecksums(_ bytes: inout [UInt8]) {
    guard let places = places(in: bytes) else { return }
    for (record, stream) in places {
      let checksum = crc32(Array(bytes[stream]).span.bytes)
      bytes.replaceSubrange(
        record + 11..<record + 15, with: [UInt8](littleEndian: Int(checksum), byteCount: 4))
    }
    let table = preambleByteCount..<preambleByteCount + places.count * recordByteCount
    let summed = bytes.prefix(preambleByteCount - 4) + bytes[table]
    bytes.replaceSubrange(
      preambleByteCount - 4..<preambleByteCount,
      with: [UInt8](littleEndian: Int(crc32(Array(summed).span.bytes)), byteCount: 4))
  }

  /// Where the table's records and the sections' streams are; nil if they leave the file.
  private static func places(in bytes: [UInt8]) -> [(record: Int, stream: Range<Int>)]? {
    guard let count = bytes.littleEndian(at: startByteCount, byteCount: 2) else { return nil }
    var position = preambleByteCount + count * recordByteCount
    var places: [(record: Int, stream: Range<Int>)] = []
    for index in 0..<count {
      let record = preambleByteCount + index * recordByteCount
      guard position <= bytes.count,
        let byteCount = bytes.littleEndian(at: record + 7, byteCount: 4),
        byteCount <= bytes.count - position
      else { return nil }
      places.append((record, position..<position + byteCount))
      position += byteCount
    }
    return position <= bytes.count ? places : nil
  }
}
