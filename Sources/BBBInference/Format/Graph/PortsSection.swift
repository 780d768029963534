import BBBNetwork

/// The section of the names and shapes of inputs and outputs; absent where they are those that any network has.
enum PortsSection {
  private static let hasExamples: UInt8 = 1
  private static let holdsIntegers: UInt8 = 2

  /// The content of the section.
  ///
  /// - Throws: ``CompactModelError`` if there are more names, longer ones or more axes than the format can hold.
  static func encode(_ ports: Ports) throws(CompactModelError) -> [UInt8] {
    var writer = ByteWriter()
    for ports in [ports.inputs, ports.outputs] {
      guard ports.count <= FormatConstants.maximumPortCount,
        ports.allSatisfy({
          $0.name.utf8.count <= FormatConstants.maximumNameByteCount
            && $0.shape.count <= FormatConstants.maximumPortAxisCount
        })
      else {
        throw CompactModelError(
          .notEncodable,
          "the network has more inputs or outputs, longer names of them or more axes than the format can hold; export it "
            + "with fewer")
      }
      writer.appendVariableLength(ports.count)
      for port in ports {
        writer.appendVariableLength(port.name.utf8.count)
        writer.append(port.name.utf8)
        writer.append(
          (port.exampleAxis == nil ? 0 : hasExamples) | (port.holdsIntegers ? holdsIntegers : 0))
        if let axis = port.exampleAxis { writer.appendVariableLength(axis) }
        writer.appendVariableLength(port.shape.count)
        for extent in port.shape { writer.appendVariableLength(extent) }
      }
    }
    return writer.bytes
  }

  /// Reads the section.
  ///
  /// - Parameters:
  ///   - bytes: The section once inflated.
  ///   - network: What the file describes.
  /// - Returns: The names and shapes.
  /// - Throws: ``CompactModelError`` if they are no parts of the network's input and output.
  static func decode(_ bytes: [UInt8], of network: Network) throws(CompactModelError) -> Ports {
    var reader = ByteReader(bytes[...], subject: "section of inputs and outputs")
    let inputs = try ports(&reader, "inputs", largestCount: network.inputCount)
    let outputs = try ports(&reader, "outputs", largestCount: network.outputCount)
    let ports = Ports(inputs: inputs, outputs: outputs)
    let obstacle = ports.obstacle(
      inputCount: network.inputCount, outputCount: network.outputCount)
    if let obstacle {
      throw CompactModelError(.malformed, "\(obstacle); the file is damaged or forged")
    }
    guard reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed, "bytes follow the names of outputs; the file is damaged")
    }
    return ports
  }

  private static func ports(
    _ reader: inout ByteReader, _ what: String, largestCount: Int
  ) throws(CompactModelError) -> [Port] {
    let count = try reader.number(in: 1...FormatConstants.maximumPortCount, what)
    var ports: [Port] = []
    for _ in 0..<count {
      let length = try reader.number(
        in: 0...FormatConstants.maximumNameByteCount, "bytes of a name")
      guard let name = String(validating: try reader.take(length), as: UTF8.self) else {
        throw CompactModelError(
          .malformed, "the name of one of the \(what) is not UTF-8; the file is damaged")
      }
      let flags = try reader.byte()
      guard flags <= hasExamples | holdsIntegers else {
        throw .unknownCode(flags, of: "what an array holds")
      }
      let axis =
        flags & hasExamples == 0
        ? nil
        : try reader.number(
          in: 0...FormatConstants.maximumPortAxisCount, "axes before the examples")
      let axisCount = try reader.number(
        in: 0...FormatConstants.maximumPortAxisCount, "axes of an array")
      var shape: [Int] = []
      var elementCount = 1
      for _ in 0..<axisCount {
        shape.append(try reader.number(in: 1...largestCount, "elements along an axis"))
        // Both factors are below 2^31.
        elementCount *= shape[shape.count - 1]
        guard elementCount <= largestCount else {
          throw CompactModelError(
            .malformed,
            "an array of the \(what) has more numbers than the network; the file is damaged or forged"
          )
        }
      }
      guard axis.map({ $0 <= axisCount }) ?? true else {
        throw CompactModelError(
          .malformed,
          "the examples of an array are along an axis that it has not; the file is damaged or forged"
        )
      }
      ports.append(
        Port(
          name: name, shape: shape, exampleAxis: axis,
          holdsIntegers: flags & holdsIntegers != 0))
    }
    return ports
  }
}
