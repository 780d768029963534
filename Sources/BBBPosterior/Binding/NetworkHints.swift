import BBBNetwork
import BBBTensors

/// What the user and a file's metadata say about a network; the user comes first.
///
/// The metadata are `network` (a network's text, docs/networks.md); `activation` (`tanh`), or the last word of `arch`
/// (`784-1200-10 relu`); `input_scale` (`1/126` or `0.0079`) or `pixel_divisor` (`126`); `input_mean` and `input_deviation` (one number, or one per channel with
/// commas between); `output` (`classes`, `binary`, `numbers:0.5`, `mean-and-log-variance`), or `likelihood`
/// (`categorical`, `gaussian 0.5`).
struct NetworkHints {
  /// The function between layers; nil if nothing says so.
  let activation: Activation?
  /// An activation that the metadata name and this library does not know.
  let unknownActivation: String?
  /// What is said of inputs and outputs.
  let interface: NetworkInterface
  /// The network itself, where it is described, and who does.
  let network: (network: Network, isTheUsers: Bool)?
  /// Where the user says other than the metadata, one sentence each.
  let warnings: [String]

  init(_ metadata: NetworkMetadata, _ options: PosteriorOptions) throws(PosteriorError) {
    var warnings: [String] = []
    func chosen<Value: Equatable>(
      _ option: Value?, _ said: Value?, _ name: String, _ text: (Value) -> String
    ) -> Value? {
      guard let option else { return said }
      if let said, said != option {
        warnings.append(
          "\(name) \(text(option)) is taken, though the file's metadata say \(text(said))")
      }
      return option
    }
    func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }

    let said = metadata.activation
    activation = chosen(
      options.activation, said.flatMap(Activation.init(name:)), "--activation", \.rawValue)
    unknownActivation = activation == nil ? said : nil
    let saidOutput = chosen(options.output, try metadata.output(), "--output", \.description)
    if let graph = options.graph, let output = graph.output, let saidOutput, saidOutput != output {
      throw PosteriorError(
        .invalidOption, path: graph.path,
        "the graph ends in what makes its outputs \(output), and not \(saidOutput); leave --output out"
      )
    }
    let output = saidOutput ?? options.graph?.output

    let factor = chosen(options.inputScale, try metadata.inputFactor(), "--input-scale") { "\($0)" }
    let means = chosen(
      options.inputMeans, try metadata.numbers("input_mean"), "--input-mean", list)
    let deviations = chosen(
      options.inputDeviations, try metadata.numbers("input_deviation"), "--input-deviation", list)
    let inputScaling: InputScaling?
    // Tokens and several inputs are no pixels.
    let ports = options.graph?.ports
    let areNumbers = ports?.areNumbers ?? false
    if areNumbers, factor == nil, means == nil, deviations == nil {
      inputScaling = .identity
    } else if factor == nil, means == nil, deviations == nil {
      inputScaling = nil
    } else if let scaling = InputScaling(
      factor: factor ?? (areNumbers ? 1 : InputScaling.pixels.factor), means: means ?? [],
      deviations: deviations ?? [])
    {
      inputScaling = scaling
    } else {
      throw PosteriorError(
        .invalidValue, path: metadata.path,
        """
        the inputs' means and deviations must be finite, the deviations positive, and both for as many \
        channels: give them with --input-mean and --input-deviation
        """)
    }
    interface = NetworkInterface(
      inputScaling: inputScaling, saysInputFactor: factor != nil || areNumbers, output: output,
      ports: ports)
    let described = try metadata.network()
    if let network = options.network {
      if let described, described != network {
        warnings.append("--network is taken, though the file's metadata describe another network")
      }
      self.network = (network, true)
    } else if let described, described.layerSizes == nil, let option = options.chainOption {
      throw PosteriorError(
        .invalidOption, path: metadata.path,
        """
        \(option) is about a chain of layers, and the file's metadata describe another network; describe the one meant \
        with --network FILE
        """)
    } else {
      // Another activation makes another chain, which is put together from the layers.
      self.network = options.activation == nil ? described.map { ($0, false) } : nil
    }
    self.warnings = warnings
  }
}

extension Activation {
  /// Other names that libraries give the same functions.
  private static let synonyms: [String: Activation] = [
    "linear": .none, "identity": .none, "leakyrelu": .leakyRelu, "swish": .silu,
    "hardswish": .hardSwish, "logistic": .sigmoid,
  ]

  /// Finds an activation by a name, in whatever case, with hyphens or underscores.
  init?(name: String) {
    let word = name.lowercased().split(separator: "_").joined(separator: "-")
    guard let activation = Activation(rawValue: word) ?? Self.synonyms[word] else { return nil }
    self = activation
  }
}
