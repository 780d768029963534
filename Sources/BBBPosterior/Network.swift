/// What is known about the network that a posterior's layers form.
public struct Network: Equatable, Sendable {
  /// The function between layers.
  public enum Activation: String, Sendable {
    /// max(0, x).
    case relu
  }

  /// The function applied to the outputs of every layer but the last.
  public let activation: Activation
  /// The factor the inputs were multiplied by in training; nil if nothing says so.
  public let inputScale: Double?
  /// Why the layers cannot be run as a multilayer perceptron, as a sentence; nil if they can.
  public let obstacle: String?
  /// The number of inputs, of units in each hidden layer and of outputs; nil if there is an obstacle.
  public let layerSizes: [Int]?

  /// Whether the layers, in order, form a multilayer perceptron.
  public var isMultilayerPerceptron: Bool { obstacle == nil }
}

extension Network {
  /// Describes the network that layers form.
  ///
  /// - Parameters:
  ///   - layers: The layers, in order.
  ///   - isChain: Whether each layer has as many inputs as the one before it has outputs.
  ///   - foreign: The names of what the file holds besides, which such a network does not have.
  ///   - hints: What the file's metadata says.
  init(
    _ layers: [PosteriorLayer], isChain: Bool, foreign: [String], hints: NetworkHints
  ) {
    activation = .relu
    inputScale = hints.inputScale
    let convolutions = layers.filter { if case .convolution = $0.kind { true } else { false } }
    if !convolutions.isEmpty {
      obstacle = """
        it has convolution kernels (\(listing(of: convolutions.map(\.name)))), which this \
        version ranks, prunes and exports but does not run
        """
    } else if let recurrent = layers.first(where: { ParameterName.isRecurrent($0.name) }) {
      obstacle = """
        it is recurrent (\(recurrent.name)), and this version ranks, prunes and exports such layers \
        but does not run them
        """
    } else if !foreign.isEmpty {
      obstacle = """
        it has more than weights with means and standard deviations and their biases \
        (\(listing(of: foreign)))
        """
    } else if !isChain {
      let sizes = layers.map { "\($0.name) \($0.kind.inputCount)→\($0.kind.outputCount)" }
      obstacle = "the sizes of its layers do not chain (\(listing(of: sizes)))"
    } else if let unknown = hints.unknownActivation {
      obstacle = "its metadata names the activation \"\(unknown)\", and this version runs only relu"
    } else {
      obstacle = nil
    }
    layerSizes =
      obstacle == nil
      ? layers.prefix(1).map(\.kind.inputCount) + layers.map(\.kind.outputCount) : nil
  }
}
