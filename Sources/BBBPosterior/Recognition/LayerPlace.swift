/// The part of a network that a layer's name speaks of.
enum LayerPlace: Int, Comparable {
  case start
  case middle
  case end

  static func < (first: LayerPlace, second: LayerPlace) -> Bool { first.rawValue < second.rawValue }

  /// The place of each weight: where its name says so, and else at the end if it has no number though
  /// most others have.
  static func places(of names: [String]) -> [String: LayerPlace] {
    let skeletons = names.map(NaturalOrder.skeleton)
    let families = Dictionary(skeletons.map { ($0, 1) }, uniquingKeysWith: +)
    let hasNumberedFamily = families.values.contains { $0 > 1 }
    var places: [String: LayerPlace] = [:]
    for (name, skeleton) in zip(names, skeletons) {
      let layer = ParameterName.layer(ofWeight: name)
      let words = Set(
        ParameterName.lastComponent(of: layer).lowercased().split(separator: "_").map(String.init))
      let isNumbered = families[skeleton, default: 1] > 1 || words.contains { Int($0) != nil }
      places[name] =
        if !words.isDisjoint(with: ["in", "input", "first", "stem", "embed"]) {
          .start
        } else if !words.isDisjoint(with: ["head", "out", "output", "classifier"]) {
          .end
        } else {
          hasNumberedFamily && !isNumbered ? .end : .middle
        }
    }
    return places
  }
}
