import BBBNetwork

/// The content of the network section: all that the other sections' sizes follow from.
struct NetworkDescription: Equatable {
  /// One layer's sizes and codings.
  struct Layer: Equatable {
    var activation: Activation
    var connectionCoding: ConnectionCoding
    var valueEncoding: ValueEncoding
    var outputCount: Int
    var weightCount: Int
  }

  /// The only layer kind of version 1; others, such as convolutions, will get numbers of their own.
  private static let sparseFullyConnected: UInt8 = 1

  var output: OutputMeaning
  /// What a byte of input is multiplied by, before it is normalised if it is.
  var inputFactor: Double
  var origin: CompactModel.Origin
  var inputCount: Int
  var layers: [Layer]

  /// Whether readers of versions before 1.2 know every code of it.
  var isWidelyRead: Bool {
    output.isWidelyRead && layers.allSatisfy(\.activation.isWidelyRead)
  }

  /// The number of inputs of a layer, or of outputs of the last for the layer behind it.
  func inputCount(ofLayer index: Int) -> Int {
    index == 0 ? inputCount : layers[index - 1].outputCount
  }

  /// The layers as a network.
  var network: Network {
    .multilayerPerceptron(
      [inputCount] + layers.map(\.outputCount), activations: layers.map(\.activation))
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    output.write(to: &writer)
    writer.append(inputFactor)
    writer.appendVariableLength(origin.denseWeightCount)
    writer.appendVariableLength(origin.denseBiasCount)
    writer.appendVariableLength(origin.removedCount)
    writer.append(UInt8(origin.criterion.utf8.count))
    writer.append(origin.criterion.utf8)
    writer.appendVariableLength(inputCount)
    writer.appendVariableLength(layers.count)
    for layer in layers {
      writer.append(Self.sparseFullyConnected)
      writer.append(layer.activation.code)
      writer.append(layer.connectionCoding.rawValue)
      writer.append(layer.valueEncoding.code)
      writer.appendVariableLength(layer.outputCount)
      writer.appendVariableLength(layer.weightCount)
    }
    return writer.bytes
  }
}

extension NetworkDescription {
  /// Reads the description and checks that its numbers are possible together.
  init(_ bytes: [UInt8]) throws(CompactModelError) {
    var reader = ByteReader(bytes[...], subject: "network section")
    output = try OutputMeaning(&reader)
    inputFactor = try reader.double()
    guard inputFactor > 0, inputFactor.isFinite else {
      throw CompactModelError(
        .malformed, "the input scale \(inputFactor) is not a positive number; the file is damaged")
    }
    origin = CompactModel.Origin(
      denseWeightCount: try reader.variableLengthInteger(),
      denseBiasCount: try reader.variableLengthInteger(),
      removedCount: try reader.variableLengthInteger(),
      criterion: try Self.text(&reader))
    inputCount = try Self.unitCount(&reader, minimum: 1)
    let layerCount = try reader.variableLengthInteger()
    guard (1...FormatConstants.maximumLayerCount).contains(layerCount) else {
      throw CompactModelError(
        .malformed,
        "the network has \(layerCount) layers and 1 to \(FormatConstants.maximumLayerCount) are "
          + "possible; the file is damaged")
    }
    layers = []
    for index in 0..<layerCount {
      let isLast = index == layerCount - 1
      layers.append(
        try Self.layer(&reader, inputCount: inputCount(ofLayer: index), isLast: isLast))
    }
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed, "bytes follow the network description; the file is damaged")
    }
    if let obstacle = CompactModel.outputObstacle(
      output, outputCount: inputCount(ofLayer: layerCount))
    {
      throw CompactModelError(.malformed, "\(obstacle); the file is damaged or forged")
    }
  }

  private static func layer(
    _ reader: inout ByteReader, inputCount: Int, isLast: Bool
  ) throws(CompactModelError) -> Layer {
    _ = try known({ $0 == sparseFullyConnected ? $0 : nil }, try reader.byte(), "layer kind")
    let layer = Layer(
      activation: try known(
        Activation.init(code:), try reader.byte(), "activation"),
      connectionCoding: try known(
        ConnectionCoding.init(rawValue:), try reader.byte(), "connection coding"),
      valueEncoding: try known(ValueEncoding.init(code:), try reader.byte(), "value encoding"),
      outputCount: try unitCount(&reader, minimum: isLast ? 1 : 0),
      weightCount: try reader.variableLengthInteger())
    guard isLast || layer.outputCount <= layer.weightCount else {
      throw CompactModelError(
        .malformed,
        "a hidden layer has \(layer.outputCount) units and \(layer.weightCount) weights, so some unit "
          + "has none; the file is forged or damaged")
    }
    guard layer.weightCount <= inputCount * layer.outputCount else {
      throw CompactModelError(
        .malformed,
        "a layer of \(inputCount) inputs and \(layer.outputCount) outputs cannot hold "
          + "\(layer.weightCount) weights; the file is forged or damaged")
    }
    return layer
  }

  private static func text(_ reader: inout ByteReader) throws(CompactModelError) -> String {
    guard let text = String(validating: try reader.take(Int(try reader.byte())), as: UTF8.self)
    else {
      throw CompactModelError(
        .malformed, "the criterion's name is not UTF-8; the file is damaged")
    }
    return text
  }

  private static func unitCount(
    _ reader: inout ByteReader, minimum: Int
  ) throws(CompactModelError) -> Int {
    let count = try reader.variableLengthInteger()
    guard (minimum...FormatConstants.maximumUnitCount).contains(count) else {
      throw CompactModelError(
        .malformed,
        "a layer of \(count) units is not possible (\(minimum) to "
          + "\(FormatConstants.maximumUnitCount)); the file is forged or damaged")
    }
    return count
  }

  private static func known<Value>(
    _ lookUp: (UInt8) -> Value?, _ code: UInt8, _ what: String
  ) throws(CompactModelError) -> Value {
    guard let value = lookUp(code) else { throw .unknownCode(code, of: what) }
    return value
  }
}
