import BBBTensors

/// Notices that one file holds several networks, such as the trained one and its moving average.
enum SeparateNetworks {
  /// Refuses whole networks of the same layers in different dictionaries.
  ///
  /// Numbered dictionaries in formats that have none of their own are blocks of one network.
  static func refuse(_ layers: [UnorderedLayer], in file: TensorFile) throws(PosteriorError) {
    var names = [String: Set<String>]()
    var dictionaries: [String] = []
    for layer in layers {
      let name = ParameterName.layer(ofWeight: layer.weight.name)
      let dictionary = ParameterName.sharedDictionary(of: [name])
      if names[dictionary] == nil { dictionaries.append(dictionary) }
      names[dictionary, default: []].insert(String(name.dropFirst(dictionary.count)))
    }
    guard let first = dictionaries.first,
      let second = dictionaries.dropFirst().first(where: { names[$0] == names[first] }),
      file.format == .pytorch
        || NaturalOrder.skeleton(of: first) != NaturalOrder.skeleton(of: second),
      let example = layers.first(where: { $0.weight.name.hasPrefix(first) })?.weight.gaussian
    else { return }
    throw PosteriorError(
      .incomplete, path: file.path,
      """
      the file holds two networks with the same layers, in "\(first.dropLast())" and in \
      "\(second.dropLast())"; choose one, as with \(options(for: example, in: first))
      """)
  }

  private static func options(for weight: GaussianTensor, in dictionary: String) -> String {
    let names = [weight.mean.name, weight.scale?.name ?? ""].map { $0.dropFirst(dictionary.count) }
    guard let patterns = PatternPair(String(names[0]), String(names[1])) else {
      return "--mean '\(dictionary)*…' --scale '\(dictionary)*…'"
    }
    return PatternPair(
      mean: dictionary + patterns.mean, scale: dictionary + patterns.scale
    ).options(kind: weight.parametrisation?.kind)
  }

  /// Warns of layers that have one name in several dictionaries.
  static func warnings(_ layers: [PosteriorParameter]) -> [String] {
    var seen = Set<String>()
    let twice = layers.map { $0.name.split(separator: "/").last.map(String.init) ?? $0.name }
      .filter { !seen.insert($0).inserted }
    guard !twice.isEmpty else { return [] }
    return [
      """
      more than one layer is called \(listing(of: twice)): the file may hold two networks; name one \
      of them with --mean and --scale
      """
    ]
  }
}
