import BBBNetwork

/// The network section of version 1 of the format, which knew chains of linear layers only: what it says as a network.
///
/// Such files are read for ever; nothing behind knows the difference.
enum NetworkSection {
  /// The only layer kind of version 1.
  private static let sparseFullyConnected: UInt8 = 1

  /// Reads the section and checks that its numbers are possible together.
  ///
  /// - Throws: ``CompactModelError`` if they are not, or a code is not known.
  static func decode(_ bytes: [UInt8]) throws(CompactModelError) -> ModelDescription {
    var reader = ByteReader(bytes[...], subject: "network section")
    let head = try ModelHead.read(&reader)
    var sizes = [
      try reader.number(in: 1...FormatConstants.maximumUnitCount, "inputs of a layer")
    ]
    let layerCount = try reader.number(in: 1...FormatConstants.maximumLayerCount, "layers")
    var activations: [Activation] = []
    var matrices: [ModelDescription.Matrix] = []
    for index in 0..<layerCount {
      let isLast = index == layerCount - 1
      _ = try reader.known({ $0 == sparseFullyConnected ? $0 : nil }, "layer kind")
      activations.append(try reader.known(Activation.init(code:), "activation"))
      let coding = try reader.known(ConnectionCoding.init(rawValue:), "connection coding")
      let encoding = try reader.known(ValueEncoding.init(code:), "value encoding")
      let outputs = try reader.number(
        in: (isLast ? 1 : 0)...FormatConstants.maximumUnitCount, "units of a layer")
      let weightCount = try reader.variableLengthInteger()
      guard isLast || outputs <= weightCount else {
        throw CompactModelError(
          .malformed,
          "a hidden layer has \(outputs) units and \(weightCount) weights, so some unit "
            + "has none; the file is forged or damaged")
      }
      guard weightCount <= sizes[index] * outputs else {
        throw CompactModelError(
          .malformed,
          "a layer of \(sizes[index]) inputs and \(outputs) outputs cannot hold "
            + "\(weightCount) weights; the file is forged or damaged")
      }
      sizes.append(outputs)
      matrices.append(
        ModelDescription.Matrix(
          connectionCoding: coding, valueEncoding: encoding, weightCount: weightCount))
    }
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed, "bytes follow the network description; the file is damaged")
    }
    if let obstacle = CompactModel.outputObstacle(head.output, outputCount: sizes[layerCount]) {
      throw CompactModelError(.malformed, "\(obstacle); the file is damaged or forged")
    }
    do throws(NetworkError) {
      return ModelDescription(
        output: head.output, inputFactor: head.inputFactor, origin: head.origin,
        network: try Network(sizes: sizes, activations: activations), matrices: matrices)
    } catch {
      throw CompactModelError(
        .malformed, "the layers are no network: \(error); the file is damaged or forged")
    }
  }
}
