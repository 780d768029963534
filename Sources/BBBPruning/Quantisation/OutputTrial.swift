import BBBNetwork

/// On which inputs a network's outputs must stay what they are, and how nearly.
struct OutputTrial: Sendable {
  /// The inputs, of one kind or of several.
  let inputs: [ComparisonInputs]
  /// Whether they are of the kind that the network is for, and not synthetic.
  let isCalibrated: Bool
  /// Up to which ``OutputChange`` a file is acceptable.
  let ceiling: Double

  /// Chooses what a network is tried on.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - calibration: Inputs of the kind that the network is for; `nil` if none are known.
  init(of network: GaussianNetwork, calibration: ComparisonInputs?) {
    isCalibrated = calibration != nil
    inputs =
      calibration.map { [$0] }
      ?? ComparisonInputs.synthetic(
        for: network.means.layers[0],
        exampleCount: Self.exampleCount(weightCount: network.means.weightCount))
    ceiling =
      if !network.means.output.isClassification {
        Self.numbersCeiling
      } else if calibration != nil {
        Self.classesCeiling
      } else {
        Self.syntheticCeiling * max(network.noiseShare * network.noiseShare, Self.leastTrust)
      }
  }

  /// The change of class probabilities on inputs of the network's own kind: four tenths of a point.
  private static let classesCeiling = 0.004
  /// A hundredth of the spread of a number: its root mean square error stays within 2 % even where that is
  /// only a twentieth of the spread.
  private static let numbersCeiling = 0.01
  /// Far from what it has learned a network is undecided, and its probabilities change about twenty times as
  /// much; for networks whose σ was learned to the end this is `classesCeiling` (docs/default-export.md).
  private static let syntheticCeiling = 0.08
  /// That ceiling is lowered by the square of the share of noise, but by no more than this.
  private static let leastTrust = 0.005

  /// At most a billion multiplications of the dense network for each kind of inputs.
  private static func exampleCount(weightCount: Int) -> Int {
    min(max(1_000_000_000 / max(weightCount, 1), 16), 600)
  }
}

extension GaussianNetwork {
  /// The share of the uncertain weights that the posterior calls noise, |μ| < σ/2.
  ///
  /// A posterior learned to the end has sorted its weights: most are noise, and removing them changes next to
  /// nothing. One whose σ has hardly left its start calls few weights noise, and what it says in nats is worth as
  /// little. So the share is the trust in it.
  var noiseShare: Double {
    var (noise, uncertain) = (0, 0)
    for (layer, deviations) in zip(means.layers, deviations) {
      for (mean, deviation) in zip(layer.weights, deviations.weights) where deviation > 0 {
        uncertain += 1
        if mean.magnitude < deviation / 2 { noise += 1 }
      }
    }
    return uncertain == 0 ? 0 : Double(noise) / Double(uncertain)
  }
}
