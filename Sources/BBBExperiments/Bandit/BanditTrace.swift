/// What an agent has brought upon itself so far.
public struct BanditTrace: Equatable, Codable, Sendable {
  /// The number of interactions between two entries of ``regrets``.
  public static let spacing = 100

  /// The number of interactions.
  public private(set) var interactions = 0
  /// The sum of what an oracle had expected to get, less what the agent got.
  public private(set) var regret = 0.0
  /// The sum after every ``spacing`` interactions.
  public private(set) var regrets: [Double] = []
  /// The number of edible mushrooms that came.
  public private(set) var edible = 0
  /// The number of edible mushrooms that were eaten.
  public private(set) var edibleEaten = 0
  /// The number of poisonous mushrooms that were eaten.
  public private(set) var poisonousEaten = 0

  /// Creates the trace of an agent that has not begun.
  public init() {}

  /// The share of poisonous mushrooms among those that came that was eaten; `nil` before the first.
  public var poisonousShare: Double? {
    edible < interactions ? Double(poisonousEaten) / Double(interactions - edible) : nil
  }

  /// The share of edible mushrooms among those that came that was eaten; `nil` before the first.
  public var edibleShare: Double? {
    edible > 0 ? Double(edibleEaten) / Double(edible) : nil
  }

  /// Adds an interaction.
  ///
  /// - Parameters:
  ///   - action: What the agent did.
  ///   - isEdible: Whether the mushroom was edible.
  ///   - regret: The oracle's expected reward less the agent's reward.
  mutating func add(_ action: MushroomAction, isEdible: Bool, regret: Double) {
    interactions += 1
    self.regret += regret
    if isEdible { edible += 1 }
    if action == .eat {
      if isEdible { edibleEaten += 1 } else { poisonousEaten += 1 }
    }
    if interactions.isMultiple(of: Self.spacing) { regrets.append(self.regret) }
  }

  /// The points of the curve: after every ``spacing`` interactions, and after the last.
  public var points: [(interactions: Int, regret: Double)] {
    let spaced = regrets.enumerated().map { (($0 + 1) * Self.spacing, $1) }
    return interactions.isMultiple(of: Self.spacing) ? spaced : spaced + [(interactions, regret)]
  }

  /// Whether a trace can be like this; what a file claims may be anything.
  var isPossible: Bool {
    (0...BanditExperiment.mostInteractions).contains(interactions)
      && regrets.count == interactions / Self.spacing
      && (0...interactions).contains(edible) && (0...edible).contains(edibleEaten)
      && (0...(interactions - edible)).contains(poisonousEaten)
      && (regrets + [regret]).allSatisfy { abs($0) <= 40 * Double(interactions) }
  }
}
