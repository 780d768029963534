import BBBKernels
import BBBNetwork
import BBBPruning

/// How a network is fitted to the dense one.
extension Conditioner {
  /// A network that was fitted.
  struct Fit {
    /// By parameter.
    let weights: [LayerWeights]
    /// By parameter, what is left; `nil` where nothing is ever removed.
    let kept: [KeptPlaces?]
    /// What holds the last layer's weights back; `nil` if they are fitted by least squares alone.
    let ridge: Double?
    /// By parameter and row, what makes the noise of the weights that are left as large as that of all; `nil` without σ.
    let noiseFactors: [[Double]?]
    /// The mean divergence of the outputs, in nats.
    var divergence: Double
    /// The mean entropy of the dense network's outputs, in nats; 0 of numbers.
    let doubt: Double
    /// Gains by which its weights were chosen: those of the network before it; `nil` if they were not.
    var gains: [[Double]]?
    /// What the removals cost by the quadratic of a conditional order, in nats; `nil` of other criteria.
    var predictedDivergence: Double?
    /// At what price weights were removed and rounded; `nil` if they were not rounded.
    var price: RoundingPrice?
  }

  /// How weights are rounded.
  struct Rounding {
    let price: RoundingPrice
    /// By parameter, then by row.
    let gains: [[Double]]
  }

  /// What is fitted to.
  enum FittedExamples {
    /// All but those that show how good a fit is.
    case holdingOut
    /// All, once it is known what holds the last layer's weights back.
    case all(ridge: Double?)

    var holdsOut: Bool { if case .holdingOut = self { true } else { false } }
    var ridge: Double? { if case .all(let ridge) = self { ridge } else { nil } }
  }

  /// The same fit to all examples.
  func finished(_ fit: Fit) throws(ConditioningError) -> Fit {
    walk.fittedCount < exampleCount ? try fitted(to: fit.kept, on: .all(ridge: fit.ridge)) : fit
  }

  /// Fits every matrix of which something is removed, and rounds all if that is asked for.
  ///
  /// - Parameters:
  ///   - kept: By parameter, what is left; `nil` where nothing is ever removed.
  ///   - examples: What is fitted to.
  ///   - rounding: How the weights are rounded then; `nil` to leave them.
  ///   - choose: Chooses other places in its stead by what the matrix reads; `nil` for no choice.
  /// - Returns: The weights, what is left, and the mean divergence of the outputs, in nats.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number.
  func fitted(
    to kept: [KeptPlaces?], on examples: FittedExamples = .holdingOut,
    rounding: Rounding? = nil,
    choosing choose: ((Int, MatrixPlan, InputMoments) -> KeptPlaces?)? = nil
  ) throws(ConditioningError) -> Fit {
    var kept = kept
    var ridge = examples.ridge
    var start = dense
    var noiseFactors = [[Double]?](repeating: nil, count: dense.count)
    func fit(_ parameter: Int, _ matrix: MatrixPlan, _ moments: InputMoments) -> LayerWeights? {
      if let chosen = choose?(parameter, matrix, moments) { kept[parameter] = chosen }
      guard let places = kept[parameter] else { return rounding == nil ? nil : dense[parameter] }
      return LayerRefit(
        matrix: matrix, moments: moments, dense: dense[parameter], threadCount: threadCount
      ).weights(places)
    }
    func finished(
      _ fitted: LayerWeights, _ parameter: Int, _ matrix: MatrixPlan, _ moments: InputMoments
    ) -> LayerWeights {
      var weights = fitted
      if let rounding {
        let own = network.network.parameters[parameter]
        let rounded = LayerRounding(
          matrix: matrix, moments: moments, gains: rounding.gains[parameter],
          price: rounding.price, mayRemove: kept[parameter] != nil, threadCount: threadCount
        ).rounded(
          fitted,
          kept[parameter]
            ?? KeptPlaces(allOf: network.matrices[parameter], hasBias: own.hasBias))
        if kept[parameter] != nil { kept[parameter] = rounded.kept }
        weights = rounded.weights
      }
      if let places = kept[parameter] {
        noiseFactors[parameter] = deviations[parameter].map {
          NoiseFactors(matrix, moments, $0).factors(keeping: places)
        }
      }
      return weights
    }
    let parameters = network.network.parameters
    let isFitted = parameters.indices.map { parameter in
      kept[parameter] != nil
        || rounding != nil && !parameters[parameter].isConstant(in: network.network)
    }
    // What several nodes share is fitted to all of them at once: to what they read in the dense network.
    let isShared = { (parameter: Int) in isFitted[parameter] && parameters[parameter].isShared }
    try denseMoments(of: parameters.indices.filter(isShared), holdsOut: examples.holdsOut) {
      parameter, matrix, moments in
      if let fitted = fit(parameter, matrix, moments) {
        start[parameter] = finished(fitted, parameter, matrix, moments)
      }
    }
    var weights = start
    let outputs = try walk.run(from: start, holdingOut: examples.holdsOut) {
      node, matrix, tiles throws(ConditioningError) in
      let parameter = matrix.parameter
      guard !parameters[parameter].isShared, isFitted[parameter] else { return nil }
      let moments = InputMoments(matrix, hasTargets: true)
      add(tiles, at: matrix, to: moments)
      try finish(moments)
      guard var fitted = fit(parameter, matrix, moments) else { return nil }
      if let places = kept[parameter], node + 1 == network.network.output.index,
        network.output.isClassification,
        let classes = ClassFit(
          matrix, places, tiles, isBinary: network.output == .binary, threadCount: threadCount)
      {
        if !examples.holdsOut {
          if let ridge { fitted = classes.improved(fitted, heldBackBy: ridge) }
        } else if let improved = classes.improved(fitted) {
          (fitted, ridge) = improved
        }
      }
      fitted = finished(fitted, parameter, matrix, moments)
      weights[parameter] = fitted
      return fitted
    }
    let (divergence, doubt) = OutputDivergence(network.output).means(outputs)
    guard divergence.isFinite else {
      throw diverged("the network gives")
    }
    return Fit(
      weights: weights, kept: kept, ridge: ridge, noiseFactors: noiseFactors,
      divergence: divergence, doubt: doubt, price: rounding?.price)
  }

