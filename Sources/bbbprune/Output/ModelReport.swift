import BBBErrors
import BBBInference
import BBBNetwork
import BBBReports

/// What `inspect` tells of a `.bbbz` model.
struct ModelReport: Encodable {
  struct Layer: Encodable {
    var inputs: Int
    var outputs: Int
    var weights: Int
    var density: Double
    var connections: String
    var values: String
    /// Different values among the weights.
    var levels: Int
    /// The bytes of the layer's sections, standard deviations aside.
    var bytes: Int
    /// Bits of the file per weight kept.
    var bitsPerWeight: Double?
    /// The static entropy of the layer's symbols, in the same unit.
    var entropyBitsPerWeight: Double?
    /// What quantisation costs in expectation, in nats.
    var expectedCost: Double?

    enum CodingKeys: String, CodingKey {
      case inputs, outputs, weights, density, connections, values, levels, bytes
      case bitsPerWeight = "bits_per_weight"
      case entropyBitsPerWeight = "entropy_bits_per_weight"
      case expectedCost = "expected_cost"
    }
  }

  struct Section: Encodable {
    var kind: String
    var layer: Int?
    var bytes: Int
  }

  var model: String
  /// The network as text.
  var network: String
  /// The sizes, if the network is a multilayer perceptron; not in the JSON.
  private var layerSizes: [Int]?
  var bytes: Int
  var headerBytes: Int
  var denseBytes: Int
  var ratio: Double
  var weights: Int
  var denseWeights: Int
  var removed: Int
  var criterion: String
  var inputScale: Double
  var inputMeans: [Double]
  var inputDeviations: [Double]
  /// The function between layers; absent where it is not the same everywhere, or there is one layer.
  var activation: String?
  var output: String
  /// The names and shapes of what the model takes.
  var inputs: [PortReport]
  /// The names and shapes of what it gives.
  var outputs: [PortReport]
  /// The same as text; not in the JSON.
  private var portLines: [String]
  var hasUncertainty: Bool
  /// What quantisation costs in expectation, over all layers, in nats.
  var expectedCost: Double?
  var layers: [Layer]
  var sections: [Section]

  enum CodingKeys: String, CodingKey {
    case model, network, bytes
    case headerBytes = "header_bytes"
    case denseBytes = "dense_bytes"
    case ratio, weights
    case denseWeights = "dense_weights"
    case removed, criterion
    case inputScale = "input_scale"
    case inputMeans = "input_mean"
    case inputDeviations = "input_deviation"
    case activation, output, inputs, outputs
    case hasUncertainty = "has_uncertainty"
    case expectedCost = "expected_cost"
    case layers, sections
  }

  init(_ summary: CompactModelSummary, path: String) {
    let origin = summary.model.origin
    model = path
    network = summary.model.network.description
    layerSizes = summary.model.network.layerSizes?.sizes
    bytes = summary.byteCount
    headerBytes = summary.headerByteCount
    denseBytes = origin.denseByteCount
    ratio = Double(origin.denseByteCount) / Double(summary.byteCount)
    weights = summary.model.weightCount
    denseWeights = origin.denseWeightCount
    removed = origin.removedCount
    criterion = origin.criterion
    let scaling = summary.model.inputScaling
    inputScale = scaling.factor
    inputMeans = scaling.means
    inputDeviations = scaling.deviations
    activation = summary.model.network.layerSizes.flatMap {
      $0.sizes.count > 2 ? $0.activation.rawValue : nil
    }
    output = summary.model.output.description
    inputs = summary.model.ports.inputs.map(PortReport.init)
    outputs = summary.model.ports.outputs.map(PortReport.init)
    portLines = PortReport.lines(summary.model.ports, of: summary.model.network)
    hasUncertainty = summary.model.hasUncertainty
    layers = zip(summary.layers, summary.model.matrices).enumerated().map { index, pair in
      let (layer, matrix) = pair
      let bytes = summary.sections
        .filter { $0.parameter == index && $0.kind != "deviations" }
        .reduce(0) { $0 + $1.storedByteCount }
      func perWeight(_ bits: Double) -> Double? {
        layer.weightCount > 0 ? bits / Double(layer.weightCount) : nil
      }
      return Layer(
        inputs: layer.inputCount, outputs: layer.outputCount, weights: layer.weightCount,
        density: matrix.density, connections: layer.connectionCoding,
        values: layer.valueEncoding.rawValue, levels: layer.levelCount, bytes: bytes,
        bitsPerWeight: perWeight(Double(8 * bytes)),
        entropyBitsPerWeight: perWeight(layer.entropy.total), expectedCost: layer.expectedCost)
    }
    let costs = layers.compactMap(\.expectedCost)
    expectedCost = costs.isEmpty ? nil : costs.reduce(0, +)
    sections = summary.sections.map {
      Section(kind: $0.kind, layer: $0.parameter, bytes: $0.storedByteCount)
    }
  }

