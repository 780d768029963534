/// Running text in lines of a width.
package enum TextWrap {
  /// What is not parted from the number before it.
  private static let units: Set<Substring> = ["%", "dB", "µs", "kB", "MB"]

  /// Breaks lines that are too long at spaces.
  ///
  /// A line that begins with a space is laid out already, as tables and commands to copy are, and stays as it is; so does
  /// a word that is longer than a line.
  ///
  /// - Parameters:
  ///   - text: Lines.
  ///   - width: How many characters a line may have.
  /// - Returns: The same words in lines.
  package static func wrap(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.first == " " || String(line).columnCount <= width
        ? String(line) : lines(of: line, width).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func lines(of text: Substring, _ width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in words(of: text) {
      if !current.isEmpty, current.columnCount + 1 + word.columnCount > width {
        lines.append(current)
        current = word
      } else {
        current += (current.isEmpty ? "" : " ") + word
      }
    }
    return lines + [current]
  }

  private static func words(of text: Substring) -> [String] {
    var words: [String] = []
    for word in text.split(separator: " ") {
      let isUnit = units.contains(word.prefix { !",.;:)".contains($0) })
      if isUnit, let number = words.popLast() {
        words.append(number + " " + word)
      } else {
        words.append(String(word))
      }
    }
    return words
  }
}
