import BBBNetwork

/// What is known about the network that a posterior's layers form.
public struct Network: Equatable, Sendable {
  /// The function applied to the outputs of every layer but the last; nil if nothing says so.
  public let activation: Activation?
  /// How the numbers of a dataset became inputs in training; nil if nothing says so.
  public let inputScaling: InputScaling?
  /// Whether the scaling's factor was said, and not only its means or deviations.
  let saysInputFactor: Bool
  /// What the outputs of the last layer are; nil if nothing says so.
  public let output: OutputMeaning?
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
  ///   - hints: What the user and the file's metadata say.
  init(
    _ layers: [PosteriorLayer], isChain: Bool, foreign: [String], hints: NetworkHints
  ) {
    activation = hints.activation
    inputScaling = hints.inputScaling
    saysInputFactor = hints.saysInputFactor
    output = hints.output
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
      obstacle = """
        its metadata names the activation "\(unknown)", which is not known here; if it is one of \
        \(Activation.allCases.map(\.rawValue).joined(separator: ", ")), say so with --activation
        """
    } else if let first = layers.first, let scaling = hints.inputScaling,
      !first.kind.inputCount.isMultiple(of: scaling.channelCount)
    {
      obstacle = """
        the means or deviations of \(scaling.channelCount) channels (--input-mean, --input-deviation) do not \
        fit its \(first.kind.inputCount) inputs
        """
    } else if let last = layers.last, let output = hints.output,
      let contradiction = output.obstacle(outputCount: last.kind.outputCount)
    {
      obstacle = contradiction
    } else {
      obstacle = nil
    }
    layerSizes =
      obstacle == nil
      ? layers.prefix(1).map(\.kind.inputCount) + layers.map(\.kind.outputCount) : nil
  }
}
