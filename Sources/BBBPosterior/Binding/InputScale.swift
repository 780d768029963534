/// The factor that turns the numbers of a dataset into the inputs a network was trained on.
public struct InputScale: Equatable, Sendable {
  /// The factor; positive and finite.
  public let factor: Double

  /// Reads a factor as people write it; nil unless it is positive and finite.
  ///
  /// - Parameter text: A number or a fraction of two, such as `0.00392` or `1/126`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      let words = part.split(separator: " ")
      return words.count == 1 ? Double(words[0]) : nil
    }
    guard numbers.count == parts.count, numbers.count <= 2,
      numbers.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    factor = numbers.count == 2 ? numbers[0] / numbers[1] : numbers[0]
    // A fraction of numbers that are far apart can leave their range.
    guard factor > 0, factor.isFinite else { return nil }
  }
}
