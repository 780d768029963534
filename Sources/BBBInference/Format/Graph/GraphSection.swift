import BBBNetwork

/// The section that describes a model: what is the same in all files, then the network's operations in order of evaluation.
enum GraphSection {
  /// The content of the section.
  static func encode(_ description: ModelDescription) -> [UInt8] {
    var writer = ByteWriter()
    ModelHead.write(
      description.output, inputFactor: description.inputFactor, description.origin, to: &writer)
    let network = description.network
    writer.appendVariableLength(network.input.extents.count)
    for extent in network.input.extents { writer.appendVariableLength(extent) }
    writer.appendVariableLength(network.nodes.count)
    var parameter = 0
    for (index, node) in network.nodes.enumerated() {
      node.operation.write(to: &writer, reading: node.inputs, at: index)
      guard node.operation.hasParameter else { continue }
      let matrix = description.matrices[parameter]
      writer.append(matrix.connectionCoding.rawValue)
      writer.append(matrix.valueEncoding.code)
      writer.appendVariableLength(matrix.weightCount)
      parameter += 1
    }
    return writer.bytes
  }

  /// Reads the section and checks that its numbers are possible together, before anything is allocated by them.
  ///
  /// - Throws: ``CompactModelError`` if they are not, or a code is not known.
  static func decode(_ bytes: [UInt8]) throws(CompactModelError) -> ModelDescription {
    var reader = ByteReader(bytes[...], subject: "graph section")
    let head = try ModelHead.read(&reader)
    let axisCount = try reader.number(in: 1...FormatConstants.maximumAxisCount, "axes of the input")
    var extents: [Int] = []
    for _ in 0..<axisCount {
      extents.append(
        try reader.number(in: 1...FormatConstants.maximumUnitCount, "elements along an axis"))
    }
    let nodeCount = try reader.number(in: 1...FormatConstants.maximumNodeCount, "operations")
    var operations: [(operation: Operation, inputs: [Value])] = []
    var matrices: [ModelDescription.Matrix] = []
    for index in 0..<nodeCount {
      let (operation, inputs) = try Operation.read(&reader, at: index)
      operations.append((operation, inputs))
      guard operation.hasParameter else { continue }
      matrices.append(
        ModelDescription.Matrix(
          connectionCoding: try reader.known(
            ConnectionCoding.init(rawValue:), "connection coding"),
          valueEncoding: try reader.known(ValueEncoding.init(code:), "value encoding"),
          weightCount: try reader.variableLengthInteger()))
    }
    guard reader.remainingCount == 0 else {
      throw CompactModelError(.malformed, "bytes follow the description; the file is damaged")
    }
    let network = try network(Shape(extents), operations)
    for (parameter, matrix) in zip(network.parameters, matrices) {
      let (rows, columns) = (parameter.weights.rows, parameter.weights.columnCount)
      guard columns <= FormatConstants.maximumColumnCount, matrix.weightCount <= rows * columns
      else {
        throw CompactModelError(
          .malformed,
          "a matrix of \(columns) columns and \(rows) rows cannot hold \(matrix.weightCount) weights; the file "
            + "is forged or damaged")
      }
    }
    if let obstacle = CompactModel.outputObstacle(head.output, outputCount: network.outputCount) {
      throw CompactModelError(.malformed, "\(obstacle); the file is damaged or forged")
    }
    return ModelDescription(
      output: head.output, inputFactor: head.inputFactor, origin: head.origin, network: network,
      matrices: matrices)
  }

  private static func network(
    _ input: Shape, _ operations: [(operation: Operation, inputs: [Value])]
  ) throws(CompactModelError) -> Network {
    do throws(NetworkError) {
      return try Network(input: input, operations: operations)
    } catch {
      throw CompactModelError(
        .malformed, "the operations are no network: \(error); the file is damaged or forged")
    }
  }
}
