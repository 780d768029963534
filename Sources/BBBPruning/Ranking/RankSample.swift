import BBBKernels
import BBBPosterior
import BBBTensors

/// The scores of some of the weights, by which the place of a cut among all is guessed.
///
/// The sample is the same every time (``SampleRuns``).
struct RankSample {
  /// Scores in single precision, as numbers that order like them (as ``RankKey`` does): 0 for a weight
  /// removed earlier.
  private var ranks: [UInt32] = []
  /// The numbers of neighbours, one behind the other in `ranks`.
  private var runCounts: [Int] = []

  private static let mostRuns = 1 << 10
  private static let longestRun = 1 << 9
  /// One weight of so many is looked at, where that is not too many.
  private static let share = 8
  private static let runsPerTask = 64

  /// Looks at some of the weights.
  ///
  /// - Parameters:
  ///   - ranking: The weights.
  ///   - part: The positions of those among which the cut is.
  init(_ ranking: Ranking, _ part: Range<Int>) {
    let wanted = part.count / Self.share
    let runCount = max(1, min(Self.mostRuns, wanted / 32))
    let length = max(1, min(Self.longestRun, wanted / runCount))
    let runs = SampleRuns.make(count: runCount, length: length, in: part)
    let taskCount = (runCount + Self.runsPerTask - 1) / Self.runsPerTask
    let tasks = parallelMap(count: taskCount, threadCount: ranking.threadCount) { task in
      let first = task * Self.runsPerTask
      let buffers = WeightBuffers()
      return runs[first..<min(first + Self.runsPerTask, runCount)].map {
        Self.ranks(ranking, $0, buffers)
      }
    }
    for run in tasks.joined() where !run.isEmpty {
      ranks += run
      runCounts.append(run.count)
    }
  }

  private static func ranks(
    _ ranking: Ranking, _ positions: Range<Int>, _ buffers: borrowing WeightBuffers
  ) -> [UInt32] {
    var ranks: [UInt32] = []
    for (index, part) in ranking.segments(at: positions) {
      let reader = ranking.reader(ofSegment: index)
      guard let weights = reader.ordinaryWeights(at: part, into: buffers) else {
        // What is not valid is left to the pass over all weights, which says so.
        ranks += (try? reader.keys(at: part))?.map(rank) ?? []
        continue
      }
      if let scores = weights.scores {
        ranks += scores.lazy.map(rank)
      } else {
        ranks += (0..<weights.count).lazy.map {
          rank(weights.key($0))
        }
      }
    }
    return ranks
  }

  private static let signBit: UInt32 = 1 << 31

  private static func rank(_ score: Float) -> UInt32 {
    let bits = score.bitPattern
    return bits & signBit == 0 ? bits | signBit : ~bits
  }

  private static func rank(_ key: RankKey) -> UInt32 {
    key.score.map { rank(Float($0)) } ?? 0
  }

  /// The key of a rank's score, moved by a part of its magnitude for what single precision may have
  /// mistaken.
  private static func key(_ rank: UInt32, movedBy part: Double) -> RankKey {
    guard rank != 0 else { return .absent }
    let score = Double(Float(bitPattern: rank & signBit == 0 ? ~rank : rank ^ signBit))
    return RankKey(score: score * (1 + (score < 0 ? -part : part)))
  }

  /// By how many standard errors a guess may be wrong; more happens once in some thousand times, and
  /// costs another pass.
  private static let standardErrors = 4.0

  /// Bands that the cuts lie in, very probably.
  ///
  /// - Parameter fractions: What each cut removes.
  /// - Returns: A band for each.
  func bands(removing fractions: [Double]) -> [ClosedRange<RankKey>] {
    var order = OrderStatistics(ranks)
    return fractions.map { fraction in
      guard !ranks.isEmpty else { return RankKey.absent...RankKey.greatest }
      let index = fraction * Double(ranks.count)
      let middle = order[min(Int(index), ranks.count - 1)]
      let margin =
        Self.standardErrors * standardError(of: fraction, at: middle)
        * Double(ranks.count) + 2
      let first = (index - margin).rounded(.down)
      let last = (index + margin).rounded(.up)
      let low = first < 0 ? .absent : Self.key(order[Int(first)], movedBy: -KeyBand.errorBound)
      let high =
        last < Double(ranks.count)
        ? Self.key(order[Int(last)], movedBy: KeyBand.errorBound) : .greatest
      return low...max(low, high)
    }
  }

  /// The standard error of the fraction of the weights that goes, neighbours being alike.
  ///
  /// - Parameters:
  ///   - fraction: What goes of the sample.
  ///   - rank: The greatest rank that goes; of equal ones, each run loses the same share.
  /// - Returns: The error of the fraction that would go of all weights.
  private func standardError(of fraction: Double, at rank: UInt32) -> Double {
    let independent = (fraction * (1 - fraction) / Double(ranks.count)).squareRoot()
    guard runCounts.count > 1 else { return independent }
    var below: [Int] = []
    var ties: [Int] = []
    var start = 0
    for count in runCounts {
      let run = ranks[start..<start + count]
      below.append(run.count { $0 < rank })
      ties.append(run.count { $0 == rank })
      start += count
    }
    let share =
      (fraction * Double(ranks.count) - Double(below.reduce(0, +)))
      / Double(max(ties.reduce(0, +), 1))
    var squares = 0.0
    for (run, count) in runCounts.enumerated() {
      let difference =
        Double(below[run]) + share * Double(ties[run]) - fraction * Double(count)
      squares += difference * difference
    }
    let runs = Double(runCounts.count)
    return max(independent, (squares * runs / (runs - 1)).squareRoot() / Double(ranks.count))
  }
}

/// Numbers by their rank among others, without sorting them all.
private struct OrderStatistics {
  private let numbers: [UInt32]
  /// How many numbers have smaller upper halves, for each upper half; and how many there are.
  private var below: [Int]
  /// The numbers with an upper half, in order, once they were asked for.
  private var sorted: [Int: [UInt32]] = [:]

  init(_ numbers: [UInt32]) {
    self.numbers = numbers
    below = Array(repeating: 0, count: 1 << 16 + 1)
    for number in numbers { below[Int(number >> 16) + 1] += 1 }
    for half in 1..<below.count { below[half] += below[half - 1] }
  }

  /// The number that `rank` others do not exceed.
  subscript(rank: Int) -> UInt32 {
    mutating get {
      var low = 0
      var high = below.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if below[middle] <= rank { low = middle } else { high = middle }
      }
      if sorted[low] == nil { sorted[low] = numbers.filter { Int($0 >> 16) == low }.sorted() }
      return sorted[low].map { $0[rank - below[low]] } ?? 0
    }
  }
}
