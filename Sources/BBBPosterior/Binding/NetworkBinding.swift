import BBBNetwork

/// Which network runs a posterior, and which of the posterior's parameters is each of its own.
public struct NetworkBinding: Sendable {
  /// The network.
  public let network: Network
  /// For each parameter of the network, the number of the posterior's.
  public let parameters: [Int]
  /// For each parameter of the network, how the posterior's tensor is arranged.
  public let weights: [WeightShape]
  /// For each parameter of a graph, what the graph makes of the sums of its rows; `nil` for other networks.
  public let rows: [RowMap]?
  /// What is taken for granted of the network, beside what ``NetworkInterface/assumptions(outputCount:)`` says.
  public let assumptions: [Assumption]
}

extension NetworkBinding {
  /// Finds the parameters of a network that the user or the file describes.
  ///
  /// Names decide where all of the network's are those of layers in the file; else shapes, where no two are alike.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - found: The posterior's matrices.
  ///   - constants: Its constants, which are numbered behind them.
  ///   - order: The order of dimensions that the file has where a tensor's shape fits either.
  ///   - ignoresBiases: Whether biases that the network has may be missing.
  /// - Throws: ``NetworkObstacle`` naming what has no counterpart, or differs in shape.
  init(
    _ network: Network, to found: [PosteriorParameter], _ constants: [PosteriorParameter],
    order: WeightShape.Order, ignoresBiases: Bool
  ) throws(NetworkObstacle) {
    let search = ParameterSearch(network, found, order)
    var matrices = try search.numbers()[...]
    var parameters: [Int] = []
    var weights: [WeightShape] = []
    for own in network.parameters {
      guard !own.isConstant(in: network), let number = matrices.popFirst() else {
        guard let number = constants.firstIndex(where: { $0.name == own.name }) else {
          throw NetworkObstacle(
            reason: """
              the file has no tensor of \(own.weights.rows) numbers called \(own.biasName) or \(own.name), which a \
              constant of the network is to have
              """)
        }
        parameters.append(found.count + number)
        weights.append(own.weights)
        continue
      }
      parameters.append(number)
      let parameter = found[number]
      guard let shape = search.shape(of: own, as: parameter) else {
        throw NetworkObstacle(
          reason: """
            \(search.text(own)) of the network does not fit \(search.text(parameter)) of the file; correct the network's \
            text
            """)
      }
      // Nothing says whether it stands behind one of the lines, or behind all.
      if own.isShared, parameter.inputNormalisation != nil || parameter.outputNormalisation != nil {
        throw NetworkObstacle(
          reason: """
            batch normalisation stands beside \(parameter.name), whose weights several lines share; give the network as an \
            ONNX graph, which says where
            """)
      }
      guard own.hasBias == (parameter.bias != nil) || ignoresBiases else {
        throw NetworkObstacle(
          reason: own.hasBias
            ? "\(parameter.name) has no bias in the file; write 'without-bias' in the network's line"
            : "\(parameter.name) has a bias in the file; leave out 'without-bias' in the network's line"
        )
      }
      weights.append(shape)
    }
    if let left = found.indices.first(where: { !parameters.contains($0) }) {
      throw NetworkObstacle(
        reason: """
          the network has no line for \(search.text(found[left])) of the file; add it, or describe the whole network
          """)
    }
    self.network = network
    self.parameters = parameters
    self.weights = weights
    rows = nil
    assumptions = search.isByName ? [] : [.shapes]
  }
}

/// The search for a network's parameters among those of a posterior.
private struct ParameterSearch {
  private let network: Network
  private let matrices: [Parameter]
  private let found: [PosteriorParameter]
  private let order: WeightShape.Order
  /// For each of these, those of the file that have its name.
  private let named: [[Int]]

  init(_ network: Network, _ found: [PosteriorParameter], _ order: WeightShape.Order) {
    self.network = network
    self.found = found
    self.order = order
    matrices = network.parameters.filter { !$0.isConstant(in: network) }
    named = matrices.map { own in
      let exact = found.indices.filter { found[$0].name == own.name }
      // A state dictionary may lie in another, and its names begin with that one's.
      return exact.isEmpty
        ? found.indices.filter {
          found[$0].name.hasSuffix("." + own.name) || found[$0].name.hasSuffix("/" + own.name)
        } : exact
    }
  }

  /// Whether names say which is which.
  var isByName: Bool {
    named.allSatisfy { $0.count == 1 } && Set(named.joined()).count == named.count
  }

  /// The posterior's parameter of each of the network's matrices.
  func numbers() throws(NetworkObstacle) -> [Int] {
    if isByName { return named.map { $0[0] } }
    let fitting = matrices.map { own in
      found.indices.filter { shape(of: own, as: found[$0]) != nil }
    }
    guard fitting.allSatisfy({ $0.count == 1 }), Set(fitting.joined()).count == fitting.count else {
      throw NetworkObstacle(
        reason: """
          neither names nor shapes say which weights are which: the network has \
          \(listing(of: matrices.map(text))), and the file has \(listing(of: found.map(text))); name the \
          network's lines as the file does
          """)
    }
    return fitting.map { $0[0] }
  }

  /// How a tensor is arranged that holds the weights; `nil` if it cannot.
  func shape(of own: Parameter, as parameter: PosteriorParameter) -> WeightShape? {
    let orders: [WeightShape.Order] =
      [order] + (order == .outputInput ? [.inputOutput] : [.outputInput])
    return orders.lazy.compactMap { order -> WeightShape? in
      let shape = WeightShape(tensorShape: parameter.weight.shape, order: order)
      guard shape.rows == own.weights.rows, shape.channels == own.weights.channels,
        order.kernel(of: parameter.weight.shape) == kernel(of: own)
      else { return nil }
      var whole = own.weights
      whole.order = order
      return whole
    }.first
  }

  private func kernel(of own: Parameter) -> [Int] {
    guard case .matrix(let matrix) = network.nodes[own.node].operation else { return [] }
    return matrix.window?.axes.map(\.extent) ?? []
  }

  func text(_ own: Parameter) -> String {
    "\(own.name) \(([own.weights.rows, own.weights.channels] + kernel(of: own)).extents)"
  }

  func text(_ parameter: PosteriorParameter) -> String {
    "\(parameter.name) \(parameter.weight.shape.extents)"
  }
}

extension [Int] {
  /// With × between.
  fileprivate var extents: String { map(String.init).joined(separator: "×") }
}
