/// Splits comma-separated text into records and fields, by RFC 4180.
///
/// A record ends with a line feed, a carriage return, or both; a field may be in double quotes, and then
/// hold commas, ends of lines, and quotes written twice.
struct CSVLexer {
  /// Where the text of a field is, without its quotes.
  struct Field {
    var range: Range<Int>
    var isQuoted: Bool
  }

  /// What breaks the rules, on which line: what a ``DatasetError`` says of the file.
  struct Failure: Error {
    var line: Int
    var what: String
  }

  let bytes: [UInt8]
  /// The line, counted from 1, on which the record read last begins.
  private(set) var line = 0
  private var nextLine = 1
  private var position: Int

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Begins at the first record, behind a byte order mark if there is one.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Reads the next record.
  ///
  /// - Parameter fields: Is replaced by its fields, at least one.
  /// - Returns: Whether there was another record.
  /// - Throws: ``Failure`` where a quoted field has no end, or goes on behind it.
  mutating func readRecord(into fields: inout [Field]) throws(Failure) -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    line = nextLine
    while true {
      fields.append(try readField())
      guard position < bytes.count else { return true }
      defer { position += 1 }
      if bytes[position] == Self.comma { continue }
      nextLine += 1
      if bytes[position] == Self.carriageReturn, position + 1 < bytes.count,
        bytes[position + 1] == Self.lineFeed
      {
        position += 1
      }
      return true
    }
  }

  /// Reads a field, and stops at what ends it.
  private mutating func readField() throws(Failure) -> Field {
    guard position < bytes.count, bytes[position] == Self.quote else {
      let start = position
      while position < bytes.count, !Self.endsField(bytes[position]) { position += 1 }
      return Field(range: trimmed(start..<position), isQuoted: false)
    }
    let firstLine = nextLine
    let start = position + 1
    position = start
    while position < bytes.count {
      if bytes[position] == Self.quote {
        guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { break }
        position += 1
      } else if bytes[position] == Self.lineFeed {
        nextLine += 1
      }
      position += 1
    }
    guard position < bytes.count else {
      throw Failure(line: firstLine, what: "a quoted field has no end; close its quotes")
    }
    let end = position
    position += 1
    guard position == bytes.count || Self.endsField(bytes[position]) else {
      throw Failure(
        line: nextLine,
        what: "a quoted field goes on behind its closing quote; write a quote within it twice")
    }
    return Field(range: start..<end, isQuoted: true)
  }

  private static func endsField(_ byte: UInt8) -> Bool {
    byte == comma || byte == lineFeed || byte == carriageReturn
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var range = range
    while let first = range.first, isBlank(bytes[first]) { range = range.dropFirst() }
    while let last = range.last, isBlank(bytes[last]) { range = range.dropLast() }
    return range
  }

  /// Whether a field is UTF-8.
  func isText(_ field: Field) -> Bool {
    String(validating: bytes[field.range], as: UTF8.self) != nil
  }

  /// What a field says.
  func text(of field: Field) -> String {
    let text = String(decoding: bytes[field.range], as: UTF8.self)
    return field.isQuoted ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number that a field says; `nil` if it says none.
  ///
  /// Truth values, as pandas writes them, are 0 and 1; hexadecimal numbers are none. Most numbers in tables are short decimals: their digits
  /// are an integer and the power of ten is exact, so that one division rounds correctly (Clinger, *How to
  /// read floating point numbers accurately*, 1990); the others go by way of the standard library.
  func number(in field: Field) -> Double? {
    var mantissa: Int64 = 0
    var digitCount = 0
    var decimals: Int?
    var rest = bytes[field.range]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    for byte in rest {
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
      } else if case let digit = byte &- UInt8(ascii: "0"), digit < 10, digitCount < 15 {
        mantissa = mantissa * 10 + Int64(digit)
        digitCount += 1
        decimals? += 1
      } else {
        return Self.number(text(of: field))
      }
    }
    guard digitCount > 0 else { return Self.number(text(of: field)) }
    let magnitude = Double(mantissa) / Self.powersOfTen[decimals ?? 0]
    return isNegative ? -magnitude : magnitude
  }

  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "true": 1
    case "false": 0
    case let word: word.contains("x") ? nil : Double(text)
    }
  }

  private static let powersOfTen = (0...15).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }
}
