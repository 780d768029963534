import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The initializers of a graph, by name.
struct GraphConstants {
  private(set) var constants: [String: ONNXConstant] = [:]

  /// Reads what the initializers of a file say of themselves; their elements are decoded when needed.
  ///
  /// - Throws: ``ONNXError`` if one is damaged, or two have the same name.
  init(_ file: ONNXFile, externalData: inout ExternalData) throws(ONNXError) {
    let graph = file.model.graph
    for (index, message) in graph.initializer.enumerated() {
      let rawData = file.rawData[index].map { (file.data.slice($0), file.mapped) }
      try add(
        ONNXTensor(message, name: message.name, rawData: rawData, externalData: &externalData))
    }
    for message in graph.sparseInitializer {
      try add(
        SparseInitializer.tensor(
          message, name: message.values.name, externalData: &externalData))
    }
  }

  private mutating func add(_ tensor: ONNXTensor) throws(ONNXError) {
    guard !tensor.name.isEmpty else {
      throw ONNXError(.malformed, "an initializer has no name; export the file again")
    }
    guard constants.updateValue(ONNXConstant(tensor), forKey: tensor.name) == nil else {
      throw ONNXError(
        .malformed,
        "two initializers are named \"\(tensor.name)\", so that nobody can tell which is meant; export "
          + "the network with a newer exporter")
    }
  }
}

extension GraphBuilder {
  /// The inputs that must be given; older files list the initializers among them.
  static func inputs(
    of graph: Onnx_GraphProto, initializers: [String: ONNXConstant], givenShape: [Int]?
  ) throws(ONNXError) -> [ONNXInput] {
    let messages = graph.input.filter { initializers[$0.name] == nil }
    guard !messages.isEmpty, Set(messages.map(\.name)).count == messages.count,
      messages.allSatisfy({ !$0.name.isEmpty })
    else {
      throw ONNXError(
        .malformed, "the graph has no inputs, or two of one name; export the network again")
    }
    guard givenShape == nil || messages.count == 1 else {
      throw ONNXError(
        .unsupported,
        "the graph has \(messages.count) inputs, of which --input-shape cannot give the shapes; export "
          + "the network with fixed shapes")
    }
    var inputs: [ONNXInput] = []
    for message in messages { inputs.append(try ONNXInput(message, givenShape: givenShape)) }
    return inputs
  }

  /// The number of examples that a file was exported for; `nil` if it leaves that free.
  static func frozenBatch(of inputs: [ONNXInput]) throws(ONNXError) -> Int? {
    let batches = Set(inputs.map(\.frozenBatch))
    guard batches.count == 1, let batch = batches.first else {
      throw ONNXError(
        .unsupported,
        "the inputs \(inputs.map { "\"\($0.name)\"" }.joined(separator: " and ")) are for different "
          + "numbers of examples; export the network with a free batch of each (dynamic_axes)")
    }
    return batch
  }
}
