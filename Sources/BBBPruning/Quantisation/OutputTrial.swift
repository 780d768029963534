import BBBInference

/// On which inputs a network's outputs must stay what they are, and how nearly.
struct OutputTrial: Sendable {
  /// Whether the inputs are of the kind that the network is for, and not synthetic.
  var isCalibrated: Bool { calibration != nil }
  private let calibration: ComparisonInputs?
  private let synthetic: (source: SyntheticInputs, count: Int, inputs: [ComparisonInputs])?
  /// The share of the uncertain weights that the posterior has given up, |μ| < σ/10.
  private let abandonedShare: Double
  private let inputCount: Int

  /// Chooses what a network is tried on.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - calibration: Inputs of the kind that the network is for; `nil` if none are known.
  init(of network: DenseNetwork, calibration: ComparisonInputs?) {
    self.calibration = calibration
    if calibration == nil {
      let source = SyntheticInputs(for: network)
      let count = Self.exampleCount(multiplicationCount: network.multiplicationCount)
      synthetic = (source, count, source.make(exampleCount: count))
    } else {
      synthetic = nil
    }
    abandonedShare = network.abandonedShare
    inputCount = network.inputCount
  }

  /// The inputs to try a network on, of one kind or of several, and its outputs.
  ///
  /// A network that learned from large inputs without their being scaled says the same of all that are not: synthetic ones
  /// grow until it does not.
  ///
  /// - Parameters:
  ///   - model: What pruning leaves.
  ///   - change: What its outputs are.
  /// - Returns: At least one kind.
  func comparisons(
    _ model: CompactModel, _ change: OutputChange
  ) -> [(inputs: ComparisonInputs, outputs: [Float])] {
    func run(_ inputs: [ComparisonInputs]) -> [(inputs: ComparisonInputs, outputs: [Float])] {
      inputs.map { ($0, $0.outputs(of: model)) }
    }
    guard let synthetic else { return run(calibration.map { [$0] } ?? []) }
    let first = run(synthetic.inputs)
    guard change.meaning.isClassification else { return first }
    var comparisons = first
    var size = 1.0
    // Not a number is not enough either.
    while !(change.certainty(of: comparisons[0].outputs).variation >= Self.leastVariation) {
      size *= 4
      // Nothing that an input could be makes its outputs vary.
      guard size <= Self.largestSize else { return first }
      comparisons = run(synthetic.source.make(exampleCount: synthetic.count, size: size))
    }
    return comparisons
  }

  /// Up to which ``OutputChange`` a file is acceptable.
  ///
  /// How much the probabilities of the network's own inputs change when those of synthetic ones do depends on how sure
  /// the network is of its inputs. Networks that are sure of synthetic inputs are sure of others: the
  /// changes are found to be in proportion to the doubt about synthetic inputs at most, and where the posterior has
  /// given up nearly all weights, which takes it long to learn, to a fraction of that (docs/default-export.md). Of few
  /// inputs, synthetic ones are as likely as any others, and the changes are the same.
  ///
  /// - Parameters:
  ///   - outputs: The outputs of the network that pruning leaves, for the first kind of inputs: what is independent is
  ///     farther from all that it knows, and it less sure of it.
  ///   - change: What the outputs are.
  /// - Returns: The ceiling.
  func ceiling(for outputs: [Float], _ change: OutputChange) -> Double {
    guard change.meaning.isClassification else { return Self.numbersCeiling }
    guard !isCalibrated else { return Self.classesCeiling }
    let certainty = change.certainty(of: outputs)
    // A power of eight, for the share must be near 1.
    let share = abandonedShare * abandonedShare
    let trust = 1 + Self.greatestTrust * share * share * share * share
    let likeness = min(Self.fewInputs / Double(inputCount), Self.mostLikeness)
    return min(
      Self.doubtfulCeiling / max(certainty.doubt / trust, likeness),
      Self.variationShare * certainty.variation)
  }

  /// The change of class probabilities on inputs of the network's own kind: four tenths of a point.
  private static let classesCeiling = 0.004
  /// A hundredth of the spread of a number: its root mean square error stays within 2 % even where that is
  /// only a twentieth of the spread.
  private static let numbersCeiling = 0.01
  /// The change on synthetic inputs of a network that is as unsure of its own.
  private static let doubtfulCeiling = 0.0033
  /// Of so many inputs synthetic ones are like real ones.
  private static let fewInputs = 30.0
  /// Of a few inputs a network can be so sure that small changes are all errors.
  private static let mostLikeness = 6.0
  /// Outputs that vary less say the same of all inputs.
  private static let leastVariation = 0.1
  /// How many times synthetic inputs may be enlarged: bytes are at most 255.
  private static let largestSize = 1024.0
  /// The changes on a network's own inputs are less by 1 and so many times where every weight is given up.
  private static let greatestTrust = 6.0
  /// If outputs hardly differ from input to input, only as little may change.
  private static let variationShare = 1.0 / 6

  /// At most a billion multiplications of the dense network for each kind of inputs.
  private static func exampleCount(multiplicationCount: Int) -> Int {
    min(max(1_000_000_000 / max(multiplicationCount, 1), 16), 600)
  }
}

extension DenseNetwork {
  /// The share of the uncertain weights that the posterior has given up, |μ| < σ/10.
  var abandonedShare: Double {
    var (abandoned, uncertain) = (0, 0)
    for matrix in matrices {
      for (mean, deviation) in zip(matrix.weights, matrix.deviations ?? []) where deviation > 0 {
        uncertain += 1
        if mean.magnitude < deviation / 10 { abandoned += 1 }
      }
    }
    return uncertain == 0 ? 0 : Double(abandoned) / Double(uncertain)
  }
}
