import CBBBLibc

/// Bars of a histogram in ASCII.
enum TextBar {
  /// A bar whose length is proportional to a value; a value that is too small for one is a dot.
  ///
  /// - Parameters:
  ///   - value: 0…1, 1 being as long as the bar can be.
  ///   - width: How long that is, in characters.
  /// - Returns: The bar; a space for 0.
  static func linear(_ value: Double, width: Int) -> String {
    guard value > 0 else { return " " }
    let length = Int((value * Double(width)).rounded())
    return length > 0 ? String(repeating: "#", count: min(length, width)) : "."
  }

  /// A bar whose length grows by the same for every factor.
  ///
  /// - Parameters:
  ///   - value: 0…1, 1 being as long as the bar can be.
  ///   - least: The value whose bar has no length.
  ///   - width: The longest bar, in characters.
  /// - Returns: The bar; a space for 0.
  static func logarithmic(_ value: Double, from least: Double, width: Int) -> String {
    guard value > 0 else { return " " }
    return linear(max(1 - log10(value) / log10(least), 1e-9), width: width)
  }
}
