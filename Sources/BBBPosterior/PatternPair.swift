/// What to give as `--mean` and `--scale`, as two names suggest it.
struct PatternPair {
  let mean: String
  let scale: String

  init(mean: String, scale: String) {
    self.mean = mean
    self.scale = scale
  }

  /// Patterns that fit two names which share a beginning or an end; nil if nothing suggests a pair.
  init?(_ first: String, _ second: String) {
    let shared = zip(first, second).prefix { $0 == $1 }.map(\.0)
    let stemCount = shared.lastIndex { "._/".contains($0) } ?? 0
    let endings = (first.dropFirst(stemCount), second.dropFirst(stemCount))
    if stemCount > 0, Self.isWord(endings.0), Self.isWord(endings.1) {
      self.init(mean: "*\(endings.0)", scale: "*\(endings.1)")
      return
    }
    let sharedEnd = zip(first.reversed(), second.reversed()).prefix { $0 == $1 }.map(\.0)
    guard let separator = sharedEnd.lastIndex(where: { "._/".contains($0) }) else { return nil }
    let beginnings = (first.dropLast(separator), second.dropLast(separator))
    guard Self.isWord(beginnings.0), Self.isWord(beginnings.1) else { return nil }
    self.init(mean: "\(beginnings.0)*", scale: "\(beginnings.1)*")
  }

  /// Whether the names say that the second speaks of the mean, not the first.
  var isSwapped: Bool {
    let speakOfMean = [mean, scale].map { name in
      ["mean", "mu", "loc"].contains(where: name.contains)
    }
    if speakOfMean[0] != speakOfMean[1] { return speakOfMean[1] }
    return ScaleKind.suggested(by: mean) != nil && ScaleKind.suggested(by: scale) == nil
  }

  /// The same two patterns, with the one that speaks of a mean as the mean.
  var sorted: PatternPair { isSwapped ? PatternPair(mean: scale, scale: mean) : self }

  /// The options to type, with the kind of scale where it is known or the name suggests it.
  func options(kind: ScaleKind? = nil) -> String {
    let kind = kind ?? ScaleKind.suggested(by: scale) ?? .standardDeviation
    return "--mean '\(mean)' --scale '\(scale)' --scale-is \(kind.rawValue)"
  }

  /// Whether text could name a quantity rather than number a layer.
  private static func isWord(_ text: Substring) -> Bool {
    text.count > 1 && !text.contains { ("0"..."9").contains($0) }
  }
}
