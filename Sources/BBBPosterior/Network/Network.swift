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

  /// Whether nothing but their sizes says that the layers follow one another in this order.
  public let chainIsAssumed: Bool

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
  ///   - normalisationObstacle: Why a batch normalisation cannot be run, as a sentence.
  ///   - isStated: Whether the user or the file says that the layers follow one another.
  ///   - hints: What the user and the file's metadata say.
  init(
    _ layers: [PosteriorLayer], isChain: Bool, foreign: [String],
    normalisationObstacle: String?, isStated: Bool, hints: NetworkHints
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
    } else if !isStated, let objection = ChainObjection.text(layers.map(\.name)) {
      obstacle = """
        its layers seem to be \(objection) and not to follow one another, so that this version ranks, \
        prunes and exports them but does not run them\(isChain ? Self.remedy(layers) : "")
        """
    } else if let normalisationObstacle {
      obstacle = normalisationObstacle
    } else if let norm = foreign.first(where: ParameterName.isNormalisation) {
      obstacle = """
        it has a normalisation without running statistics (\(norm)), such as layer normalisation, which \
        this version does not run
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
    chainIsAssumed = obstacle == nil && !isStated && layers.count > 1
    layerSizes =
      obstacle == nil
      ? layers.prefix(1).map(\.kind.inputCount) + layers.map(\.kind.outputCount) : nil
  }

  /// How to run layers all the same, whose sizes chain.
  private static func remedy(_ layers: [PosteriorLayer]) -> String {
    let sizes = layers.prefix(1).map(\.kind.inputCount) + layers.map(\.kind.outputCount)
    return "; if they do follow one another, say so with --layers "
      + sizes.map(String.init).joined(separator: ",")
  }
}
