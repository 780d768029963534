import CBBBLibc

/// Searches for the price of a bit at which a network is what it is to be.
///
/// Every trial makes the next one better (``RoundingTrials``), so that what a price gave once it need not give again: steps are small,
/// and of two trials that contradict each other the later one counts.
struct RoundingSearch {
  private let goal: RoundingGoal
  /// The divergence without rounding, in nats.
  private let base: Double
  private let fewestTrials: Int
  private var trialCount = 0
  /// The last prices that were too low, and too high, and by how much: logarithms.
  private var low: (price: Double, excess: Double)?
  private var high: (price: Double, excess: Double)?
  /// The price to try next.
  private(set) var price: RoundingPrice
  /// The best of all trials.
  private(set) var best: RoundedNetwork?

  /// Begins.
  ///
  /// - Parameters:
  ///   - goal: What the network is to be.
  ///   - base: The divergence without rounding, in nats; `nil` if what is to go is not known.
  ///   - weightCount: About how many weights there will be.
  init(_ goal: RoundingGoal, base: Double?, weightCount: Int) {
    self.goal = goal
    self.base = base ?? 0
    fewestTrials = base == nil ? 4 : 2
    let wanted =
      switch goal {
      case .divergence(let most): max(Self.aim * most - self.base, 0.1 * most)
      case .bytes: Self.usualDivergence
      }
    price = RoundingPrice(
      unchecked: Self.clamped(wanted / (Self.bitsPerWeight * Double(max(weightCount, 1)))))
  }

  private static let usualDivergence = 0.002
  /// What a weight costs in rounding, in bits at their price: two or three.
  private static let bitsPerWeight = 2.5
  /// A little less than what may be.
  private static let aim = 0.96
  private static let usualTrials = 8
  private static let mostTrials = 16

  private static func clamped(_ price: Double) -> Double { min(max(price, 1e-30), 1e30) }

  /// Whether more trials would gain little, or nothing has come of many.
  var isDone: Bool {
    if case .divergence(let most) = goal, base > most { return trialCount > 0 }
    guard let best, best.holdsGoal else { return trialCount >= Self.mostTrials }
    return trialCount >= Self.usualTrials || trialCount >= fewestTrials && isNear(best)
  }

  /// The share of the search that is done, about.
  var progress: Double { min(Double(trialCount) / Double(Self.usualTrials), 1) }

  private func isNear(_ rounded: RoundedNetwork) -> Bool {
    switch goal {
    case .divergence(let most): rounded.divergence >= 0.9 * most
    case .bytes(let most): Double(rounded.export.file.count) >= 0.96 * Double(most)
    }
  }

  /// Takes what the price gave, and chooses the next one.
  mutating func insert(_ rounded: RoundedNetwork) {
    trialCount += 1
    if best.map(rounded.isBetter(than:)) ?? true { best = rounded }
    let tried = log(price.natsPerBit)
    let excess: Double
    let slope: Double
    switch goal {
    case .divergence(let most):
      excess = log(max(rounded.divergence, 1e-300) / (Self.aim * most))
      slope = 0.75
    case .bytes(let most):
      excess = log(0.985 * Double(most) / Double(rounded.export.file.count))
      slope = 0.3
    }
    if excess > 0 {
      high = (tried, excess)
      if let low, low.price >= tried { self.low = nil }
    } else {
      low = (tried, excess)
      if let high, high.price <= tried { self.high = nil }
    }
    let next: Double
    if let low, let high {
      let share = min(max(low.excess / (low.excess - high.excess), 0.1), 0.9)
      next = low.price + share * (high.price - low.price)
    } else {
      next = tried - min(max(excess / slope, -Self.longestStep), Self.longestStep)
    }
    price = RoundingPrice(unchecked: Self.clamped(exp(next)))
  }

  /// The factor e^1.2, three and a third, between prices.
  private static let longestStep = 1.2
}
