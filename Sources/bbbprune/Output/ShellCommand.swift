/// Commands to paste into a shell.
enum ShellCommand {
  /// Joins words, quoted where a shell would take them apart.
  static func text(_ words: [String]) -> String {
    words.map { word in
      let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy(isPlain)
      guard !isPlain else { return word }
      let parts = word.split(separator: "'", omittingEmptySubsequences: false)
      return "'" + parts.joined(separator: "'\\''") + "'"
    }.joined(separator: " ")
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      || "-_./,:=+@".unicodeScalars.contains(scalar)
  }
}
