import BBBPosterior

/// The prunable weights of a posterior, ranked by a criterion.
///
/// Positions run through the prunable tensors in layer order, row-major in each as its file shapes it.
public struct Ranking: Sendable {
  /// One prunable tensor's share of the positions.
  public struct Segment: Sendable {
    /// The index of the layer.
    public let layer: Int
    /// Whether the tensor is the layer's bias rather than its weight.
    public let isBias: Bool
    /// Its positions.
    public let positions: Range<Int>
  }

  /// What ranks the weights.
  public let criterion: Criterion
  /// The prunable tensors, in order.
  public let segments: [Segment]
  /// A number per position that orders like the criterion: see ``key(score:)``.
  let keys: [UInt64]

  /// The number of prunable weights.
  public var count: Int { keys.count }

  /// Ranks the weights of a posterior.
  ///
  /// - Parameters:
  ///   - posterior: What to rank.
  ///   - criterion: What ranks.
  ///   - includesBiases: Whether biases that have a σ may be removed too.
  /// - Throws: `PosteriorError` if a mean or standard deviation cannot be read or is not valid.
  public init(
    _ posterior: Posterior, by criterion: Criterion, includesBiases: Bool = false
  ) throws(PosteriorError) {
    self.criterion = criterion
    var segments: [Segment] = []
    var keys: [UInt64] = []
    keys.reserveCapacity(posterior.layers.reduce(0) { $0 + $1.weight.count })
    for (index, layer) in posterior.layers.enumerated() {
      guard layer.weight.scale != nil || !criterion.usesDeviation else {
        throw PosteriorError(
          .incomplete, path: posterior.path,
          """
          "\(layer.weight.mean.name)" has no standard deviations to rank by; rank by \
          '--criterion magnitude', or give a posterior
          """)
      }
      try Self.append(
        layer.weight, layer: index, isBias: false, criterion, &keys, &segments)
      if includesBiases, let bias = layer.bias, bias.scale != nil {
        try Self.append(bias, layer: index, isBias: true, criterion, &keys, &segments)
      }
    }
    self.segments = segments
    self.keys = keys
  }

  /// The number of weights read at a time, which bounds the memory for means and deviations.
  private static let chunkCount = 1 << 16

  private static func append(
    _ tensor: GaussianTensor, layer: Int, isBias: Bool, _ criterion: Criterion,
    _ keys: inout [UInt64], _ segments: inout [Segment]
  ) throws(PosteriorError) {
    let first = keys.count
    for start in stride(from: 0, to: tensor.count, by: chunkCount) {
      let range = start..<min(start + chunkCount, tensor.count)
      let means = try tensor.means(in: range)
      // Read whatever the criterion, so that an invalid σ is found whatever is asked.
      let deviations = try tensor.standardDeviations(in: range)
      let isPresent = try tensor.isPresent(in: range)
      for (offset, position) in range.enumerated() {
        if let isPresent, !isPresent[offset] {
          keys.append(absentKey)
          continue
        }
        let score = criterion.score(
          mean: means[offset], standardDeviation: deviations[offset], position: first + position)
        keys.append(key(score: score))
      }
    }
    segments.append(Segment(layer: layer, isBias: isBias, positions: first..<keys.count))
  }

  /// The key of a weight that an earlier pruning removed: it goes before all others.
  static let absentKey: UInt64 = 0

  /// Numbers that are not negative order like their bit patterns.
  static func key(score: Double) -> UInt64 { score.bitPattern + 1 }

  /// The score that a key stands for; `nil` for an absent weight.
  static func score(key: UInt64) -> Double? {
    key == absentKey ? nil : Double(bitPattern: key - 1)
  }
}
