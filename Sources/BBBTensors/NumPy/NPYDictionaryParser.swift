/// Parses the Python dictionary in the header of an NPY file: strings, truth values and tuples of
/// integers, nothing else.
struct NPYDictionaryParser {
  /// A value in the dictionary.
  enum Value: Equatable {
    case string(String)
    case bool(Bool)
    case tuple([Int])
    /// A list, as structured types are described by.
    case list
  }

  /// Why a text is refused: a clause of a ``TensorFileError``'s message.
  struct Failure: Error, Equatable {
    let reason: String
  }

  private enum Token: Equatable {
    case punctuation(Character)
    case string(String)
    case integer(Int)
    case word(String)
  }

  private var rest: Substring.UnicodeScalarView

  /// Parses a whole text.
  ///
  /// - Parameter text: The header without its length.
  /// - Returns: The values by key.
  /// - Throws: `Failure` if the text is no such dictionary, or a key occurs twice.
  static func parse(_ text: String) throws(Failure) -> [String: Value] {
    var parser = NPYDictionaryParser(rest: text[...].unicodeScalars)
    var values: [String: Value] = [:]
    try parser.expect("{")
    var token = try parser.next()
    while token != .punctuation("}") {
      guard case .string(let key) = token else { throw Failure(reason: "a key is missing") }
      try parser.expect(":")
      guard values.updateValue(try parser.value(), forKey: key) == nil else {
        throw Failure(reason: "the key \"\(key)\" occurs twice")
      }
      token = try parser.next()
      if token == .punctuation(",") {
        token = try parser.next()
      } else if token != .punctuation("}") {
        throw Failure(reason: "a comma is missing")
      }
    }
    guard try parser.next() == nil else { throw Failure(reason: "text follows the dictionary") }
    return values
  }

  private mutating func value() throws(Failure) -> Value {
    switch try next() {
    case .string(let string): return .string(string)
    case .word("True"): return .bool(true)
    case .word("False"): return .bool(false)
    case .punctuation("("): return .tuple(try tuple())
    case .punctuation("["):
      try skipList()
      return .list
    default: throw Failure(reason: "a value is missing")
    }
  }

  private mutating func tuple() throws(Failure) -> [Int] {
    var integers: [Int] = []
    var token = try next()
    while token != .punctuation(")") {
      guard case .integer(let integer) = token else {
        throw Failure(reason: "the shape is not a tuple of integers")
      }
      integers.append(integer)
      token = try next()
      if token == .punctuation(",") {
        token = try next()
      } else if token != .punctuation(")") || integers.count == 1 {
        // One number in parentheses is no tuple in Python.
        throw Failure(reason: "a comma is missing")
      }
    }
    return integers
  }

  /// Skips the rest of a list, whatever it holds.
  private mutating func skipList() throws(Failure) {
    var depth = 1
    while depth > 0 {
      switch try next() {
      case .punctuation("["): depth += 1
      case .punctuation("]"): depth -= 1
      case nil: throw Failure(reason: "a list does not end")
      default: break
      }
    }
  }

  private mutating func expect(_ character: Character) throws(Failure) {
    guard try next() == .punctuation(character) else {
      throw Failure(reason: "\"\(character)\" is missing")
    }
  }

  private mutating func next() throws(Failure) -> Token? {
    while let scalar = rest.first, " \t\n\r".unicodeScalars.contains(scalar) { rest.removeFirst() }
    guard let scalar = rest.popFirst() else { return nil }
    switch scalar {
    case "{", "}", "(", ")", "[", "]", ",", ":": return .punctuation(Character(scalar))
    case "'", "\"":
      let content = rest.prefix { $0 != scalar && $0 != "\\" }
      rest = rest.dropFirst(content.count)
      guard rest.popFirst() == scalar else {
        throw Failure(reason: "a string does not end, or holds an escape")
      }
      return .string(String(content))
    case "0"..."9":
      let digits = String(scalar) + String(takeWhile { ("0"..."9").contains($0) })
      // Python 2 wrote long integers with an L.
      if rest.first == "L" { rest.removeFirst() }
      guard let integer = Int(digits) else { throw Failure(reason: "a number is too large") }
      return .integer(integer)
    case "A"..."Z", "a"..."z":
      return .word(String(scalar) + String(takeWhile { $0.isASCII && $0.properties.isAlphabetic }))
    default: throw Failure(reason: "\"\(scalar)\" is out of place")
    }
  }

  private mutating func takeWhile(
    _ isWanted: (Unicode.Scalar) -> Bool
  ) -> Substring.UnicodeScalarView {
    let taken = rest.prefix(while: isWanted)
    rest = rest.dropFirst(taken.count)
    return taken
  }
}
