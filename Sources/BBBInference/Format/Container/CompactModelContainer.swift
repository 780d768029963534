import BBBZlib

/// The outer layer of a `.bbbz` file: a preamble, a table of sections, and their zlib streams.
struct CompactModelContainer {
  /// One section as the table lists it.
  struct Section {
    /// A ``SectionKind``, or a kind this version does not know.
    var kind: UInt8
    /// The parameter it belongs to; 0 for the network.
    var parameter: Int
    /// The number of bytes once inflated.
    var byteCount: Int
    /// The zlib stream.
    var stored: ArraySlice<UInt8>
  }

  /// The major version.
  let version: UInt8
  let sections: [Section]

  /// Checks the preamble, the table and every section's checksum; inflates nothing.
  init(_ bytes: [UInt8]) throws(CompactModelError) {
    guard bytes.starts(with: FormatConstants.magic) else {
      throw CompactModelError(.notACompactModel, Self.explainWrongMagic(bytes))
    }
    var reader = ByteReader(bytes[FormatConstants.magic.count...], subject: "header")
    let major = try reader.byte()
    let minor = try reader.byte()
    guard (1...FormatConstants.majorVersion).contains(major) else {
      throw CompactModelError(
        .unsupportedVersion,
        "the file is of format version \(major).\(minor) and this program reads versions 1 and "
          + "\(FormatConstants.majorVersion); update bbbprune, or export the model again")
    }
    version = major
    let sectionCount = try reader.integer(byteCount: 2)
    let checksum = UInt32(try reader.integer(byteCount: 4))
    let table = try reader.take(sectionCount * FormatConstants.sectionRecordByteCount)
    let summed = Array(bytes[..<(FormatConstants.preambleByteCount - 4)]) + table
    guard crc32(summed.span.bytes) == checksum else {
      throw CompactModelError(
        .malformed, "the header's checksum does not match; the file is damaged, copy it again")
    }
    sections = try Self.readTable(table, payload: &reader)
    let inflated = sections.reduce(0) { $0 + $1.byteCount }
    guard inflated <= FormatConstants.maximumInflatedByteCount(ofFile: bytes.count) else {
      throw CompactModelError(
        .malformed,
        "the sections claim \(inflated) bytes, more than a trained network in a file of \(bytes.count) "
          + "can have; the file is forged or damaged")
    }
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed,
        "\(reader.remainingCount) bytes follow the last section; the file is damaged, "
          + "copy it again")
    }
  }

  private static func readTable(
    _ table: ArraySlice<UInt8>, payload: inout ByteReader
  ) throws(CompactModelError) -> [Section] {
    var records = ByteReader(table, subject: "section table")
    var sections: [Section] = []
    while records.remainingCount > 0 {
      let kind = try records.byte()
      let parameter = try records.integer(byteCount: 2)
      let byteCount = try records.integer(byteCount: 4)
      let storedCount = try records.integer(byteCount: 4)
      let checksum = UInt32(try records.integer(byteCount: 4))
      guard storedCount <= payload.remainingCount else {
        throw CompactModelError(
          .malformed,
          "section \(sections.count) should have \(storedCount) bytes and "
            + "\(payload.remainingCount) are left; the file is truncated, copy it again")
      }
      let stored = try payload.take(storedCount)
      guard crc32(stored.span.bytes) == checksum else {
        throw CompactModelError(
          .malformed,
          "the checksum of section \(sections.count) does not match; the file is damaged, "
            + "copy it again")
      }
      guard byteCount <= maximumDeflateRatio * storedCount else {
        throw CompactModelError(
          .malformed,
          "section \(sections.count) claims more bytes than deflate can express; "
            + "the file is forged or damaged")
      }
      sections.append(
        Section(kind: kind, parameter: parameter, byteCount: byteCount, stored: stored))
    }
    return sections
  }

  private static func explainWrongMagic(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "the file is empty; export the model again" }
    if bytes.starts(with: FormatConstants.magic.prefix(5)) {
      return "the file's line ends were changed by a text transfer; copy it again in binary mode"
    }
    return "this is not a .bbbz model; 'bbbprune export' makes one from a checkpoint"
  }

  /// Inflates a section.
  static func inflated(_ section: Section) throws(CompactModelError) -> [UInt8] {
    let stored = section.stored
    do {
      return try inflate(stored.span.bytes, byteCount: section.byteCount, container: .zlib)
    } catch {
      throw CompactModelError(
        .malformed,
        "the compressed data of section kind \(section.kind), parameter \(section.parameter) \(error); "
          + "the file is damaged, copy it again")
    }
  }

  /// Puts sections together into a file.
  ///
  /// - Parameter sections: What the table lists, with the streams.
  /// - Returns: The whole file.
  /// - Throws: ``CompactModelError`` if a section exceeds 4 GiB.
  static func encode(_ sections: [Section]) throws(CompactModelError) -> [UInt8] {
    var table = ByteWriter()
    for section in sections {
      guard max(section.byteCount, section.stored.count) <= Int(UInt32.max) else {
        throw CompactModelError(
          .notEncodable,
          "parameter \(section.parameter) needs a section of more than 4 GiB; prune more of it")
      }
      table.append(section.kind)
      table.append(section.parameter, byteCount: 2)
      table.append(section.byteCount, byteCount: 4)
      table.append(section.stored.count, byteCount: 4)
      let stored = section.stored
      table.append(Int(crc32(stored.span.bytes)), byteCount: 4)
    }
    var file = ByteWriter()
    file.append(FormatConstants.magic)
    file.append(FormatConstants.majorVersion)
    file.append(FormatConstants.minorVersion)
    file.append(sections.count, byteCount: 2)
    let summed = file.bytes + table.bytes
    file.append(Int(crc32(summed.span.bytes)), byteCount: 4)
    file.append(table.bytes)
    for section in sections { file.append(section.stored) }
    return file.bytes
  }
}
