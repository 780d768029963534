/// A layer's name taken apart.
struct LayerWords {
  let name: String
  /// Parts between separators, in lower case.
  let components: [Substring]
  /// Parts of those, between underscores.
  let words: Set<String>

  init(name: String) {
    self.name = name
    components = name.lowercased().split { "./".contains($0) }.map { $0 }
    words = Set(components.flatMap { $0.split(separator: "_") }.map(String.init))
  }
}
