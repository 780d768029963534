/// Parses the JSON of a safetensors header or index (RFC 8259), refusing what other parsers let pass: a
/// key that occurs twice, invalid UTF-8, and in a header anything but spaces behind the value.
struct StrictJSONParser {
  /// Why a text is refused, and where: a clause of a ``TensorFileError``'s message.
  struct Failure: Error, Equatable {
    let reason: String
    let position: Int
  }

  /// The deepest nesting followed; a header needs three levels.
  private static let depthLimit = 8

  private let text: [UInt8]
  private var position = 0

  /// Parses a header, which may be padded with spaces.
  static func parse(_ text: [UInt8]) throws(Failure) -> StrictJSON {
    var parser = StrictJSONParser(text: text)
    let value = try parser.value(depth: 0)
    guard text[parser.position...].allSatisfy({ $0 == UInt8(ascii: " ") }) else {
      throw parser.failure("something other than spaces follows the object")
    }
    return value
  }

  /// Parses a file of its own, where any whitespace may stand around the value.
  static func parseFile(_ text: [UInt8]) throws(Failure) -> StrictJSON {
    var parser = StrictJSONParser(text: text)
    parser.skipWhitespace()
    let value = try parser.value(depth: 0)
    parser.skipWhitespace()
    guard parser.next == nil else { throw parser.failure("something follows the value") }
    return value
  }

  private init(text: [UInt8]) {
    self.text = text
  }

  private func failure(_ reason: String) -> Failure {
    Failure(reason: reason, position: position)
  }

  private var next: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipWhitespace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func expect(_ character: Character) throws(Failure) {
    guard let byte = next, byte == character.asciiValue else {
      throw failure("\"\(character)\" is missing")
    }
    position += 1
  }

  private mutating func value(depth: Int) throws(Failure) -> StrictJSON {
    guard depth < Self.depthLimit else { throw failure("the nesting is too deep") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    default:
      for word in ["true", "false", "null"] where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return .other
      }
      throw failure("a value is missing")
    }
  }

  private mutating func object(
    depth: Int
  ) throws(Failure) -> [(key: String, value: StrictJSON)] {
    try expect("{")
    var members: [(key: String, value: StrictJSON)] = []
    var keys: Set<String> = []
    skipWhitespace()
    if next == UInt8(ascii: "}") {
      position += 1
      return members
    }
    while true {
      skipWhitespace()
      let start = position
      let key = try string()
      guard keys.insert(key).inserted else {
        throw Failure(reason: "the key \"\(key)\" occurs twice", position: start)
      }
      skipWhitespace()
      try expect(":")
      skipWhitespace()
      members.append((key, try value(depth: depth + 1)))
      skipWhitespace()
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try expect("}")
    return members
  }

  private mutating func array(depth: Int) throws(Failure) -> [StrictJSON] {
    try expect("[")
    var elements: [StrictJSON] = []
    skipWhitespace()
    if next == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      skipWhitespace()
      elements.append(try value(depth: depth + 1))
      skipWhitespace()
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try expect("]")
    return elements
  }

  private mutating func number() throws(Failure) -> StrictJSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let isZeroFirst = next == UInt8(ascii: "0")
    let digits = try digits()
    guard digits == 1 || !isZeroFirst else { throw failure("a number starts with 0") }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      _ = try self.digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      _ = try self.digits()
    }
    guard isInteger, let integer = Int(String(decoding: text[start..<position], as: UTF8.self))
    else { return .other }
    return .integer(integer)
  }

  private mutating func digits() throws(Failure) -> Int {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw failure("a digit is missing") }
    return position - start
  }
}

extension StrictJSONParser {
  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while true {
      guard let byte = next else { throw failure("a string does not end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw failure("a string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): bytes.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw failure("a string holds a control character")
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard let byte = next else { throw failure("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        try expect("\\")
        try expect("u")
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
        code = 0x1_0000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
      return scalar
    default: throw failure("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
        next.map({ $0 < 0x80 }) == true
      else { throw failure("a hexadecimal digit is missing") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
