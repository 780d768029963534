import BBBEvaluation

extension PosteriorFitness.Finding: CustomStringConvertible {
  /// What was found, why, and what can be done, in one sentence.
  public var description: String {
    switch self {
    case .collapsed(let layers):
      "\(Self.names(layers)) collapsed onto the prior: the weights that lead to a unit hold less signal "
        + "than noise (Σ (μ/σ)² is below 1), so that no ranking finds any; train with a smaller weight of "
        + "the KL term, or let it grow slowly, and measure the error first"
    case .proportional(let meanSpread, let ratioSpread):
      "σ is nearly proportional to |μ|, as MOPED starts it: the middle half of |μ| spans "
        + "\(Self.decibels(meanSpread)), that of |μ|/σ only \(Self.decibels(ratioSpread)), which orders "
        + "weights almost by chance; rank by '--criterion magnitude', or train σ for longer"
    case .sameDeviation(let deviation):
      "σ is \(Float(deviation)) for every weight, as if it had never moved from where training "
        + "starts it: |μ|/σ ranks as magnitude does; train σ too, with the KL term in the loss"
    case .sameDeviationPerLayer:
      "every layer has one σ for all its weights: within a layer |μ|/σ ranks as magnitude does, and σ "
        + "only decides between layers; compare with '--criterion magnitude', or learn a σ for each weight"
    case .flatDeviations(let spread):
      "σ differs little between weights, as before training has moved it (80 % lie within "
        + "\(Self.decibels(spread))): |μ|/σ ranks nearly as magnitude does; train for longer to have σ say more"
    case .flatRatios(let spread):
      "half of all |μ|/σ lie within \(Self.decibels(spread)): the ranking decides between weights that "
        + "are nearly alike; compare with '--criterion magnitude', or train for longer"
    }
  }

  /// What JSON calls it.
  var name: String {
    switch self {
    case .collapsed: "collapsed"
    case .proportional: "proportional"
    case .sameDeviation: "same_sigma"
    case .sameDeviationPerLayer: "same_sigma_per_layer"
    case .flatDeviations: "flat_sigma"
    case .flatRatios: "flat_ratios"
    }
  }

  private static func names(_ layers: [String]) -> String {
    let shown = layers.prefix(3).joined(separator: ", ")
    let rest = layers.count - 3
    return "the posterior of \(shown)\(rest > 0 ? " and \(rest) more layers" : "") has"
  }

  private static func decibels(_ value: Double) -> String {
    value < .infinity ? "\(NumberText.fixed(value, decimals: 1)) dB" : "more than can be said"
  }
}

extension PosteriorFitness: Encodable {
  private enum CodingKeys: String, CodingKey {
    case finding, sentence, layers
  }

  /// Writes what was found, `null` if nothing, and the numbers that tell.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(finding?.name, forKey: .finding)
    try container.encode(finding?.description, forKey: .sentence)
    try container.encode(layers, forKey: .layers)
  }
}

extension LayerFitness: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name
    case weightCount = "weights"
    case meanSpread = "mu_spread_db"
    case ratioSpread = "snr_spread_db"
    case deviationRange = "sigma_range_db"
    case deviationSpread = "sigma_spread_db"
    case medianDeviation = "sigma_median"
    case signalPerUnit = "signal_per_unit"
  }

  /// Writes the numbers, `null` for those that are infinite.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(weightCount, forKey: .weightCount)
    for (key, value) in [
      (CodingKeys.meanSpread, meanSpread), (.ratioSpread, ratioSpread),
      (.deviationRange, deviationRange), (.deviationSpread, deviationSpread),
      (.medianDeviation, medianDeviation), (.signalPerUnit, signalPerUnit),
    ] {
      try container.encode(value.finite, forKey: key)
    }
  }
}
