import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import BBBPosterior
import BBBPruning
import Synchronization

/// Prunes a network's Gaussian by conditioning: what unlabelled inputs say of how its weights stand in for each other.
///
/// Let a layer compute z = W a + b. Near the means the loss of a row's weights is quadratic, ½ g δwᵀ H δw, with the second moments
/// H of what the layer reads and the gain g of its unit (Martens and Grosse 2015). Removing weights is conditioning that Gaussian
/// on their being 0 (Hassibi and Stork 1993): the weights that are left move to take over.
public final class Conditioner: Sendable {
  /// The dense network.
  public let network: DenseNetwork
  let plan: PassPlan
  let dense: [LayerWeights]
  /// σ of the weights, by parameter; `nil` where they were not read.
  let deviations: [LayerWeights?]
  let walk: NetworkWalk
  let threadCount: Int

  /// How many examples are used: fewer than were given where their values would take too much memory.
  public var exampleCount: Int { walk.examples.count }
  /// How many of these are not fitted to where it is measured how good a fit is; all where none are.
  private var heldOutCount: Int {
    walk.fittedCount < exampleCount ? exampleCount - walk.fittedCount : exampleCount
  }

  /// Prepares for a network.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - examples: Inputs of the kind that it is for.
  ///   - threadCount: How many threads share the work; no result depends on it.
  /// - Throws: ``ConditioningError`` if there is no BLAS.
  public init(
    _ network: DenseNetwork, examples: CalibrationExamples, threadCount: Int = 1
  ) throws(ConditioningError) {
    try requireLibrary()
    self.network = network
    self.threadCount = MatrixProduct.threadCount(upTo: max(threadCount, 1))
    plan = PassPlan(network.network)
    dense = network.matrices.map { matrix in
      LayerWeights(matrix.weights, biases: matrix.foldedBiases, matrix.shape)
    }
    deviations = network.matrices.map { matrix in
      matrix.deviations.map { LayerWeights($0, biases: matrix.biases, matrix.shape) }
    }
    walk = NetworkWalk(plan, dense: dense, examples: examples, threadCount: self.threadCount)
  }

  // MARK: Order

