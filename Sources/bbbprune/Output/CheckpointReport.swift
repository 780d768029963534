import BBBErrors
import BBBEvaluation
import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors

/// What `inspect` tells of a checkpoint.
struct CheckpointReport: Encodable {
  struct Layer: Encodable {
    var name: String
    var kind: String
    var shape: [Int]
    var layout: String
    var mean: String
    var scale: String?
    var biasMean: String?
    var biasScale: String?

    enum CodingKeys: String, CodingKey {
      case name, kind, shape, layout, mean, scale
      case biasMean = "bias_mean"
      case biasScale = "bias_scale"
    }

    init(_ layer: PosteriorParameter) {
      name = layer.name
      shape = layer.weight.shape
      mean = layer.weight.mean.name
      scale = layer.weight.scale?.name
      biasMean = layer.bias?.mean.name
      biasScale = layer.bias?.scale?.name
      if layer.isConstant {
        (kind, layout) = ("constant", "row-major")
        shape = layer.bias?.shape ?? []
        return
      }
      let isOutputFirst = layer.weights.order == .outputInput
      if layer.kernel.isEmpty {
        kind = "fully connected"
        layout = isOutputFirst ? "(out, in)" : "(in, out)"
      } else {
        kind = "convolution \(layer.kernel.map(String.init).joined(separator: "×"))"
        layout =
          switch layer.weights.order {
          case .outputInput: "(out, in, …)"
          case .inputOutput: "(…, in, out)"
          case .transposedConvolution: "(in, out, …)"
          }
      }
    }
  }

  /// A tensor that is no part of the posterior.
  struct OtherTensor: Encodable {
    var name: String
    var shape: [Int]
    var type: String
  }

  var checkpoint: String
  var format: String
  var bytes: Int
  var convention: String
  var formula: String
  /// The prior that the checkpoint names; absent if it does not.
  var prior: String?
  /// The weights that have a σ, or all if none has one.
  var weights: Int
  /// The weights of ordinary layers beside Bayesian ones, which stay.
  var certainWeights: Int
  var biases: Int
  var layers: [Layer]
  /// The network as text; absent if none is known.
  var network: String?
  /// The sizes, if the network is a multilayer perceptron.
  var layerSizes: [Int]?
  var obstacle: String?
  var inputScale: Double?
  var inputMeans: [Double]?
  var inputDeviations: [Double]?
  /// The function between layers; absent if nothing says so.
  var activation: String?
  /// What the outputs are; absent if nothing says so.
  var output: String?
  /// The names and shapes of what a graph takes; absent if there is none.
  var inputs: [PortReport]?
  /// The names and shapes of what it gives.
  var outputs: [PortReport]?
  /// The same as text; not in the JSON.
  private var portLines: [String]
  /// 20 log₁₀(|μ|/σ) at quantiles of the weights, `null` where |μ|/σ is 0; absent without any σ.
  var signalToNoiseDecibels: [String: Double?]?
  var signalToNoiseHistogram: SignalToNoiseHistogram?
  var weightHistogram: WeightHistogram
  /// Whether the ratio can rank the weights; absent without any σ.
  var fitness: PosteriorFitness?
  /// What else the file holds, in file order.
  var otherTensors: [OtherTensor]
  var warnings: [String]
  /// What is taken for granted when the network is run.
  var assumptions: [String]

  enum CodingKeys: String, CodingKey {
    case checkpoint, format, bytes, convention, formula, prior, weights
    case certainWeights = "certain_weights"
    case biases, layers
    case network
    case layerSizes = "layer_sizes"
    case obstacle
    case inputScale = "input_scale"
    case inputMeans = "input_mean"
    case inputDeviations = "input_deviation"
    case activation, output, inputs, outputs
    case signalToNoiseDecibels = "snr_db"
    case signalToNoiseHistogram = "snr_histogram"
    case weightHistogram = "weight_histogram"
    case fitness
    case otherTensors = "other_tensors"
    case warnings, assumptions
  }

  private static let quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

  /// Describes a checkpoint; reads every mean and standard deviation, and so checks them.
  init(_ source: Checkpoint, threadCount: Int) throws {
    let posterior = source.posterior
    checkpoint = posterior.path
    format = source.format
    bytes = source.byteCount
    convention = posterior.convention.name
    formula = posterior.convention.formula
    prior = posterior.prior.map { "\($0)" }
    let certainLayers = posterior.hasDeviations ? posterior.parameters.filter(\.isCertain) : []
    certainWeights = certainLayers.reduce(0) { $0 + $1.weight.count }
    weights = posterior.parameters.reduce(0) { $0 + $1.weight.count } - certainWeights
    biases = posterior.parameters.reduce(0) { $0 + ($1.bias?.count ?? 0) }
    layers = posterior.parameters.map(Layer.init)
    network = posterior.network?.description
    let perceptron = posterior.network?.layerSizes
    layerSizes = perceptron?.sizes
    obstacle = posterior.obstacle
    inputScale = posterior.interface.inputScaling?.factor
    inputMeans = posterior.interface.inputScaling?.means
    inputDeviations = posterior.interface.inputScaling?.deviations
    activation = perceptron.flatMap { perceptron in
      // Nothing is between the layers of a network that has one.
      perceptron.sizes.count < 3
        || posterior.assumptions.contains(.activation(perceptron.activation))
        ? nil : perceptron.activation.rawValue
    }
    output = posterior.interface.output?.description
    let ports = posterior.interface.ports
    inputs = ports.map { $0.inputs.map(PortReport.init) }
    outputs = ports.map { $0.outputs.map(PortReport.init) }
    portLines = posterior.network.map { PortReport.lines(ports, of: $0) } ?? []
    otherTensors = posterior.tensorsLeftOut(of: source.tensors).map {
      OtherTensor(name: $0.name, shape: $0.shape, type: "\($0.elementType)")
    }
    warnings = posterior.warnings
    assumptions = posterior.assumptions.map(\.text)
    // The weights of a baseline are certain.
    if posterior.hasDeviations {
      let ranking = try Ranking(
        posterior, by: .signalToNoiseRatio, threadCount: threadCount)
      signalToNoiseDecibels = Dictionary(
        uniqueKeysWithValues: zip(
          Self.quantiles.map { NumberText.trimmed($0) },
          try ranking.decibels(atQuantiles: Self.quantiles)))
      signalToNoiseHistogram = try SignalToNoiseHistogram(ranking)
      fitness = try PosteriorFitness(posterior, threadCount: threadCount)
    }
    weightHistogram = try WeightHistogram(posterior, threadCount: threadCount)
  }

