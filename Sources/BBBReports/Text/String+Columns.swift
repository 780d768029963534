extension String {
  /// How many columns of a terminal the text takes: ideographs, and what else is as wide, take two.
  var columnCount: Int { reduce(0) { $0 + ($1.isWide ? 2 : 1) } }

  /// The text, its middle replaced by `…` where it takes more columns.
  ///
  /// - Parameter width: How many columns it may take, at least 1.
  /// - Returns: The beginning and the end of the text.
  func shortened(to width: Int) -> String {
    guard columnCount > width else { return self }
    func part(_ characters: some Sequence<Character>, _ room: Int) -> [Character] {
      var left = room
      return characters.prefix { character in
        left -= character.isWide ? 2 : 1
        return left >= 0
      }
    }
    // More of the end, which tells names apart that belong together.
    let beginning = (width - 1) / 3
    let end = part(reversed(), width - 1 - beginning).reversed()
    return String(part(self, beginning)) + "…" + String(end)
  }

  /// The text without the spaces that alignment leaves at the end of a line.
  func trimmingTrailingSpaces() -> String {
    let end = lastIndex { $0 != " " }.map(index(after:)) ?? startIndex
    return String(self[..<end])
  }
}

extension Character {
  /// The blocks whose characters are wide (Unicode Standard Annex 11), as far as names are likely to use them.
  private static let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
    0x20000...0x3FFFD,
  ]

  /// Whether a terminal gives the character two columns.
  fileprivate var isWide: Bool {
    guard let first = unicodeScalars.first?.value, first >= 0x1100 else { return false }
    return Self.wideBlocks.contains { $0.contains(first) }
  }
}
