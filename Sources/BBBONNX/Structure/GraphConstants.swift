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
