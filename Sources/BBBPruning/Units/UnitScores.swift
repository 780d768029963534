import BBBKernels
import BBBNetwork
import BBBPosterior
import BBBTensors

/// What the weights of one matrix add to the scores of the units that they lead to and come from.
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

  /// For each row, over its weights.
  private(set) var rows: [Sum]
  /// For each channel that is read, over the weights that read it.
  private(set) var channels: [Sum]

  /// The fewest weights of a task, and for each row and channel of the matrix.
  private static let taskCount = 1 << 16
  private static let countPerUnit = 1 << 6

  /// Adds up the scores of a matrix's weights.
  ///
  /// Tasks depend on the matrix's shape only, so that sums do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - ranking: Knows the weights' scores.
  ///   - segment: The index of the weights in it.
  ///   - shape: How they are arranged.
  ///   - columns: The channels of the columns.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  init(
    _ ranking: Ranking, segment: Int, _ shape: WeightShape, _ columns: MatrixColumns
  ) throws(PosteriorError) {
    let positions = ranking.segments[segment].positions
    let channelCount = columns.starts.count - 1
    let length = max(Self.taskCount, (channelCount + shape.rows) * Self.countPerUnit)
    let starts = Array(stride(from: positions.lowerBound, to: positions.upperBound, by: length))
    let reader = ranking.reader(ofSegment: segment)
    let parts = parallelMap(count: starts.count, threadCount: ranking.threadCount) { index in
      Result { () throws(PosteriorError) in
        let part = starts[index]..<min(starts[index] + length, positions.upperBound)
        var scores = UnitScores(rowCount: shape.rows, channelCount: channelCount)
        let keys = try reader.keys(at: part)
        for (position, key) in zip(part, keys) {
          guard let score = key.score else { continue }
          let value = Sum(value: ranking.score.unitShare(ofScore: score), count: 1)
          let (row, column) = shape.place(at: position - positions.lowerBound)
          scores.rows[row].add(value)
          scores.channels[columns.channels[column]].add(value)
        }
        return scores
      }
    }
    self.init(rowCount: shape.rows, channelCount: channelCount)
    for part in parts {
      let scores = try part.get()
      for index in rows.indices { rows[index].add(scores.rows[index]) }
      for index in channels.indices { channels[index].add(scores.channels[index]) }
    }
  }

  /// Those of a constant, which has no weights.
  static let none = UnitScores(rowCount: 0, channelCount: 0)

  private init(rowCount: Int, channelCount: Int) {
    rows = Array(repeating: Sum(), count: rowCount)
    channels = Array(repeating: Sum(), count: channelCount)
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
    case .bayesianModelReduction, .complexityCost, .conditional, .random: return score
    case .signalToNoiseRatio, .magnitudeSignalToNoiseRatio, .magnitude, .standardDeviation:
      // Of |w| too it is |μ|/σ that is squared: its own ratio of at least 1.32 would count weights.
      return score * score
    }
  }
}