  /// The globally greedy order of removal: what each weight's removal costs at its turn, in nats per example.
  ///
  /// - Parameters:
  ///   - preCut: What is removed before, by another criterion: nothing, or what will go anyway. It makes the search faster.
  ///   - progress: Is called with the fraction of the search that is done, from any thread.
  /// - Returns: The order of what is left.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number.
  public func order(
    after preCut: Pruning, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws(ConditioningError) -> ConditionalOrder {
    let kept = places(preCut)
    // A row takes as long as its length to the third power.
    @Sendable func work(_ row: [Int]) -> Double { Double(row.count * row.count * row.count) }
    let all = kept.reduce(0) { $0 + ($1?.rows.reduce(0) { $0 + work($1) } ?? 0) }
    let done = Mutex(0.0)
    return try MatrixProduct.withOneThreadPerProduct { () throws(ConditioningError) in
      var rows: [ConditionalOrder.Row] = []
      try denseMoments(of: kept.indices.filter { kept[$0] != nil }, holdsOut: true) {
        parameter, matrix, moments in
        guard let kept = kept[parameter] else { return }
        let orders = RemovalSearch(
          matrix: matrix, moments: moments, dense: dense[parameter], threadCount: threadCount
        ).orders(kept) { row in
          let sum = done.withLock { sum in
            sum += work(kept.rows[row])
            return sum
          }
          progress(sum / max(all, 1))
        }
        for (row, order) in orders.enumerated() {
          rows.append(ConditionalOrder.Row(parameter: parameter, row: row, order: order))
        }
      }
      return ConditionalOrder(rows, gains: gains(dense), preCutCount: preCut.removedCount)
    }
  }

  // MARK: Conditioning

  /// The network whose remaining weights have taken over what a pruning removes, layer after layer: each is fitted to what the
  /// dense layer gives, reading what the layers before it give now.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that the network was read from.
  ///   - keepsNoise: Whether σ of what is left grows, by one factor for each row, so that the noise of its sum is that of all
  ///     weights before; else it stays what it was.
  /// - Returns: The network; removed weights are 0.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number.
  public func conditioned(
    by pruning: Pruning, keepingNoise keepsNoise: Bool = false
  ) throws(ConditioningError) -> ConditionedNetwork {
    guard pruning.removedCount > 0 else {
      return ConditionedNetwork(
        network: network, pruning: pruning, exampleCount: exampleCount, heldOutCount: heldOutCount,
        divergence: 0, predictedDivergence: nil, price: nil)
    }
    return try conditioned(try fitted(by: pruning), pruning, keepsNoise: keepsNoise)
  }

  /// The network whose remaining weights have taken over what a pruning by a conditional order removes.
  ///
  /// Which weights these are is looked at again, up to three times: with the gains of the network that the last fit has made, and the
  /// inputs that its layers read. Examples that nothing is fitted to tell which fit is best.
  ///
  /// - Parameters:
  ///   - pruning: Made by this order, from the posterior that the network was read from.
  ///   - order: The order.
  ///   - scope: Whether layers may give weights to each other.
  ///   - keepsNoise: Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  /// - Returns: The network, and its own pruning, which removes as many weights.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number.
  public func conditioned(
    by pruning: Pruning, _ order: ConditionalOrder, scope: Pruning.Scope = .global,
    keepingNoise keepsNoise: Bool = false
  ) throws(ConditioningError) -> ConditionedNetwork {
    try conditioned(
      try fitted(by: pruning, order, scope: scope), pruning, keepsNoise: keepsNoise)
  }

  /// A fit to what a pruning leaves; without a last fit to all examples.
  func fitted(by pruning: Pruning) throws(ConditioningError) -> Fit {
    try MatrixProduct.withOneThreadPerProduct { () throws(ConditioningError) in
      try fitted(to: places(pruning))
    }
  }

  /// A fit to what a conditional order leaves, that order being looked at again; without a last fit to all examples.
  func fitted(
    by pruning: Pruning, _ order: ConditionalOrder, scope: Pruning.Scope
  ) throws(ConditioningError) -> Fit {
    // What several matrices share, one order has to serve.
    let isShared = Set(network.posteriorParameters).count < network.posteriorParameters.count
    guard pruning.removedCount > order.preCutCount, !isShared else {
      return try fitted(by: pruning)
    }
    return try MatrixProduct.withOneThreadPerProduct { () throws(ConditioningError) in
      let kept = places(pruning)
      let keptCount = kept.reduce(0) { $0 + ($1?.weightCount ?? 0) }
      let candidates =
        order.work > Self.mostWork ? order.last(Self.candidateFactor * keptCount) : order.rows
      var best = try fitted(to: kept)
      best.predictedDivergence = order.divergence(keeping: keptCount)
      for _ in 0..<Self.mostPasses where best.divergence > Self.leastDivergence {
        var next = try fitted(among: candidates, after: best, scope: scope)
        guard next.divergence < best.divergence else { break }
        next.predictedDivergence = best.predictedDivergence
        best = next
      }
      return best
    }
  }

  private static let mostPasses = 3
  /// Where choosing again among all takes longer than some seconds, it is among so many times as many weights as are to stay: the
  /// others have proved that they can be spared.
  private static let candidateFactor = 3
  private static let mostWork = 2e11
  /// Nats that nothing is to be gained below.
  private static let leastDivergence = 1e-4

  /// Fits every matrix once more, its weights being chosen anew: by the gains of the network that a fit has made, and the inputs
  /// that its layers read.
  private func fitted(
    among candidates: [ConditionalOrder.Row], after fit: Fit, scope: Pruning.Scope
  ) throws(ConditioningError) -> Fit {
    let gains = gains(fit.weights)
    var counts = fit.kept.map { $0?.weightCount ?? 0 }
    if scope == .global {
      let left = ConditionalOrder(candidates, gains: gains).keptCounts(counts.reduce(0, +))
      counts = counts.map { _ in 0 }
      for (row, count) in zip(candidates, left) { counts[row.parameter] += count }
    }
    var next = try fitted(to: fit.kept) { [dense, threadCount] parameter, matrix, moments in
      let rows = candidates.filter { $0.parameter == parameter }
      guard !rows.isEmpty, let kept = fit.kept[parameter] else { return nil }
      let start = kept.keeping(rows.map { $0.order.columns.map { Int($0) + 1 } })
      let orders = RemovalSearch(
        matrix: matrix, moments: moments, dense: dense[parameter], threadCount: threadCount
      ).orders(start)
      let again = orders.enumerated().map {
        ConditionalOrder.Row(parameter: parameter, row: $0, order: $1)
      }
      let left = ConditionalOrder(again, gains: gains).keptCounts(counts[parameter])
      return start.keeping(
        zip(orders, left).map { order, count in order.columns.suffix(count).map { Int($0) + 1 } })
    }
    next.gains = gains
    return next
  }

  /// The network of a fit, its weights fitted to all examples at last.
  private func conditioned(
    _ fit: Fit, _ pruning: Pruning, keepsNoise: Bool
  ) throws(ConditioningError) -> ConditionedNetwork {
    var last = try MatrixProduct.withOneThreadPerProduct { () throws(ConditioningError) in
      try finished(fit)
    }
    last.divergence = fit.divergence
    last.predictedDivergence = fit.predictedDivergence
    return changedNetwork(of: last, pruning, keepsNoise: keepsNoise)
  }

  /// The network of a fit.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - pruning: A pruning of the same posterior.
  ///   - criterion: What chose the weights that are left; `nil` for what the pruning was made by.
  ///   - keepsNoise: Whether σ of what is left grows.
  /// - Returns: The network, and what is removed of it.
  func changedNetwork(
    of fit: Fit, _ pruning: Pruning, by criterion: Criterion? = nil, keepsNoise: Bool
  ) -> ConditionedNetwork {
    var changed = network.replacingWeights(on: exampleCount) { parameter, matrix in
      guard !network.network.parameters[parameter].isConstant(in: network.network),
        fit.kept[parameter] != nil || fit.price != nil
      else { return nil }
      return (fit.weights[parameter].tensor(matrix.shape), fit.weights[parameter].biases)
    }
    if keepsNoise {
      changed = changed.scalingDeviations { fit.noiseFactors[$0] }
    }
    return ConditionedNetwork(
      network: changed, pruning: pruning.replacing(masks(fit.kept), by: criterion),
      exampleCount: exampleCount, heldOutCount: heldOutCount,
      divergence: network.output == .numbers(noiseDeviation: nil) ? nil : fit.divergence,
      predictedDivergence: fit.predictedDivergence, price: fit.price)
  }
}

extension Conditioner {
  /// A ranking's weights in the conditional order; what was removed before them goes first, in the ranking's own order.
  ///
  /// - Parameters:
  ///   - ranking: The weights, by the criterion that the order's first cut was made by.
  ///   - order: Their order.
  /// - Returns: The ranking.
  /// - Throws: `PosteriorError` if it ranks biases, or a number cannot be read.
  public func ranking(
    _ ranking: Ranking, _ order: ConditionalOrder
  ) throws(PosteriorError) -> Ranking {
    var ranks: [Int: [Double]] = [:]
    for (parameter, own) in zip(network.posteriorParameters, order.ranks(of: network)) {
      // Weights that a graph multiplies by in several matrices go when the last of them can spare them.
      ranks[parameter] = ranks[parameter].map { zip($0, own).map(max) } ?? own
    }
    return try ranking.scored(by: .conditional, ranks)
  }
}
