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
    return left.count < right.count
  }

  /// The name with every number replaced by one sign, equal for names that differ only in numbers.
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
    for character in name {
      let isDigit = ("0"..."9").contains(character)
      if let last = pieces.indices.last, pieces[last].isNumber == isDigit {
        pieces[last].text.append(character)
      } else {
        pieces.append(Piece(text: String(character), isNumber: isDigit))
      }
    }
    return pieces
  }
}
