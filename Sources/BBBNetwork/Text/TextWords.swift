/// The words of a line of a network's text that are not read yet.
struct TextWords {
  private var words: ArraySlice<String>

  init(_ words: [String]) { self.words = words[...] }

  /// The name before an equals sign, if there is one.
  mutating func name() throws(NetworkError) -> String? {
    guard words.count > 1, words[words.startIndex + 1] == "=" else { return nil }
    let name = words.removeFirst()
    words.removeFirst()
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || "._/-:".contains($0) }) else {
      throw NetworkError(
        .syntax, "'\(name)' is no name: letters, digits and . _ - / : make one")
    }
    return name
  }

  mutating func optional() -> String? { words.popFirst() }

  mutating func next(_ what: String) throws(NetworkError) -> String {
    guard let word = words.popFirst() else {
      throw NetworkError(.syntax, "the line ends where \(what) is to follow")
    }
    return word
  }

  /// Whether a word comes next, which is taken then.
  mutating func take(_ word: String) -> Bool {
    guard words.first == word else { return false }
    words.removeFirst()
    return true
  }

  /// The last word, if the word before it is a given one, and at least two are left before these; both are taken then.
  mutating func takeLast(behind word: String) -> String? {
    guard words.count > 3, words[words.endIndex - 2] == word else { return nil }
    defer { words.removeLast(2) }
    return words.last
  }

  /// The next word, if there is one and it is of a kind; it is taken then.
  mutating func takeWord(where isKind: (String) -> Bool) -> String? {
    guard let word = words.first, isKind(word) else { return nil }
    words.removeFirst()
    return word
  }

  mutating func number(_ what: String) throws(NetworkError) -> Int {
    let word = try next(what)
    guard let number = Int(word), (1...NetworkParser.largestExtent).contains(number) else {
      throw NetworkError(
        .syntax, "'\(word)' is to be \(what), from 1 to \(NetworkParser.largestExtent)")
    }
    return number
  }

  /// The shape of a constant: all numbers that are left, of which there is one at least.
  mutating func shape() throws(NetworkError) -> Shape {
    var extents = [try number("the number of elements along each axis")]
    while !words.isEmpty { extents.append(try number("the number of elements along each axis")) }
    return Shape(extents)
  }

  func end() throws(NetworkError) {
    guard let word = words.first else { return }
    throw NetworkError(.syntax, "'\(word)' has no meaning here; leave it out")
  }
}
