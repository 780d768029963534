import BBBTensors
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ONNXFile {
  /// The bytes of the file, with some elements of its tensors 0.
  ///
  /// - Parameter removal: The elements.
  /// - Returns: The bytes.
  /// - Throws: ``ONNXError`` if a tensor is no initializer of the graph, or a file beside it cannot be read.
  func writing(_ removal: WeightRemoval) throws(ONNXError) -> Data {
    var written = model
    var externalData = ExternalData(besides: path)
    var left = removal.elements
    for index in written.graph.initializer.indices {
      let message = written.graph.initializer[index]
      let elements = left.removeValue(forKey: message.name) ?? []
      guard !elements.isEmpty || rawData[index] != nil || message.dataLocation == .external else {
        continue
      }
      let source = rawData[index].map { (data.slice($0), mapped) }
      let tensor = try ONNXTensor(
        message, name: message.name, rawData: source, externalData: &externalData)
      written.graph.initializer[index].replaceElements(by: try tensor.bytes(zeroing: elements))
    }
    for index in written.graph.node.indices {
      guard let name = written.graph.node[index].constantName,
        let elements = left.removeValue(forKey: name)
      else { continue }
      for attribute in written.graph.node[index].attribute.indices
      where written.graph.node[index].attribute[attribute].hasT {
        let message = written.graph.node[index].attribute[attribute].t
        let tensor = try ONNXTensor(message, name: name, externalData: &externalData)
        written.graph.node[index].attribute[attribute].t.replaceElements(
          by: try tensor.bytes(zeroing: elements))
      }
    }
    if let name = left.keys.sorted().first {
      throw ONNXError(
        .unsupported,
        "\"\(name)\" is no initializer of the graph, and weights of functions and of sparse tensors are not written; "
          + "export the network with constant folding (do_constant_folding=True)")
    }
    written.removeMachineNotes()
    do {
      return try written.serializedData()
    } catch {
      throw ONNXError(
        .unsupported,
        "the graph is too large to be written in one piece (2 GB); write a .bbbz instead")
    }
  }
}

extension ONNXTensor {
  /// The elements as `raw_data` has them, with some of them 0.
  fileprivate func bytes(zeroing elements: [Int]) throws(ONNXError) -> Data {
    let width = elementType.tensorType.bitCount / 8
    var bytes = try elementBytes()
    for element in elements {
      // All bits of the number 0 are 0, in every type.
      for byte in element * width..<(element + 1) * width { bytes[bytes.startIndex + byte] = 0 }
    }
    return bytes
  }
}

extension Onnx_TensorProto {
  /// Puts bytes in place of whatever holds the elements.
  fileprivate mutating func replaceElements(by bytes: Data) {
    clearDataLocation()
    externalData = []
    floatData = []
    int32Data = []
    int64Data = []
    doubleData = []
    uint64Data = []
    rawData = bytes
  }
}

extension Onnx_NodeProto {
  /// The name of the constant that the node is; `nil` of others.
  fileprivate var constantName: String? { opType == "Constant" ? output.first : nil }
}

extension Onnx_ModelProto {
  /// Leaves out where the lines stand that the user's network was written in.
  fileprivate mutating func removeMachineNotes() {
    func isNote(_ entry: Onnx_StringStringEntryProto) -> Bool {
      entry.key.hasSuffix("stack_trace") || entry.value.contains("File \"")
    }
    metadataProps.removeAll(where: isNote)
    graph.metadataProps.removeAll(where: isNote)
    for index in graph.node.indices { graph.node[index].metadataProps.removeAll(where: isNote) }
  }
}
