import BBBNetwork
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension GraphNetwork {
  /// The network as an ONNX file: operators of version 17, format version 8, for any number of examples.
  ///
  /// Every operation is written as operators of ONNX's standard domain, those that have none of their own as several. Nodes and values
  /// are called as the network's nodes are, initializers `NAME.weight`, `NAME.bias` and `NAME`. Outputs are those of the network, logits
  /// of classes, unless the options ask for probabilities. The metadata tell what they mean (`output`, `outputs`), and how bytes
  /// become inputs (`input_scale`, `input_mean`, `input_deviation`), by the keys that checkpoints have. Inputs and outputs are those of
  /// ``ports``.
  ///
  /// The file is read once more before it is handed out.
  ///
  /// - Parameter options: How it is written.
  /// - Returns: The bytes of the file; the same for the same arguments.
  /// - Throws: ``ONNXError`` naming a node that no graph can have, or if the file would have 2 GB.
  public func onnxFile(_ options: ONNXWritingOptions) throws(ONNXError) -> Data {
    var writer = NetworkWriter(self, options)
    let model = try writer.model()
    let data: Data
    do {
      data = try model.serializedData()
    } catch {
      throw ONNXError(
        .unsupported,
        "the network is too large to be written as one ONNX file (2 GB); write a .bbbz instead")
    }
    try check(data)
    return data
  }

  /// Checks that a file is read as a graph that takes and gives what this network does.
  private func check(_ data: Data) throws(ONNXError) {
    let graph = try ONNXGraph(data: data)
    let inputs = graph.inputs.map {
      Written($0.name, $0.value, isInteger: $0.elementType == .int64)
    }
    let outputs = graph.outputs.map { Written($0.name, graph.values[$0.value], isInteger: false) }
    guard inputs == ports.inputs.map(Written.init), outputs == ports.outputs.map(Written.init)
    else {
      throw ONNXError(
        .unsupported, "the graph that was made is read as another; write a .bbbz instead")
    }
  }
}

/// What can be told of an input or an output, as it is read and as it was to be written.
private struct Written: Equatable {
  var name: String
  var shape: [ONNXExtent]
  var isInteger: Bool

  init(_ name: String, _ value: ONNXValue?, isInteger: Bool) {
    self.name = name
    shape = value?.shape ?? []
    self.isInteger = isInteger
  }

  init(_ port: Port) {
    name = port.name
    shape = port.shape.map(ONNXExtent.number)
    if let axis = port.exampleAxis { shape.insert(.batch, at: axis) }
    isInteger = port.holdsIntegers
  }
}
