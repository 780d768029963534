/// The order in which people number things: `fc2` before `fc10`.
enum NaturalOrder {
  /// Whether the first name comes before the second; numbers in names are compared as numbers.
  static func precedes(_ first: String, _ second: String) -> Bool {
    let (left, right) = (pieces(of: first), pieces(of: second))
    for (a, b) in zip(left, right) where a != b {
      guard let numberA = a.number, let numberB = b.number else { return a.text < b.text }
      if numberA.count != numberB.count { return numberA.count < numberB.count }
      if numberA != numberB { return numberA < numberB }
      return a.text < b.text
    }
    return left.count == right.count ? first < second : left.count < right.count
  }

  /// The name with every number replaced by one sign, equal for names that differ only in numbers.
  ///
  /// A component without a number at its end counts as one with number 0: Keras calls layers `dense`,
  /// `dense_1`, `dense_2`.
  static func skeleton(of name: String) -> String {
    pieces(of: name).map { $0.number == nil ? $0.text : "#" }.joined()
  }

  /// A run of digits or of anything else.
  private struct Piece: Equatable {
    var text: String
    var isNumber: Bool
    /// The digits without leading zeros, so that longer means larger; nil if this is no number.
    var number: String? { isNumber ? String(text.drop { $0 == "0" }) : nil }
  }

  private static func pieces(of name: String) -> [Piece] {
    var pieces: [Piece] = []
    var component = name[...]
    while let end = component.firstIndex(where: { "./".contains($0) }) {
      pieces += self.pieces(ofComponent: component[..<end])
      pieces.append(Piece(text: String(component[end]), isNumber: false))
      component = component[component.index(after: end)...]
    }
    return pieces + self.pieces(ofComponent: component)
  }

  /// Text and numbers in turn, beginning with text, which may be empty, and ending with a number.
  private static func pieces(ofComponent component: Substring) -> [Piece] {
    var pieces = [Piece(text: "", isNumber: false)]
    for character in component {
      let isDigit = ("0"..."9").contains(character)
      if let last = pieces.indices.last, pieces[last].isNumber == isDigit {
        pieces[last].text.append(character)
      } else {
        pieces.append(Piece(text: String(character), isNumber: isDigit))
      }
    }
    if pieces.count.isMultiple(of: 2) {
      let before = pieces.count - 2
      if pieces[before].text.count > 1, pieces[before].text.hasSuffix("_") {
        pieces[before].text.removeLast()
      }
    } else {
      pieces.append(Piece(text: "", isNumber: true))
    }
    return pieces
  }
}