  /// Ends sums over examples.
  private func finish(_ moments: InputMoments) throws(ConditioningError) {
    moments.finish()
    guard moments.areFinite else {
      throw diverged(
        "'\(network.network.parameters[moments.matrix.parameter].name)' reads or gives")
    }
  }

  private func diverged(_ what: String) -> ConditioningError {
    ConditioningError(
      .diverged,
      "\(what) numbers that are not finite, or too large, for the inputs of '--calibrate'; check how inputs are scaled "
        + "('--input-scale'), or leave out '--calibrate'")
  }

  /// Adds what a matrix reads at one of its nodes.
  private func add(_ tiles: [NetworkWalk.Tile], at matrix: MatrixPlan, to moments: InputMoments) {
    for (number, tile) in tiles.enumerated() where tile.isFitted {
      moments.add(
        matrix, tile.input, targets: moments.cross.isEmpty ? nil : tile.target, width: tile.width,
        positions: matrix.sampledPositions(tile: number, exampleCount: walk.fittedCount),
        threadCount: threadCount)
    }
  }

  /// Moments of what matrices read in the dense network, over all nodes that share one.
  func denseMoments(
    of wanted: [Int], holdsOut: Bool, _ consume: (Int, MatrixPlan, InputMoments) -> Void
  ) throws(ConditioningError) {
    let parameters = network.network.parameters
    guard !wanted.isEmpty else { return }
    var shared: [Int: InputMoments] = [:]
    try walk.run(holdingOut: holdsOut) { node, matrix, tiles throws(ConditioningError) in
      let parameter = matrix.parameter
      guard wanted.contains(parameter) else { return nil }
      let moments = shared[parameter] ?? InputMoments(matrix, hasTargets: false)
      add(tiles, at: matrix, to: moments)
      if parameters[parameter].users.last == node {
        shared[parameter] = nil
        try finish(moments)
        consume(parameter, matrix, moments)
      } else {
        shared[parameter] = moments
      }
      return nil
    }
  }

  /// Gains of a network with these weights.
  func gains(_ weights: [LayerWeights]) -> [[Double]] {
    // The sure examples that a network was trained on say little of gains: many are looked at, each a little.
    let most = max(256, Int(Self.mostGainWork / Double(max(network.multiplicationCount, 1))))
    let examples = walk.examples.prefix(walk.fittedCount).evenly(most)
    var gains = OutputGains(
      plan, output: network.output, seedCount: max(2, Self.mostSeeds / examples.count))
    // All values of a tile are there at once.
    let elements = network.network.shapes.reduce(0) { $0 + $1.count }
    let width = min(64, max(4, (1 << 25) / max(elements, 1)))
    for (number, start) in stride(from: 0, to: examples.count, by: width).enumerated() {
      let range = start..<min(start + width, examples.count)
      let pass = NetworkPass(plan, width: range.count, threadCount: threadCount)
      pass.setInput(examples.rows(range))
      for node in network.network.nodes.indices { pass.run(node, weights) }
      gains.add(pass, weights, number: number)
    }
    return gains.means
  }

  /// Vectors that are taken back where examples are few.
  private static let mostSeeds = 1024
  /// Multiplications of a network's passes forward.
  private static let mostGainWork = 2e10
}
