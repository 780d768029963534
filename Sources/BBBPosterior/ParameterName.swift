/// What the names that models give their parameters say about them.
enum ParameterName {
  /// The part after the last separator, such as `weight` of `state_dict/fc1.weight`.
  static func lastComponent(of name: String) -> Substring {
    name.split(whereSeparator: { "./".contains($0) }).last ?? name[...]
  }

  /// The name of the layer a weight belongs to: without the word for the weight itself.
  static func layer(ofWeight name: String) -> String {
    for word in ["weight", "kernel"] {
      for separator in ["/", ".", "_"] where name.hasSuffix(separator + word) {
        return String(name.dropLast(word.count + 1))
      }
    }
    return name
  }

  /// The names that the bias beside a weight may have, the most likely first.
  static func biases(besideWeight name: String) -> [String] {
    let words = [
      ("weights", "biases"), ("weight", "bias"), ("Weight", "Bias"), ("kernel", "bias"), ("W", "b"),
      ("w", "b"),
    ]
    return words.compactMap { replaceLast($0, by: $1, in: name) }
      + [".bias", "/bias", "_bias", ".b", "_b"].map { name + $0 }
  }

  /// Whether a one-dimensional parameter scales units one by one, as batch normalisation does.
  static func isUnitScale(_ name: String) -> Bool {
    ["weight", "scale", "gamma"].contains(lastComponent(of: name))
  }

  /// Whether a tensor is part of a network though it belongs to no Gaussian parameter.
  ///
  /// Noise (`eps`) and priors, which some libraries save, are not.
  static func isNetworkState(_ name: String) -> Bool {
    let last = lastComponent(of: name)
    if ["weight", "kernel", "bias", "running_mean"].contains(last) { return true }
    let words = last.split(separator: "_")
    return words.contains { $0 == "mu" || $0 == "rho" }
      && !words.contains { $0 == "eps" || $0 == "prior" }
  }

  /// Whether a tensor of a state dictionary is a buffer, which is no parameter.
  static func isBuffer(_ name: String) -> Bool {
    ["running_mean", "running_var", "num_batches_tracked"].contains(lastComponent(of: name))
  }

  /// Layer names without the dictionaries and the `module.` that all of them share.
  static func shortened(_ names: [String]) -> [String] {
    let folders = names.map { name in name.split(separator: "/").dropLast().map(String.init) }
    let shared = folders.dropFirst().reduce(folders.first ?? []) { shared, folder in
      Array(zip(shared, folder).prefix { $0 == $1 }.map(\.0))
    }
    let prefix = shared.map { $0 + "/" }.joined()
    let short = names.map { String($0.dropFirst(prefix.count)) }
    let wrapper = "module."
    let isWrapped = short.allSatisfy { $0.hasPrefix(wrapper) && $0.count > wrapper.count }
    return isWrapped ? short.map { String($0.dropFirst(wrapper.count)) } : short
  }

  private static func replaceLast(
    _ word: String, by replacement: String, in name: String
  ) -> String? {
    var end = name.endIndex
    while end > name.startIndex {
      let head = name[..<end]
      if head.hasSuffix(word) {
        return String(head.dropLast(word.count)) + replacement + name[end...]
      }
      end = name.index(before: end)
    }
    return nil
  }
}
