import BBBInference

/// Rounds what prunings leave of one network.
///
/// Each matrix's weights and biases take the levels of a uniform grid or of a codebook, or are floats,
/// whichever makes expected cost plus price of bits smallest (``Precision``). A weight whose best level is
/// zero is removed as well, and so are hidden units that are not worth their bits, if the outputs bear it.
final class NetworkQuantiser: Sendable {
  private let network: DenseNetwork
  private let trial: OutputTrial
  private let shared = SharedQuantisations()
  private let places: UnitPlaces

  /// Prepares for a network.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - calibration: Inputs of the kind that the network is for; `nil` for synthetic ones.
  init(_ network: DenseNetwork, calibration: ComparisonInputs?) {
    self.network = network
    trial = OutputTrial(of: network, calibration: calibration)
    places = UnitPlaces(network.network, network.spaces, network.columns)
  }

  /// The network without what a pruning removes, the rest quantised.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that the network was read from: what is removed at least.
  ///   - precision: How finely to round.
  /// - Returns: The quantised network.
  func quantised(_ pruning: Pruning, to precision: Precision) -> QuantisedNetwork {
    quantised(pruning, to: precision, check(pruning), mustHold: false)
  }

  /// The network without what a pruning removes, the rest quantised at the standard precision, or as much more finely
  /// as is needed for the outputs to stay what they are.
  ///
  /// - Parameter pruning: What is removed at least.
  /// - Returns: The quantised network; `nil` if no precision holds the ceiling.
  func quantisedAutomatically(_ pruning: Pruning) -> QuantisedNetwork? {
    let check = check(pruning)
    var precision: Precision? = .standard
    while let tried = precision {
      let network = quantised(pruning, to: tried, check, mustHold: true)
      if network.quantisation.holdsCeiling { return network }
      precision = tried.refined(from: network.quantisation.outputChange, to: check.ceiling)
    }
    return nil
  }

  private func check(_ pruning: Pruning) -> OutputCheck {
    OutputCheck(against: LiveNetwork(network, pruning).model(network.matrices), on: trial)
  }

  /// By how much more the outputs may change if units go that are not worth their bits.
  private static let unitTolerance = 1.1

  /// The quantised network, without units that are not worth their bits if the outputs bear it; where the ceiling must be
  /// held and is not, such units are not looked for.
  private func quantised(
    _ pruning: Pruning, to precision: Precision, _ check: OutputCheck, mustHold: Bool
  ) -> QuantisedNetwork {
    let quantiser = MatrixQuantiser(precision)
    let keeps = zip(network.matrices, network.masks(pruning)).map {
      $1 ?? Mask(repeating: true, count: $0.weights.count)
    }
    let masks = zip(keeps, network.matrices).map {
      quantiser.mask($0, of: $1, deviations: $1.deviations ?? [])
    }
    func quantised(
      without units: UnprofitableUnits
    ) -> (network: QuantisedNetwork, matrices: [QuantisedMatrix]) {
      let key = SharedQuantisations.Key(precision: precision, masks: masks, units: units)
      let matrices = shared.matrices(key) { quantise(masks, quantiser, without: units) }
      let (model, reached) = assemble(matrices, keeps, pruning, quantiser)
      let quantisation = Quantisation(
        precision: precision, outputChange: check.change(of: model), ceiling: check.ceiling,
        isCalibrated: check.isCalibrated)
      return (
        QuantisedNetwork(model: model, pruning: reached, quantisation: quantisation), matrices
      )
    }
    let (whole, matrices) = quantised(without: UnprofitableUnits())
    if mustHold, !whole.quantisation.holdsCeiling { return whole }
    let units = UnprofitableUnits(
      in: matrices, places, correlation: MatrixQuantiser.inputCorrelation)
    guard !units.isEmpty else { return whole }
    let small = quantised(without: units).network
    let limit = Self.unitTolerance * whole.quantisation.outputChange
    return small.quantisation.outputChange <= (mustHold ? min(limit, check.ceiling) : limit)
      ? small : whole
  }

  /// Quantises the weights of all matrices.
  ///
  /// - Parameters:
  ///   - masks: For each matrix, which weights may be worth their bits.
  ///   - quantiser: How.
  ///   - units: Units to do without.
  /// - Returns: The matrices.
  private func quantise(
    _ masks: [Mask], _ quantiser: MatrixQuantiser, without units: UnprofitableUnits
  ) -> [QuantisedMatrix] {
    var matrices = [QuantisedMatrix?](repeating: nil, count: masks.count)
    var reads = ReadChannels(network.network, network.spaces, network.columns)
    // From the last matrix to the first, so that what leads to unread channels is known to be useless.
    for index in masks.indices.reversed() {
      let dense = network.matrices[index]
      let isRead = reads.rows(of: index)
      let matrix = quantiser.quantise(
        dense, deviations: dense.deviations ?? [], mask: masks[index],
        rowIsWanted: zip(isRead, places.rows[index]).map { isRead, unit in
          isRead && !units.withoutIncoming.contains(unit)
        },
        columnIsWanted: places.columns[index].map { !units.withoutOutgoing.contains($0) })
      matrices[index] = matrix
      reads.insert(matrix.weights.lazy.map(\.column), of: index)
    }
    return matrices.compactMap(\.self)
  }

  /// The compact model of quantised matrices, its biases quantised as well, and what is removed of the posterior.
  ///
  /// - Parameters:
  ///   - quantised: The matrices.
  ///   - masks: For each matrix, which weights the pruning leaves.
  ///   - pruning: The pruning.
  ///   - quantiser: How biases are quantised.
  /// - Returns: The model, which holds standard deviations, and the pruning that it is the result of.
  private func assemble(
    _ quantised: [QuantisedMatrix], _ masks: [Mask], _ pruning: Pruning,
    _ quantiser: MatrixQuantiser
  ) -> (CompactModel, Pruning) {
    var matrices = network.matrices
    var keeps = pruning.keeps
    // Weights that several matrices are stay where one of them keeps them.
    var isBegun = Set<Int>()
    var costs = [Double](repeating: 0, count: quantised.count)
    var reads = ReadChannels(network.network, network.spaces, network.columns)
    for (index, matrix) in quantised.enumerated().reversed() {
      let dense = matrices[index]
      costs[index] = quantiser.cost(
        of: matrix, masks[index], of: dense, deviations: dense.deviations ?? [],
        rowIsUsed: reads.rows(of: index))
      reads.insert(matrix.weights.lazy.map(\.column), of: index)
      let places = pruning.positions(ofParameter: network.posteriorParameters[index])
      if let places, isBegun.insert(places.lowerBound).inserted { keeps.remove(places) }
      var weights = [Float](repeating: 0, count: dense.weights.count)
      for weight in matrix.weights {
        let position = dense.shape.position(row: weight.row, column: weight.column)
        weights[position] = weight.value
        if let places { keeps[places.lowerBound + position] = true }
      }
      matrices[index].weights = weights
    }
    let reached = pruning.removing(keeps)
    var model = LiveNetwork(network, reached).model(matrices, keepsDeviations: true)
    model = quantiser.quantisingBiases(of: model, adding: &costs)
    model.origin.parameterCosts = costs.map {
      Float(min($0, Double(Float.greatestFiniteMagnitude)))
    }
    return (model, reached)
  }
}
