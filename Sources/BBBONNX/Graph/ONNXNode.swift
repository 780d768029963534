/// One operation of a graph.
public struct ONNXNode: Sendable {
  /// The name in the file, which PyTorch's older exporter makes of the module's path; may be empty.
  public let name: String
  /// The operator, such as `Conv`.
  public let operatorType: String
  /// The names of the values that are read; `nil` where an optional one is not given.
  public let inputs: [String?]
  /// The names of the values that are made; `nil` where one is not wanted.
  public let outputs: [String?]
  /// The attributes that the file gives.
  public let attributes: ONNXAttributes
  /// What the exporter tells of the node, such as the module it comes from.
  public let metadata: [String: String]

  /// The node, for messages, such as `node "conv1" (Conv)`.
  public var place: String {
    FlatNode.place(name: name, operatorType: operatorType, outputs: outputs.compactMap(\.self))
  }
}
