import BBBNetwork
import BBBPosterior
import BBBPruning

/// Where the weights are that a pruning leaves: counts, not the mask itself.
public struct RemainingStructure: Equatable, Sendable {
  /// What is left of one prunable tensor.
  public struct Layer: Equatable, Encodable, Sendable {
    /// The layer's name in the model, with `bias` behind it if its biases are meant.
    public var name: String
    /// The number of prunable weights.
    public var weights: Int
    /// The number of weights left.
    public var kept: Int

    /// Creates a layer from counts.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - weights: The number of prunable weights.
    ///   - kept: The number of weights left.
    public init(name: String, weights: Int, kept: Int) {
      self.name = name
      self.weights = weights
      self.kept = kept
    }

    /// The fraction of the weights that is removed, in 0...1.
    public var sparsity: Double {
      weights == 0 ? 0 : Double(weights - kept) / Double(weights)
    }
  }

  /// The prunable tensors, in the network's order; their counts add up to the point's.
  public var layers: [Layer]
  /// How many connections each input of the network has left to the linear layer that reads it; empty if it is read
  /// otherwise, or by several.
  public var connectionsPerInput: [Int]

  /// Creates a structure from counts.
  ///
  /// - Parameters:
  ///   - layers: The prunable tensors, in order.
  ///   - connectionsPerInput: How many connections each input has left.
  public init(layers: [Layer], connectionsPerInput: [Int] = []) {
    self.layers = layers
    self.connectionsPerInput = connectionsPerInput
  }

  /// Counts what a pruning leaves.
  ///
  /// - Parameters:
  ///   - pruning: A pruning of the posterior.
  ///   - posterior: The network, of which only names and shapes are read.
  public init(_ pruning: Pruning, of posterior: Posterior) {
    layers = pruning.segments.map { segment in
      let name = posterior.parameters[segment.parameter].name
      return Layer(
        name: segment.isBias ? name + " bias" : name, weights: segment.positions.count,
        kept: pruning.keeps.part(segment.positions).keptCount)
    }
    connectionsPerInput = []
    guard let (parameter, shape) = Self.onlyReader(of: posterior),
      let mask = pruning.mask(ofParameter: parameter)
    else { return }
    var counts = [Int](repeating: 0, count: shape.columnCount)
    for position in mask.keptPositions { counts[shape.place(at: position).column] += 1 }
    connectionsPerInput = counts
  }

  /// The posterior's parameter of the one linear layer that reads the network's input.
  private static func onlyReader(of posterior: Posterior) -> (parameter: Int, WeightShape)? {
    guard case .success(let binding) = posterior.binding else {
      // Unless it is a convolution, whichever is first reads the input, as far as anybody knows.
      return posterior.parameters.first.flatMap { $0.kernel.isEmpty ? (0, $0.weights) : nil }
    }
    let network = binding.network
    let readers = network.readers[0]
    guard readers.count == 1, case .matrix(let matrix) = network.nodes[readers[0]].operation,
      matrix.window == nil
    else { return nil }
    let index = network.parameterNumber(ofNode: readers[0])
    return (binding.parameters[index], binding.weights[index])
  }
}
