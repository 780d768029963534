import BBBPosterior

/// The prunable weights of a posterior, and the criterion that ranks them.
///
/// Positions run through the prunable tensors in the posterior's order, row-major in each as its file shapes it.
///
/// Nothing is read before a pruning, or whatever else, is asked for; each then reads the means and
/// standard deviations where they lie, and holds a few bits per weight.
public struct Ranking: Sendable {
  /// One prunable tensor's share of the positions.
  public struct Segment: Sendable {
    /// The number of the posterior's parameter.
    public let parameter: Int
    /// Whether the tensor is the parameter's bias rather than its weight.
    public let isBias: Bool
    /// Its positions.
    public let positions: Range<Int>
  }

  /// What ranks the weights.
  public var criterion: Criterion { score.criterion }
  /// The prunable tensors, in order.
  public let segments: [Segment]
  /// How many threads share the work; no result depends on it.
  public let threadCount: Int
  /// Computes what the weights are ordered by.
  let score: WeightScore
  /// The tensor of each segment.
  let tensors: [GaussianTensor]

  /// The number of prunable weights.
  public var count: Int { segments.last?.positions.upperBound ?? 0 }

  /// Ranks the weights of a posterior.
  ///
  /// - Parameters:
  ///   - posterior: What to rank.
  ///   - criterion: What ranks.
  ///   - includesBiases: Whether biases that have a σ may be removed too.
  ///   - includesCertainWeights: Whether a criterion that does not ask for σ ranks the weights of ordinary
  ///     layers beside Bayesian ones too; otherwise they all stay.
  ///   - threadCount: How many threads share the work; no result depends on it.
  /// - Throws: `PosteriorError` if the criterion needs standard deviations and there are none, or the numbers of its
  ///   prior make no sense (`Prior.problem`).
  public init(
    _ posterior: Posterior, by criterion: Criterion, includesBiases: Bool = false,
    includesCertainWeights: Bool = false, threadCount: Int = 1
  ) throws(PosteriorError) {
    if let problem = criterion.prior?.problem {
      throw PosteriorError(.invalidOption, path: posterior.path, problem)
    }
    let ranksCertainWeights =
      !posterior.hasDeviations || (includesCertainWeights && !criterion.kind.needsDeviations)
    var parts: [(tensor: GaussianTensor, parameter: Int, isBias: Bool)] = []
    for (index, parameter) in posterior.parameters.enumerated() {
      if includesBiases, parameter.isConstant, let numbers = parameter.bias, numbers.scale != nil {
        parts.append((numbers, parameter: index, isBias: true))
      }
      if parameter.isConstant { continue }
      if parameter.isCertain, !ranksCertainWeights { continue }
      guard !parameter.isCertain || !criterion.kind.needsDeviations else {
        throw PosteriorError(
          .incomplete, path: posterior.path,
          """
          "\(parameter.weight.mean.name)" has no standard deviations to rank by; rank by \
          '--criterion magnitude', or give a posterior
          """)
      }
      parts.append((parameter.weight, parameter: index, isBias: false))
      if includesBiases, let bias = parameter.bias, bias.scale != nil {
        parts.append((bias, parameter: index, isBias: true))
      }
    }
    self.init(parts, by: criterion, threadCount: threadCount)
  }

  /// The same weights, some of them ranked by numbers that were computed of all of them together.
  ///
  /// - Parameters:
  ///   - criterion: What computed them.
  ///   - ranks: For each of the posterior's parameters a number for each weight, row-major in its tensor: at least 1, the smallest
  ///     go first; or 0 for a weight that goes before all those, in the order of this ranking.
  /// - Returns: The ranking.
  /// - Throws: `PosteriorError` if a tensor is ranked that has no numbers, or one cannot be read.
  package func scored(
    by criterion: Criterion, _ ranks: [Int: [Double]]
  ) throws(PosteriorError) -> Ranking {
    var parts: [(tensor: GaussianTensor, parameter: Int, isBias: Bool)] = []
    for (segment, tensor) in zip(segments, tensors) {
      guard !segment.isBias, let numbers = ranks[segment.parameter] else {
        throw PosteriorError(
          .invalidOption, path: tensor.mean.path,
          """
          "\(tensor.mean.name)" is ranked by no criterion that looks at inputs; leave out '--prune-biases', or choose another \
          criterion
          """)
      }
      let means = try tensor.means()
      let deviations = try tensor.standardDeviations()
      let scores = means.indices.map { index in
        guard numbers[index] == 0 else { return numbers[index] }
        let own = score.score(
          mean: means[index], standardDeviation: deviations[index],
          position: segment.positions.lowerBound + index)
        // Below 1, in the same order.
        return own.isFinite ? min(own / (1 + own), (1.0).nextDown) : (1.0).nextDown
      }
      parts.append((tensor.scored(by: scores), segment.parameter, false))
    }
    return Ranking(parts, by: criterion, threadCount: threadCount)
  }

  /// Ranks the weights of some tensors.
  init(
    _ parts: [(tensor: GaussianTensor, parameter: Int, isBias: Bool)], by criterion: Criterion,
    threadCount: Int
  ) {
    score = WeightScore(criterion)
    self.threadCount = threadCount
    var segments: [Segment] = []
    for part in parts {
      let first = segments.last?.positions.upperBound ?? 0
      segments.append(
        Segment(
          parameter: part.parameter, isBias: part.isBias,
          positions: first..<first + part.tensor.count))
    }
    self.segments = segments
    tensors = parts.map(\.tensor)
  }

  /// The segments that hold some positions.
  ///
  /// - Parameter positions: Within `0..<count`.
  /// - Returns: The index of each segment, and which of the positions it holds; none without any.
  func segments(
    at positions: Range<Int>
  ) -> some Sequence<(index: Int, positions: Range<Int>)> {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].positions.upperBound <= positions.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return segments[low...].lazy
      .prefix { $0.positions.lowerBound < positions.upperBound }
      .enumerated().lazy
      .map { (index: low + $0, positions: $1.positions.clamped(to: positions)) }
      .filter { !$0.positions.isEmpty }
  }

  /// What reads the weights of a segment.
  func reader(ofSegment index: Int) -> WeightReader {
    WeightReader(segments[index], tensors[index], by: score)
  }
}
