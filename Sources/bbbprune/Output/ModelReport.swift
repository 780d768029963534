import BBBEvaluation
import BBBInference
import BBBTensors

/// What `inspect` tells of a `.bbbz` model.
struct ModelReport: Encodable {
  struct Layer: Encodable {
    var inputs: Int
    var outputs: Int
    var weights: Int
    var density: Double
    var connections: String
    var values: String
  }

  struct Section: Encodable {
    var kind: String
    var layer: Int?
    var bytes: Int
    /// Bits of the file per weight kept (per bias, for biases).
    var bitsPerWeight: Double?
    /// The entropy bound in the same unit.
    var boundBitsPerWeight: Double?

    enum CodingKeys: String, CodingKey {
      case kind, layer, bytes
      case bitsPerWeight = "bits_per_weight"
      case boundBitsPerWeight = "bound_bits_per_weight"
    }
  }

  var model: String
  var bytes: Int
  var headerBytes: Int
  var denseBytes: Int
  var ratio: Double
  var weights: Int
  var denseWeights: Int
  var removed: Int
  var criterion: String
  var inputScale: Double
  var outputs: String
  var layers: [Layer]
  var sections: [Section]

  enum CodingKeys: String, CodingKey {
    case model, bytes
    case headerBytes = "header_bytes"
    case denseBytes = "dense_bytes"
    case ratio, weights
    case denseWeights = "dense_weights"
    case removed, criterion
    case inputScale = "input_scale"
    case outputs, layers, sections
  }

  init(_ summary: CompactModelSummary, path: String) {
    let origin = summary.model.origin
    model = path
    bytes = summary.byteCount
    headerBytes = summary.headerByteCount
    denseBytes = origin.denseByteCount
    ratio = Double(origin.denseByteCount) / Double(summary.byteCount)
    weights = summary.model.weightCount
    denseWeights = origin.denseWeightCount
    removed = origin.removedCount
    criterion = origin.criterion
    inputScale = summary.model.inputScale
    outputs = summary.model.outputKind == .classes ? "classes" : "raw"
    layers = zip(summary.layers, summary.model.layers).map { layer, sparse in
      Layer(
        inputs: layer.inputCount, outputs: layer.outputCount, weights: layer.weightCount,
        density: sparse.density, connections: layer.connectionCoding,
        values: layer.valueEncoding.rawValue)
    }
    sections = summary.sections.map { section in
      let count = section.layer.map { index in
        section.kind == "biases"
          ? summary.layers[index].outputCount : summary.layers[index].weightCount
      }
      func perWeight(_ bits: Double?) -> Double? {
        guard let bits, let count, count > 0 else { return nil }
        return bits / Double(count)
      }
      return Section(
        kind: section.kind, layer: section.layer, bytes: section.storedByteCount,
        bitsPerWeight: perWeight(Double(8 * section.storedByteCount)),
        boundBitsPerWeight: perWeight(section.entropyBits))
    }
  }

  var text: String {
    let sizes = ([layers[0].inputs] + layers.map(\.outputs)).map(String.init)
    var layerTable = TextTable([
      .text("layer"), .number("inputs"), .number("outputs"), .number("weights"),
      .number("density %"), .text("connections"), .text("values"),
    ])
    for (index, layer) in layers.enumerated() {
      layerTable.append([
        "\(index)", NumberText.grouped(layer.inputs), NumberText.grouped(layer.outputs),
        NumberText.grouped(layer.weights), NumberText.fixed(layer.density * 100, decimals: 2),
        layer.connections, layer.values,
      ])
    }
    var sectionTable = TextTable([
      .text("section"), .text("layer"), .number("bytes"), .number("bits/weight"),
      .number("entropy bound"),
    ])
    sectionTable.append(["header", "", NumberText.grouped(headerBytes), "", ""])
    for section in sections {
      sectionTable.append([
        section.kind, section.layer.map(String.init) ?? "", NumberText.grouped(section.bytes),
        section.bitsPerWeight.map { NumberText.fixed($0, decimals: 2) } ?? "",
        section.boundBitsPerWeight.map { NumberText.fixed($0, decimals: 2) } ?? "",
      ])
    }
    return """
      \(model): compact model \(sizes.joined(separator: "-")), \(NumberText.grouped(bytes)) bytes, \
      \(NumberText.sizeComparison(ratio)) dense float32
      \(NumberText.grouped(weights)) weights, of \(NumberText.grouped(denseWeights)); \
      \(NumberText.grouped(removed)) removed by \(criterion.withoutControlCharacters)
      byte inputs are multiplied by \(inputScale); outputs are \
      \(outputs == "classes" ? "logits of classes" : "raw numbers")

      \(layerTable.text)
      \(sectionTable.text)
      Bounds: for connections, the entropy of independent positions at the layer's density; for values
      and biases, that of each byte plane. Bits are per weight, or per bias.

      """
  }
}
