import CBBBKernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Weights in half precision.
enum HalfPrecision {
  /// The largest number.
  private static let largest: Float = 65504

  /// Numbers as `raw_data` has them, rounded to nearest.
  ///
  /// - Parameters:
  ///   - floats: The numbers.
  ///   - name: What they are called, for messages.
  /// - Returns: Two bytes for each.
  /// - Throws: ``ONNXError`` if one is beyond half precision.
  static func bytes(of floats: [Float], _ name: String) throws(ONNXError) -> Data {
    if let weight = floats.first(where: { !($0.magnitude <= largest) }) {
      throw ONNXError(
        .unsupported,
        "\"\(name)\" has a weight of \(weight), and half precision ends at \(largest); write float32 instead"
      )
    }
    return floats.map { bbb_float_to_half($0) }.withUnsafeBytes { Data($0) }
  }
}

extension Onnx_NodeProto {
  /// The node that makes single precision of a tensor, which runtimes do once, when they load the graph.
  static func cast(_ tensor: String, to name: String) -> Onnx_NodeProto {
    .with { node in
      node.opType = "Cast"
      node.name = name
      node.input = [tensor]
      node.output = [name]
      node.attribute = [.integer("to", Int(ONNXElementType.float32.rawValue))]
    }
  }
}
