import BBBNetwork

/// A network as version 1 of the format has it: linear layers, each feeding the next, an activation behind each.
struct Chain {
  /// What follows each layer.
  let activations: [Activation]

  /// Takes a network for a chain; `nil` if it is none.
  init?(_ network: Network) {
    guard network.input.extents.count == 1 else { return nil }
    var activations: [Activation] = []
    var isOpen = false
    for (index, node) in network.nodes.enumerated() {
      guard node.inputs == [Value(index: index)] else { return nil }
      switch node.operation {
      case .matrix(let matrix) where matrix.window == nil:
        activations.append(.none)
        isOpen = true
      case .activation(let activation) where isOpen:
        activations[activations.count - 1] = activation
        isOpen = false
      default: return nil
      }
    }
    self.activations = activations
  }
}
