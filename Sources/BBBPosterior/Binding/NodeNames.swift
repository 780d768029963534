/// Names of a network's nodes, made of what layers are called in files.
enum NodeNames {
  /// Makes names that a network's text can hold, each another.
  ///
  /// - Parameter names: What the layers are called.
  /// - Returns: A name for each: its own where it can be.
  static func make(of names: [String]) -> [String] {
    var taken: Set<String> = ["input"]
    return names.map { name in
      let own = String(
        name.map { $0.isLetter || $0.isNumber || "._/-:".contains($0) ? $0 : "_" })
      var unique = own.isEmpty ? "layer" : own
      var number = 2
      while !taken.insert(unique).inserted {
        unique = "\(own)-\(number)"
        number += 1
      }
      return unique
    }
  }
}
