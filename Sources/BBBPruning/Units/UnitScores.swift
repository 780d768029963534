import BBBKernels
import BBBPosterior
import BBBTensors

/// What the weights of one layer add to the scores of the units that they lead to and come from.
struct UnitScores: Sendable {
  /// A sum over weights.
  struct Sum: Equatable, Sendable {
    var value = 0.0
    /// How many weights there are; those that an earlier pruning removed do not count.
    var count = 0

    mutating func add(_ other: Sum) {
      value += other.value
      count += other.count
    }
  }

  /// For each output, over the weights that lead to it.
  private(set) var outputs: [Sum]
  /// For each input, over the weights that leave it.
  private(set) var inputs: [Sum]

  /// The fewest weights of a task, and for each input and output of the layer.
  private static let taskCount = 1 << 16
  private static let countPerUnit = 1 << 6

  /// Adds up the scores of a layer's weights.
  ///
  /// Tasks depend on the layer's shape only, so that sums do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - ranking: Knows the weights' scores.
  ///   - segment: The index of the layer's weights in it.
  ///   - kind: What the layer does.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  init(
    _ ranking: Ranking, segment: Int, _ kind: LayerKind
  ) throws(PosteriorError) {
    let positions = ranking.segments[segment].positions
    let units = kind.inputCount + kind.outputCount
    let length = max(Self.taskCount, units * Self.countPerUnit)
    let starts = Array(stride(from: positions.lowerBound, to: positions.upperBound, by: length))
    let reader = ranking.reader(ofSegment: segment)
    let parts = parallelMap(count: starts.count, threadCount: ranking.threadCount) { index in
      Result { () throws(PosteriorError) in
        let part = starts[index]..<min(starts[index] + length, positions.upperBound)
        var scores = UnitScores(kind)
        let keys = try reader.keys(at: part)
        for (position, key) in zip(part, keys) {
          guard let score = key.score else { continue }
          let value = Sum(value: ranking.score.unitShare(ofScore: score), count: 1)
          let (output, input) = kind.units(at: position - positions.lowerBound)
          scores.outputs[output].add(value)
          scores.inputs[input].add(value)
        }
        return scores
      }
    }
    self.init(kind)
    for part in parts {
      let scores = try part.get()
      for index in outputs.indices { outputs[index].add(scores.outputs[index]) }
      for index in inputs.indices { inputs[index].add(scores.inputs[index]) }
    }
  }

  private init(_ kind: LayerKind) {
    outputs = Array(repeating: Sum(), count: kind.outputCount)
    inputs = Array(repeating: Sum(), count: kind.inputCount)
  }
}

extension LayerKind {
  /// The output and the input of the weight at a position of a fully connected layer.
  func units(at position: Int) -> (output: Int, input: Int) {
    switch self {
    case .fullyConnected(let inputCount, _, .outputInput):
      (position / inputCount, position % inputCount)
    case .fullyConnected(_, let outputCount, .inputOutput):
      (position % outputCount, position / outputCount)
    case .convolution: preconditionFailure("a kernel's weights lead to no single unit")
    }
  }
}

extension WeightScore {
  /// What a weight adds to the score of a unit.
  ///
  /// Nats are added as they are: ΔF and KL of independent weights add up. Ratios and magnitudes are added as
  /// squares: ½ (μ/σ)² is the rise of a quadratic cost, in nats, when the weight goes (LeCun, Denker and
  /// Solla 1990, with σ⁻² as the curvature), and Σ μ² is the squared norm.
  func unitShare(ofScore score: Double) -> Double {
    switch criterion {
    case .bayesianModelReduction, .complexityCost, .random: return score
    case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio, .magnitude, .standardDeviation:
      // Of |w| too it is |μ|/σ that is squared: its own ratio of at least 1.32 would count weights.
      return score * score
    }
  }
}
