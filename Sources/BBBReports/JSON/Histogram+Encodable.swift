import BBBEvaluation

extension SignalToNoiseHistogram.Cutoff: Encodable {
  private enum CodingKeys: String, CodingKey {
    case sparsity
    case decibels = "db"
  }

  /// Writes sparsity and place, `null` for −∞ dB.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(decibels, forKey: .decibels)
  }
}

extension SignalToNoiseHistogram.Valley: Encodable {
  private enum CodingKeys: String, CodingKey {
    case peaks = "peaks_db"
    case from = "from_db"
    case to = "to_db"
  }

  /// Writes the peaks and where the valley begins and ends.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peaks, forKey: .peaks)
    try container.encode(range.lowerBound, forKey: .from)
    try container.encode(range.upperBound, forKey: .to)
  }
}

extension SignalToNoiseHistogram: Encodable {
  private enum CodingKeys: String, CodingKey {
    case edges = "edges_db"
    case counts, below, above, zero, removed, cutoffs, valley
  }

  /// Writes the bins, what lies outside, the cut-offs and the valley (`null` if there is none).
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(edges, forKey: .edges)
    try container.encode(counts, forKey: .counts)
    try container.encode(belowCount, forKey: .below)
    try container.encode(aboveCount, forKey: .above)
    try container.encode(zeroCount, forKey: .zero)
    try container.encode(removedCount, forKey: .removed)
    try container.encode(cutoffs, forKey: .cutoffs)
    try container.encode(valley, forKey: .valley)
  }
}

extension WeightHistogram: Encodable {
  private enum CodingKeys: String, CodingKey {
    case edges, weights, removed, means, draws
  }

  /// Writes the bins and both series.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(edges, forKey: .edges)
    try container.encode(weightCount, forKey: .weights)
    try container.encode(removedCount, forKey: .removed)
    try container.encode(means, forKey: .means)
    try container.encode(draws, forKey: .draws)
  }
}
