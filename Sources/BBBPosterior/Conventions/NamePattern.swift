/// A pattern for tensor names: literal text with one `*`, which stands for the stem.
///
/// Files wrap state dictionaries in others (`state_dict/`, `params/AutoNormal.`), so text before the
/// `*` may begin at the start of the name or after any `/` or `.`; and where the text after the `*`
/// begins with a separator, the stem may be empty and the separator absent: `*.weight_mu` fits
/// `weight_mu`, a single layer saved by itself.
struct NamePattern: Sendable {
  let prefix: String
  let suffix: String

  /// A name taken apart: `wrapper`, the pattern's prefix, `stem`, the pattern's suffix.
  struct Match {
    let wrapper: String
    let stem: String
  }

  init(prefix: String = "", suffix: String = "") {
    self.prefix = prefix
    self.suffix = suffix
  }

  /// Reads a pattern; nil unless there is exactly one `*`.
  init?(_ text: String) {
    let parts = text.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    self.init(prefix: String(parts[0]), suffix: String(parts[1]))
  }

  /// Takes a name apart, or returns nil if the pattern does not fit.
  func match(_ name: String) -> Match? {
    guard !prefix.isEmpty else {
      if name.hasSuffix(suffix) {
        return Match(wrapper: "", stem: String(name.dropLast(suffix.count)))
      }
      return name == bareSuffix ? Match(wrapper: "", stem: "") : nil
    }
    guard name.hasSuffix(suffix), let start = startOfPrefix(in: name) else { return nil }
    let rest = name[start...].dropFirst(prefix.count)
    guard rest.count > suffix.count else { return nil }
    return Match(wrapper: String(name[..<start]), stem: String(rest.dropLast(suffix.count)))
  }

  /// The name that the pattern gives a stem.
  func name(for match: Match) -> String {
    if prefix.isEmpty, match.stem.isEmpty { return bareSuffix }
    return match.wrapper + prefix + match.stem + suffix
  }

  /// Whether any name fits.
  var fitsEverything: Bool { prefix.isEmpty && suffix.isEmpty }

  private var bareSuffix: String {
    guard let first = suffix.first, "./".contains(first) else { return suffix }
    return String(suffix.dropFirst())
  }

  private func startOfPrefix(in name: String) -> String.Index? {
    if name.hasPrefix(prefix) { return name.startIndex }
    var rest = name[...]
    while let separator = rest.firstIndex(where: { "./".contains($0) }) {
      rest = rest[rest.index(after: separator)...]
      if rest.hasPrefix(prefix) { return rest.startIndex }
    }
    return nil
  }
}
