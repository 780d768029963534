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
  private let usualTrials: Int
  /// So near the goal nothing is to be gained: a share of the divergence.
  private let nearness: Double
  private var trialCount = 0
  /// The last prices that were too low, and too high, and by how much: logarithms.
  private var low: (price: Double, excess: Double)?
  private var high: (price: Double, excess: Double)?
  /// Whether outputs diverge too far, and half the price has changed nothing: what is left to choose from cannot do better.
  private var isStalled = false
  private var last: (price: Double, divergence: Double)?
  /// The price to try next.
  private(set) var price: RoundingPrice
  /// The best of all trials.
  private(set) var best: RoundedNetwork?

  /// Begins.
  ///
  /// - Parameters:
  ///   - goal: What the network is to be.
  ///   - base: The divergence without rounding, in nats; `nil` if what is to go is not known.
  ///   - price: The price to try first.
  init(_ goal: RoundingGoal, base: Double?, price: RoundingPrice) {
    self.goal = goal
    self.base = base ?? 0
    (fewestTrials, usualTrials, nearness) = base == nil ? (4, 8, 0.9) : (1, 4, 0.85)
    self.price = price
  }

  /// A price to begin with.
  ///
  /// - Parameters:
  ///   - goal: What the network is to be; `nil` if that is not known yet.
  ///   - base: The divergence without rounding, in nats.
  ///   - weightCount: About how many weights there will be.
  /// - Returns: The price.
  static func firstPrice(
    _ goal: RoundingGoal?, base: Double, weightCount: Int
  ) -> RoundingPrice {
    let wanted =
      if case .divergence(let most) = goal {
        max(aim * most - base, 0.1 * most)
      } else {
        expectedGoal
      }
    return RoundingPrice(
      unchecked: clamped(wanted / (bitsPerWeight * Double(max(weightCount, 1)))))
  }

  /// What a weight costs in rounding, in bits at their price: two or three.
  private static let bitsPerWeight = 2.5
  /// What a network is about allowed to diverge by that is unsure of some examples.
  private static let expectedGoal = 0.001
  /// A little less than what may be.
  private static let aim = 0.95
  private static let mostTrials = 16

  private static func clamped(_ price: Double) -> Double { min(max(price, 1e-30), 1e30) }

  /// Whether more trials would gain little, or nothing comes of them.
  var isDone: Bool {
    if case .divergence(let most) = goal, base > most { return trialCount > 0 }
    if isStalled { return true }
    guard let best, best.holdsGoal else { return trialCount >= Self.mostTrials }
    return trialCount >= usualTrials || trialCount >= fewestTrials && isNear(best)
  }

  /// The share of the search that is done, about.
  var progress: Double { min(Double(trialCount) / Double(usualTrials), 1) }

  private func isNear(_ rounded: RoundedNetwork) -> Bool {
    switch goal {
    case .divergence(let most): rounded.divergence >= nearness * most
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
    if case .divergence(let most) = goal {
      if let last, tried < last.price - 0.69, rounded.divergence > 1.5 * most {
        isStalled = rounded.divergence > 0.9 * last.divergence
      }
      last = (tried, rounded.divergence)
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
      let longest = trialCount == 1 ? Self.longestFirstStep : Self.longestStep
      next = tried - min(max(excess / slope, -longest), longest)
    }
    price = RoundingPrice(unchecked: Self.clamped(exp(next)))
  }

  /// The factor e^1.2, three and a third, between prices.
  private static let longestStep = 1.2
  /// The first price is a guess.
  private static let longestFirstStep = 3.0
}
