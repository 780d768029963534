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
  /// - Parameters:
  ///   - removal: The elements.
  ///   - halved: The names of tensors that are written in half precision if they are in single, with a cast behind them.
  /// - Returns: The bytes.
  /// - Throws: ``ONNXError`` if a tensor is no initializer of the graph, a file beside it cannot be read, or a number is beyond half
  ///   precision.
  func writing(
    _ removal: WeightRemoval, halving halved: Set<String> = []
  ) throws(ONNXError) -> Data {
    var written = model
    // What others see is not cast.
    let halved = halved.subtracting(written.graph.output.map(\.name))
    var halves: [String] = []
    var externalData = ExternalData(besides: path)
    var left = removal.elements
    for index in written.graph.initializer.indices {
      let message = written.graph.initializer[index]
      let elements = left.removeValue(forKey: message.name) ?? []
      let isHalved = halved.contains(message.name) && message.isSingle
      guard
        !elements.isEmpty || rawData[index] != nil || message.dataLocation == .external || isHalved
      else { continue }
      let source = rawData[index].map { (data.slice($0), mapped) }
      let tensor = try ONNXTensor(
        message, name: message.name, rawData: source, externalData: &externalData)
      written.graph.initializer[index].replaceElements(by: try tensor.bytes(zeroing: elements))
      if isHalved {
        try written.graph.initializer[index].halve(message.name)
        halves.append(message.name)
      }
    }
    for index in written.graph.node.indices {
      guard let name = written.graph.node[index].constantName,
        left[name] != nil || halved.contains(name)
      else { continue }
      let elements = left.removeValue(forKey: name) ?? []
      for attribute in written.graph.node[index].attribute.indices
      where written.graph.node[index].attribute[attribute].hasT {
        let message = written.graph.node[index].attribute[attribute].t
        let tensor = try ONNXTensor(message, name: name, externalData: &externalData)
        written.graph.node[index].attribute[attribute].t.replaceElements(
          by: try tensor.bytes(zeroing: elements))
        if halved.contains(name), message.isSingle {
          try written.graph.node[index].attribute[attribute].t.halve(name)
          halves.append(name)
        }
      }
    }
    if let name = left.keys.sorted().first {
      throw ONNXError(
        .unsupported,
        "\"\(name)\" is no initializer of the graph, and weights of functions and of sparse tensors are not written; "
          + "export the network with constant folding (do_constant_folding=True)")
    }
    for name in halves { written.graph.cast(name) }
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

extension Onnx_TensorProto {
  /// Whether the elements are in single precision.
  fileprivate var isSingle: Bool { dataType == ONNXElementType.float32.rawValue }

  /// Rounds elements in single precision, which are in `raw_data`, to half precision.
  fileprivate mutating func halve(_ name: String) throws(ONNXError) {
    let floats = rawData.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
    rawData = try HalfPrecision.bytes(of: floats, name)
    dataType = ONNXElementType.float16.rawValue
  }
}

extension Onnx_GraphProto {
  /// Lets everyone who reads a tensor in half precision read it in single.
  fileprivate mutating func cast(_ tensor: String) {
    let taken = Set(node.flatMap(\.output) + initializer.map(\.name) + input.map(\.name))
    var name = "\(tensor)/float32"
    while taken.contains(name) { name += "_" }
    rename(tensor, to: name)
    for index in input.indices where input[index].name == tensor {
      input[index].type.tensorType.elemType = ONNXElementType.float16.rawValue
    }
    for index in valueInfo.indices where valueInfo[index].name == tensor {
      valueInfo[index].type.tensorType.elemType = ONNXElementType.float16.rawValue
    }
    // In front of all others, or behind the node that makes the constant.
    let place = node.firstIndex { $0.output.contains(tensor) }.map { $0 + 1 } ?? 0
    node.insert(.cast(tensor, to: name), at: place)
  }

  /// Lets nodes, also those of graphs inside this one, read another value in place of one.
  private mutating func rename(_ name: String, to other: String) {
    for index in node.indices {
      node[index].input = node[index].input.map { $0 == name ? other : $0 }
      for attribute in node[index].attribute.indices where node[index].attribute[attribute].hasG {
        node[index].attribute[attribute].g.rename(name, to: other)
      }
    }
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