  /// What the terminal shows.
  ///
  /// - Parameter width: How many characters a row of a table may have.
  /// - Returns: Lines of plain text.
  func text(width: Int) -> String {
    var layerTable = TextTable([
      .text("layer"), .number("inputs", omission: 6), .number("outputs", omission: 7),
      .number("weights"), .number("density", unit: "%", omission: 8),
      .text("connections", omission: 4), .text("values", omission: 5),
      .number("levels", omission: 2), .number("file", unit: "bytes"),
      .number("bits", unit: "/weight"), .number("entropy", unit: "/weight", omission: 3),
      .number("cost", unit: "nats", omission: 1),
    ])
    for (index, layer) in layers.enumerated() {
      layerTable.append([
        "\(index)", NumberText.grouped(layer.inputs), NumberText.grouped(layer.outputs),
        NumberText.grouped(layer.weights), NumberText.fixed(layer.density * 100, decimals: 2),
        layer.connections, layer.values, NumberText.grouped(layer.levels),
        NumberText.grouped(layer.bytes),
        layer.bitsPerWeight.map { NumberText.fixed($0, decimals: 2) } ?? "",
        layer.entropyBitsPerWeight.map { NumberText.fixed($0, decimals: 2) } ?? "",
        layer.expectedCost.map(NumberText.nats) ?? "",
      ])
    }
    var sectionTable = TextTable([.text("section"), .text("layer"), .number("bytes")])
    sectionTable.append(["header", "", NumberText.grouped(headerBytes)])
    for section in sections {
      sectionTable.append([
        section.kind, section.layer.map(String.init) ?? "", NumberText.grouped(section.bytes),
      ])
    }
    return """
      \(model): compact model\(networkText), \(NumberText.grouped(bytes)) bytes, \
      \(NumberText.sizeComparison(ratio)) dense float32
      \(NumberText.grouped(weights)) weights, of \(NumberText.grouped(denseWeights)); \
      \(NumberText.grouped(removed)) removed, ranked by \
      \(criterion.withoutControlCharacters)\(withoutEffect)
      \(scalingText); \(activation.map { "\($0) between layers; " } ?? "")outputs are \(output); \
      standard deviations are \(hasUncertainty ? "" : "not ")kept\(portLines.map { "\n" + $0 }.joined())\(networkLines)

      \(layerTable.text(width: width, elsewhere: "--json"))
      \(sectionTable.text(width: width, elsewhere: "--json"))
      Bits hold positions, values and biases; entropy is the static entropy of the same symbols, in bits.
      \(costSentence)
      """
  }

  /// The sizes of a multilayer perceptron.
  private var networkText: String {
    layerSizes.map { " \($0.map(String.init).joined(separator: "-"))" } ?? ""
  }

  /// The text of any other network.
  private var networkLines: String {
    guard layerSizes == nil else { return "" }
    return "\nnetwork:\n"
      + network.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }

  private var scalingText: String {
    func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }
    let parts =
      ["byte inputs are multiplied by \(inputScale)"]
      + (inputMeans.isEmpty ? [] : ["less \(list(inputMeans))"])
      + (inputDeviations.isEmpty ? [] : ["divided by \(list(inputDeviations))"])
    return parts.joined(separator: ", ")
  }

  private var costSentence: String {
    guard let expectedCost else { return "" }
    return
      "Cost is what quantisation, by rounding and by removing, costs in expectation: "
      + "\(NumberText.nats(expectedCost)) nats in all.\n"
  }

  /// The weights that are neither in the file nor removed by rank or quantisation.
  private var withoutEffect: String {
    let count = denseWeights - weights - removed
    return count > 0 ? ", and \(NumberText.grouped(count)) of units without effect" : ""
  }
}