  /// What the terminal shows.
  ///
  /// - Parameter width: How many characters a row of a table may have.
  /// - Returns: Lines of plain text.
  func text(width: Int) -> String {
    var table = TextTable([
      .name("layer"), .text("kind", omission: 2), .text("shape"), .text("layout", omission: 3),
      .name("mean μ", omission: 5), .name("σ from", omission: 4), .text("bias", omission: 1),
    ])
    for layer in layers {
      table.append([
        layer.name, layer.kind, shapeText(layer.shape), layer.layout,
        layer.mean, layer.scale ?? "certain",
        [layer.biasMean, layer.biasScale].compactMap(\.self).joined(separator: ", "),
      ])
    }
    return """
      \(checkpoint): \(format), \(NumberText.grouped(bytes)) bytes
      convention: \(convention); \(formula)\(prior.map { "; prior \($0)" } ?? "")
      network:\(networkText)
      weights: \(NumberText.grouped(weights)) prunable\(certainText), and \(NumberText.grouped(biases)) biases
      signal-to-noise ratio |μ|/σ\(quantilesText)\(fitnessText)

      \(table.text(width: width, elsewhere: "--json"))\(otherTensorsText(width: width))
      \(signalToNoiseHistogram.map { SignalToNoiseText.render($0, width: width) + "\n" } ?? "")\
      \(WeightText.render(weightHistogram, width: width))
      """
  }

  /// The histograms as an SVG picture; `nil` if there is no σ to draw one of them by.
  var plot: String? {
    signalToNoiseHistogram.map {
      HistogramPlot.render($0, weightHistogram, checkpoint: checkpoint)
    }
  }

  /// What the network is, and its text; or why it cannot be run.
  private var networkText: String {
    guard let network else {
      return " cannot be run: \((obstacle ?? "unknown").withoutControlCharacters)"
    }
    func list(_ numbers: [Double]?) -> String? {
      guard let numbers, !numbers.isEmpty else { return nil }
      return numbers.map { "\($0)" }.joined(separator: ",")
    }
    let facts =
      [
        layerSizes.map {
          "multilayer perceptron \($0.map(String.init).joined(separator: "-"))"
        },
        activation.map { "\($0) between layers" }, inputScale.map { "input scale \($0)" },
        list(inputMeans).map { "input mean \($0)" },
        list(inputDeviations).map { "input deviation \($0)" },
        output.map { "outputs are \($0)" },
      ] + portLines
    let said = facts.compactMap(\.self).joined(separator: "; ")
    let lines = network.split(separator: "\n").map { "  \($0)" }
    return ([said.isEmpty ? "" : " \(said)"] + lines).joined(separator: "\n")
  }

  private var certainText: String {
    certainWeights > 0 ? ", \(NumberText.grouped(certainWeights)) certain (σ = 0)" : ""
  }

  private var quantilesText: String {
    guard let signalToNoiseDecibels else { return ": none, the weights are certain (σ = 0)" }
    let texts = Self.quantiles.map { quantile in
      let value = signalToNoiseDecibels[NumberText.trimmed(quantile)].flatMap(\.self)
      return "\(NumberText.trimmed(quantile * 100)) %: "
        + (value.map { NumberText.fixed($0, decimals: 1) } ?? "−∞")
    }
    return " in dB, by quantile: " + texts.joined(separator: ", ")
  }

  /// Whether the ratio can rank, as a line; empty where too few weights are uncertain to tell.
  private var fitnessText: String {
    guard let fitness, !fitness.layers.isEmpty else { return "" }
    let text = fitness.finding.map { "\($0)".withoutControlCharacters }
    return "\nfit to prune by |μ|/σ: " + (text.map { "no: \($0)" } ?? "nothing speaks against it")
  }

  /// The other tensors as a second table; empty if there are none.
  private func otherTensorsText(width: Int) -> String {
    guard !otherTensors.isEmpty else { return "" }
    var table = TextTable([.name("other tensors"), .text("shape"), .text("type", omission: 1)])
    for tensor in otherTensors.prefix(Self.mostOtherTensorsShown) {
      table.append([tensor.name, shapeText(tensor.shape), tensor.type])
    }
    let hidden = otherTensors.count - Self.mostOtherTensorsShown
    return "\n" + table.text(width: width, elsewhere: "--json")
      + (hidden > 0 ? "… and \(hidden) more (all with --json)\n" : "")
  }

  private static let mostOtherTensorsShown = 40
}
