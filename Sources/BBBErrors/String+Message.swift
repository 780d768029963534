extension String {
  /// The text with every control character replaced, so that names from a file can neither break a
  /// line nor steer the terminal.
  package var withoutControlCharacters: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      scalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }

  /// The text as a message of one line: without control characters, and cut where it has no end in
  /// sight, because names in it come from files.
  package var asMessage: String {
    String(unicodeScalars.prefix(4000)).withoutControlCharacters
  }
}
