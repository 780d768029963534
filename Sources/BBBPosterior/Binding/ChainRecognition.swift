import BBBNetwork

/// What a posterior's parameters say of the network where nobody describes it: matrices that follow one another are a
/// multilayer perceptron, unless something speaks against it.
struct ChainRecognition {
  /// The layers, in order.
  var layers: [PosteriorParameter]
  /// Whether each layer has as many inputs as the one before it has outputs.
  var isChain: Bool
  /// The names of what the file holds besides, which such a network does not have.
  var foreign: [String]
  /// Why a batch normalisation cannot be run, as a sentence.
  var normalisationObstacle: String?
  /// Whether the user or the file says that the layers follow one another.
  var isStated: Bool
  /// What the user and the file's metadata say.
  var hints: NetworkHints

  /// The network.
  ///
  /// - Returns: It, the layers in their order.
  /// - Throws: ``NetworkObstacle`` if something speaks against it.
  func binding() throws(NetworkObstacle) -> NetworkBinding {
    if let obstacle { throw NetworkObstacle(reason: obstacle) }
    let between = hints.activation ?? .relu
    let names = zip(NodeNames.make(of: layers.map(\.name)), layers).map { name, layer in
      (
        name,
        layer.bias != nil || layer.inputNormalisation != nil || layer.outputNormalisation != nil
      )
    }
    let network: Network
    do throws(NetworkError) {
      network = try Network(
        sizes: sizes, activations: layers.indices.map { $0 < layers.count - 1 ? between : .none },
        layers: names)
    } catch {
      throw NetworkObstacle(reason: error.message)
    }
    if let obstacle = hints.interface.obstacle(of: network) {
      throw NetworkObstacle(reason: obstacle)
    }
    var assumptions: [Assumption] = !isStated && layers.count > 1 ? [.chain] : []
    // Nothing is between the layers of a network that has one.
    if hints.activation == nil, layers.count > 1 { assumptions.append(.activation(.relu)) }
    return NetworkBinding(
      network: network, parameters: Array(layers.indices), weights: layers.map(\.weights),
      rows: nil, assumptions: assumptions)
  }

  private var sizes: [Int] {
    layers.prefix(1).map(\.weights.channels) + layers.map(\.weights.rows)
  }

  private var obstacle: String? {
    let convolutions = layers.filter { !$0.kernel.isEmpty }
    if !convolutions.isEmpty {
      return """
        it has convolution kernels (\(listing(of: convolutions.map(\.name)))), and nothing in the file says what lies \
        between its layers: describe the network with --network FILE (docs/networks.md)
        """
    }
    if !isStated, let objection = ChainObjection.text(layers.map(\.name)) {
      return """
        its layers seem to be \(objection) and not to follow one another: describe the network with --network FILE \
        (docs/networks.md)\(isChain ? remedy : "")
        """
    }
    if let normalisationObstacle { return normalisationObstacle }
    if let norm = foreign.first(where: ParameterName.isNormalisation) {
      return """
        it has a normalisation without running statistics (\(norm)), such as layer normalisation, which \
        this version does not run
        """
    }
    if !foreign.isEmpty {
      return """
        it has more than weights with means and standard deviations and their biases \
        (\(listing(of: foreign)))
        """
    }
    if !isChain {
      let sizes = layers.map { "\($0.name) \($0.weights.channels)→\($0.weights.rows)" }
      return """
        the sizes of its layers do not chain (\(listing(of: sizes))): describe the network with --network FILE \
        (docs/networks.md)
        """
    }
    if let unknown = hints.unknownActivation {
      return """
        its metadata names the activation "\(unknown)", which is not known here; if it is one of \
        \(Activation.allCases.map(\.rawValue).joined(separator: ", ")), say so with --activation
        """
    }
    return nil
  }

  /// How to run layers all the same, whose sizes chain.
  private var remedy: String {
    "; if they do follow one another, say so with --layers "
      + sizes.map(String.init).joined(separator: ",")
  }
}
