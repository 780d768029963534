/// What flows along an edge of a network: its input, or what one of its nodes gives.
public enum Value: Hashable, Sendable {
  /// The input of the network.
  case input
  /// What the node of a number gives, from 0 on in order of evaluation.
  case node(Int)

  /// The value's number: 0 for the input, then one more than the node's.
  public var index: Int {
    switch self {
    case .input: 0
    case .node(let number): number + 1
    }
  }

  /// The value of a number; see ``index``.
  ///
  /// - Parameter index: 0 for the input.
  public init(index: Int) { self = index == 0 ? .input : .node(index - 1) }
}
