/// Operators that are refused wherever they are, and why.
enum Refusals {
  /// Operators that draw numbers.
  private static let sampling: Set<String> = ["Bernoulli", "Multinomial"]

  /// Checks that an operator neither draws numbers nor is of another domain.
  ///
  /// - Throws: ``ONNXError`` if it is not one of ONNX's own, or samples.
  static func check(_ node: FlatNode) throws(ONNXError) {
    if sampling.contains(node.operatorType) || node.operatorType.contains("Random") {
      throw samples(node)
    }
    if node.domain == "com.microsoft.nchwc" {
      throw ONNXError(
        .unsupported,
        "\(node.place) is of the domain com.microsoft.nchwc: ONNX Runtime optimised this file for one "
          + "processor, and its kernels are padded; give the original that the exporter wrote")
    }
    if node.domain == "com.microsoft" {
      throw ONNXError(
        .unsupported,
        "\(node.place) is of the domain com.microsoft: ONNX Runtime or a tool optimised this file; give "
          + "the original that the exporter wrote")
    }
    guard node.domain.isEmpty else {
      throw ONNXError(
        .unsupported,
        "\(node.place) is an operator of the domain \(node.domain), and only those of ONNX itself "
          + "(ai.onnx) are read; export the network without custom operators")
    }
  }

  /// The error that a graph draws numbers, and so is not the network of the means.
  static func samples(_ node: FlatNode) -> ONNXError {
    ONNXError(
      .unsupported,
      "\(node.place) draws random numbers: this graph samples its weights; export the network of the "
        + "means: load the means into the ordinary network (BLiTZ: model.freeze_()), call eval(), and "
        + "export that")
  }
}
