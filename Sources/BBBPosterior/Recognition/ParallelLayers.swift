/// Layers that read the same inputs, as their names say: several heads, branches or encoders, told apart by a word or a
/// number beside that one (`head_a` and `head_b`, `image_encoder` and `text_encoder`).
enum ParallelLayers {
  /// What there may be several of side by side.
  private static let families = [
    (word: "head", what: "several heads"), ("branch", "several branches"),
    ("tower", "several branches"), ("stream", "several branches"), ("arm", "several branches"),
    ("encoder", "several encoders"), ("decoder", "several decoders"),
    ("critic", "several networks"), ("expert", "several experts"), ("actor", "several networks"),
  ]

  /// Words that say where in a chain a layer stands, or what it is: `head_in` and `head_out` follow one another.
  private static let places: Set<String> = [
    "in", "out", "input", "output", "hidden", "first", "last", "pre", "post", "mid", "middle",
    "fc", "lin", "linear", "dense", "layer", "l", "w", "proj", "projection",
  ]

  /// What the layers seem to be, and which ones say so.
  ///
  /// - Parameter layers: Their names, in order.
  /// - Returns: `nil` if no two names speak of things side by side.
  static func text(_ layers: [LayerWords]) -> String? {
    for (family, what) in families {
      var first: (marks: [String], layer: LayerWords)?
      for layer in layers {
        guard let marks = marks(of: layer, in: family) else { continue }
        guard let known = first else {
          first = (marks, layer)
          continue
        }
        if known.marks != marks { return "\(what) (\(known.layer.name), \(layer.name))" }
      }
    }
    return nil
  }

  /// What tells a layer from others of its family; `nil` if it is of none, or nothing does.
  private static func marks(of layer: LayerWords, in family: String) -> [String]? {
    for (index, component) in layer.components.enumerated() {
      var marks: [String] = []
      var isMember = false
      for word in component.split(separator: "_") {
        let letters = word.prefix { !$0.isNumber }
        isMember = isMember || letters == family
        marks += [letters == family ? "" : String(letters), String(word.dropFirst(letters.count))]
      }
      marks.removeAll(where: \.isEmpty)
      guard isMember, !marks.isEmpty, places.isDisjoint(with: marks) else { continue }
      let isNumbered = marks.allSatisfy { $0.allSatisfy(\.isNumber) }
      // `encoder1` and `encoder2` may be two layers of one encoder, unless they have layers themselves.
      if isNumbered, ["encoder", "decoder"].contains(family), index == layer.components.count - 1 {
        continue
      }
      return marks
    }
    return nil
  }
}
