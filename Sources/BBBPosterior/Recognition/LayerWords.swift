/// A layer's name taken apart.
struct LayerWords {
  let name: String
  /// Parts between separators, in lower case.
  let components: [Substring]
  /// Parts of those, between underscores.
  let words: Set<String>

  init(name: String) {
    self.name = name
    components = Self.withoutCapitals(name).split { "./".contains($0) }.map { $0 }
    words = Set(components.flatMap { $0.split(separator: "_") }.map(String.init))
  }

  /// In lower case, with an underscore where a word begins with a capital: `headA` is `head_a`.
  private static func withoutCapitals(_ name: String) -> String {
    zip(" " + name, name).reduce(into: "") { result, pair in
      if pair.0.isLowercase, pair.1.isUppercase { result += "_" }
      result += pair.1.lowercased()
    }
  }
}
