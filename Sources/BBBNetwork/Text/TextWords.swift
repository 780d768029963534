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

  func end() throws(NetworkError) {
    guard let word = words.first else { return }
    throw NetworkError(.syntax, "'\(word)' has no meaning here; leave it out")
  }
}
