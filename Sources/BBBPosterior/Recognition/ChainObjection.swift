/// What the names of layers say against their following one another.
///
/// Sizes may chain by chance: those of an adapter's factors do, and those of a recurrent cell.
enum ChainObjection {
  /// What the layers seem to be, and which one says so, such as "an adapter's factors (0.lora_A)".
  ///
  /// - Parameter names: Those of the layers, in order.
  /// - Returns: `nil` if no name speaks against a chain.
  static func text(_ names: [String]) -> String? {
    let layers = names.map(LayerWords.init)
    for kind in kinds {
      if let layer = layers.first(where: kind.matches) { return "\(kind.what) (\(layer.name))" }
    }
    for pair in pairs {
      let first = layers.first { !$0.words.isDisjoint(with: pair.first) }
      let second = layers.first { !$0.words.isDisjoint(with: pair.second) }
      if let first, let second, first.name != second.name {
        return "\(pair.what) (\(first.name), \(second.name))"
      }
    }
    return ensemble(layers) ?? heads(layers) ?? ParallelLayers.text(layers)
  }

  /// What one name alone says.
  private struct Kind {
    let what: String
    /// Words of which one suffices.
    var words: Set<String> = []
    /// Text of which a component needs to hold one.
    var fragments: [String] = []

    func matches(_ layer: LayerWords) -> Bool {
      !layer.words.isDisjoint(with: words)
        || layer.components.contains { fragments.contains(where: $0.contains) }
    }
  }

  private static let kinds = [
    Kind(what: "an adapter's factors", words: ["adapter", "adapters"], fragments: ["lora"]),
    Kind(
      what: "a recurrent cell",
      words: ["i2h", "h2h", "h2o", "i2o", "ih", "hh", "rnn", "gru", "lstm"],
      fragments: ["recurrent", "lstm", "weight_ih", "weight_hh"]),
    Kind(
      what: "attention", words: ["qkv", "wqkv"],
      fragments: [
        "attn", "attention", "transformer", "in_proj", "out_proj", "q_proj", "k_proj", "v_proj",
        "o_proj",
      ]),
    Kind(
      what: "an embedding", words: ["emb", "embed", "embeds", "wte", "wpe"],
      fragments: ["embedding", "embed_tokens", "lm_head"]),
    Kind(
      what: "a gate", words: ["gate", "gates", "gating", "router"],
      fragments: ["gate_proj", "highway"]),
    Kind(
      what: "a branch that is added again", words: ["skip", "res", "resblock"],
      fragments: ["residual", "shortcut", "downsample"]),
    Kind(
      what: "a layer of a graph or a convolution", words: ["gcn", "gat"],
      fragments: ["conv"]),
  ]

  /// What two names together say.
  private struct Pair {
    let what: String
    let first: Set<String>
    let second: Set<String>
  }

  private static let pairs = [
    Pair(
      what: "attention", first: ["query", "queries", "q", "wq"],
      second: ["key", "keys", "k", "wk", "value", "values", "v", "wv"]),
    Pair(
      what: "two heads", first: ["mu", "mean", "loc"],
      second: ["logvar", "var", "variance", "sigma", "std", "logstd", "logsigma", "scale"]),
    Pair(
      what: "two networks", first: ["actor", "policy", "pi"], second: ["critic", "value", "vf"]),
    Pair(what: "two networks", first: ["generator"], second: ["discriminator"]),
    Pair(what: "two networks", first: ["teacher"], second: ["student"]),
    Pair(
      what: "two networks",
      first: ["online", "policy", "local", "main", "eval", "current", "behaviour", "behavior"],
      second: ["target"]),
    Pair(what: "two branches", first: ["left"], second: ["right"]),
    Pair(what: "two branches", first: ["wide"], second: ["deep"]),
    Pair(what: "two branches", first: ["user"], second: ["item"]),
    Pair(what: "two branches", first: ["forward", "fwd"], second: ["backward", "bwd", "reverse"]),
    Pair(
      what: "two branches", first: ["image", "img", "visual", "vision"],
      second: ["text", "audio", "tabular"]),
    Pair(what: "two networks", first: ["q1", "qf1", "critic1"], second: ["q2", "qf2", "critic2"]),
  ]

  /// Networks of which each answers for itself, in a numbered list.
  private static func ensemble(_ layers: [LayerWords]) -> String? {
    let lists: Set<Substring> = [
      "members", "member", "ensemble", "ensembles", "models", "networks", "nets", "experts",
      "estimators", "learners", "particles", "replicas",
    ]
    var numbers: [Substring: Set<Substring>] = [:]
    for layer in layers {
      for (list, number) in zip(layer.components, layer.components.dropFirst())
      where lists.contains(list) && number.allSatisfy(\.isNumber) {
        numbers[list, default: []].insert(number)
      }
    }
    let list = numbers.filter { $0.value.count > 1 }.keys.sorted().first
    return list.map { "the members of an ensemble (\($0).0, …)" }
  }

  /// Outputs that several layers make of the same inputs.
  private static func heads(_ layers: [LayerWords]) -> String? {
    let heads = layers.filter { layer in
      layer.components.contains("heads")
    }
    return heads.count > 1 && Set(heads.map(\.components.count)).count == 1
      && Set(heads.map { NaturalOrder.skeleton(of: $0.name) }).count == 1
      ? "several heads (\(heads[0].name), \(heads[1].name))" : nil
  }
}
