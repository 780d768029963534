/// One step of a network: an operation, and what it reads.
public struct Node: Hashable, Sendable {
  /// The node's name, by which others and the posterior's parameters refer to it, such as `conv1`.
  public var name: String
  /// What it computes.
  public var operation: Operation
  /// What it reads, in the order that the operation takes them.
  public var inputs: [Value]

  /// Creates a node.
  ///
  /// - Parameters:
  ///   - name: Its name; no other node of the network has it.
  ///   - operation: What it computes.
  ///   - inputs: What it reads; nothing for a constant.
  public init(_ name: String, _ operation: Operation, reading inputs: [Value]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}
