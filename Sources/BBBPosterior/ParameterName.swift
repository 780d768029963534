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

  /// Whether two names are one layer's, of which one may lie deeper in modules.
  static func isSameLayer(_ one: String, _ other: String) -> Bool {
    let (short, long) = one.count < other.count ? (one, other) : (other, one)
    return short == long || long.hasSuffix("." + short) || long.hasSuffix("/" + short)
  }

  /// The names that the bias beside a weight may have, the most likely first.
  static func biases(besideWeight name: String) -> [String] {
    let words = [
      ("weights", "biases"), ("weight", "bias"), ("Weight", "Bias"), ("kernel", "bias"), ("W", "b"),
      ("w", "b"),
    ]
    // A recurrent layer may have one bias for both of its weights; it stands with the first.
    let shared: [String] =
      name.hasSuffix("weight_ih") ? ["\(name.dropLast("weight_ih".count))bias"] : []
    return words.compactMap { replaceLast($0, by: $1, in: name) } + shared
      + [".bias", "/bias", "_bias", ".b", "_b"].map { name + $0 }
  }

  /// Whether a one-dimensional parameter scales units one by one, as batch normalisation does.
  static func isUnitScale(_ name: String) -> Bool {
    ["weight", "scale", "gamma"].contains(lastComponent(of: name))
  }

  /// Whether a name says that a tensor is a layer's weights; TensorFlow numbers a variable's outputs.
  static func isWeight(_ name: String) -> Bool {
    ["weight", "kernel", "kernel:0"].contains(lastComponent(of: name))
  }

  /// Whether a name says that a tensor is a parameter of a network, whatever its size.
  static func isParameter(_ name: String) -> Bool {
    let last = lastComponent(of: name)
    return ["weight", "kernel", "bias"].contains(last)
      || last.split(separator: "_").contains { $0 == "mu" || $0 == "rho" }
  }

  /// Whether a tensor is noise, a prior or a mask, which libraries save beside the parameters.
  static func isNoisePriorOrMask(_ name: String) -> Bool {
    let words = name.lowercased().split { "./_".contains($0) }
    return words.contains { ["eps", "epsilon", "noise", "prior", "priors", "mask"].contains($0) }
  }

  /// Whether a tensor is the state of an optimiser or of a schedule.
  static func isTrainingState(_ name: String) -> Bool {
    let folders = name.lowercased().split(separator: "/").dropLast()
    let isNested = zip(folders, folders.dropFirst()).contains { folder, inner in
      ["state", "param_groups"].contains(folder) && inner.allSatisfy(\.isNumber)
    }
    return isNested
      || folders.contains { folder in
        folder.contains("optim") || folder.contains("sched")
          || ["opt", "adam", "adamw", "sgd", "rmsprop"].contains(folder)
      }
  }

  /// What the parameters of one layer have in common: the name without its last component, and the
  /// numbers in that, so that `W1` and `b1` go together as `fc1.weight` and `fc1.bias` do.
  static func layerKey(of name: String) -> String {
    let last = lastComponent(of: name)
    let numbers = last.split { !("0"..."9").contains($0) }
    return name.dropLast(last.count) + numbers.joined(separator: ".")
  }

  /// Whether a weight is one of a recurrent layer, input-to-hidden or hidden-to-hidden.
  static func isRecurrent(_ name: String) -> Bool {
    let components = layer(ofWeight: name).split { "./".contains($0) }
    return components.last?.split(separator: "_").last.map { $0 == "ih" || $0 == "hh" } ?? false
  }

  /// Whether a name is that of a normalisation's scale or shift, such as `ln1.weight` or `norm.bias`.
  static func isNormalisation(_ name: String) -> Bool {
    guard !isBuffer(name) else { return false }
    let words = layer(ofWeight: name).lowercased().split { "./_".contains($0) }
    return words.contains { word in
      word.contains("norm")
        || ["ln", "gn", "bn"].contains(word.prefix { !("0"..."9").contains($0) })
    }
  }

  /// Whether a tensor of a state dictionary is a buffer, which is no parameter.
  static func isBuffer(_ name: String) -> Bool {
    ["running_mean", "running_var", "num_batches_tracked"].contains(lastComponent(of: name))
  }

  /// Layer names without the dictionaries and the `module.` that all of them share.
  static func shortened(_ names: [String]) -> [String] {
    let prefix = sharedDictionary(of: names)
    let short = names.map { String($0.dropFirst(prefix.count)) }
    let wrapper = "module."
    let isWrapped = short.allSatisfy { $0.hasPrefix(wrapper) && $0.count > wrapper.count }
    return isWrapped ? short.map { String($0.dropFirst(wrapper.count)) } : short
  }

  /// The dictionaries that a name lies in, each with a `/` after it.
  static func dictionary(of name: String) -> String { sharedDictionary(of: [name]) }

  /// The dictionaries, each with a `/` after it, that all names lie in.
  static func sharedDictionary(of names: [String]) -> String {
    let folders = names.map { name in name.split(separator: "/").dropLast().map(String.init) }
    let shared = folders.dropFirst().reduce(folders.first ?? []) { shared, folder in
      Array(zip(shared, folder).prefix { $0 == $1 }.map(\.0))
    }
    return shared.map { $0 + "/" }.joined()
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
