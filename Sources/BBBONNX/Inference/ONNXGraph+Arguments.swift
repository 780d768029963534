/// What nodes are told, in one form whatever the version of the operators and wherever it is written.
extension ONNXGraph {
  /// How the windows of a convolution, transposed convolution or pool lie, with the padding that
  /// `auto_pad` or the output's shape asks for.
  ///
  /// - Parameter node: A node of this graph.
  /// - Returns: The windows; `nil` if the node has none.
  /// - Throws: ``ONNXError``, but not for a node of this graph, which was checked when it was read.
  package func window(of node: ONNXNode) throws(ONNXError) -> ONNXWindow? {
    let call = call(of: node)
    switch node.operatorType {
    case "Conv": return try call.convolutionWindow()
    case "ConvTranspose": return try call.transposedWindow()
    case "MaxPool", "AveragePool": return try call.poolWindow()
    default: return nil
    }
  }

  /// The axes, counted from the front, that a reduction reduces.
  ///
  /// - Parameter node: A reduction of this graph.
  /// - Returns: The axes, ascending; none if the node passes its input on.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func reducedAxes(of node: ONNXNode) throws(ONNXError) -> [Int] {
    try call(of: node).reducedAxes()
  }

  /// The order of a transposition: axis `i` of the result is axis `order[i]` of the input.
  ///
  /// - Parameter node: A `Transpose` of this graph.
  /// - Returns: The order.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func transposition(of node: ONNXNode) throws(ONNXError) -> [Int] {
    try call(of: node).transposition()
  }

  /// How many elements a padding adds before and behind each axis; fewer than none are taken away.
  ///
  /// - Parameter node: A `Pad` of this graph.
  /// - Returns: Two numbers for each axis of the input.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func pads(of node: ONNXNode) throws(ONNXError) -> [(before: Int, after: Int)] {
    try call(of: node).pads()
  }

  /// By how much a resizing makes each axis longer, or shorter.
  ///
  /// - Parameter node: A `Resize` of this graph.
  /// - Returns: A factor for each axis of the input.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func scales(of node: ONNXNode) throws(ONNXError) -> [Double] {
    try call(of: node).resizingScales()
  }

  /// The axes of which a slice does not take all, and which indices it takes.
  ///
  /// - Parameter node: A `Slice` of this graph.
  /// - Returns: One range for each such axis.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func slices(of node: ONNXNode) throws(ONNXError) -> [ONNXSlice] {
    try call(of: node).slices()
  }

  /// The axis along which a value is split, and the lengths of the parts.
  ///
  /// - Parameter node: A `Split` of this graph.
  /// - Returns: The axis, and a length for each output.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func splitLengths(of node: ONNXNode) throws(ONNXError) -> (axis: Int, lengths: [Int]) {
    try call(of: node).splitLengths()
  }

  /// The element that a shape is filled with.
  ///
  /// - Parameter node: A `ConstantOfShape` of this graph.
  /// - Returns: A constant of one element.
  /// - Throws: ``ONNXError``, but not for a node of this graph.
  package func filling(of node: ONNXNode) throws(ONNXError) -> ONNXConstant {
    try call(of: node).filling()
  }

  private func call(of node: ONNXNode) -> OperatorCall {
    OperatorCall(
      node: FlatNode(node), operatorSetVersion: operatorSetVersion,
      frozenBatch: inputs.first?.frozenBatch,
      inputs: node.inputs.map { name in
        guard let name, let value = values[name] else { return nil }
        return constants[name].map { KnownValue($0) } ?? KnownValue(value)
      })
  }
}

extension FlatNode {
  /// A node of a graph that was read.
  fileprivate init(_ node: ONNXNode) {
    self.init(
      name: node.name, operatorType: node.operatorType, domain: "",
      inputs: node.inputs.map { $0 ?? "" }, outputs: node.outputs.map { $0 ?? "" },
      attributes: node.attributes, branches: [:], metadata: node.metadata)
  }
}
