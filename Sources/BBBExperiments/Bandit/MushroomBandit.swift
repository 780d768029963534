import BBBDatasets
import BBBKernels
import BBBTensors

/// What can be done with a mushroom.
public enum MushroomAction: Int, CaseIterable, Codable, Sendable {
  case eat
  case leave
}

/// The world of the bandit: mushrooms come at random, one at a time, and what is done with them is
/// rewarded (Blundell and others 2015, section 5.3).
///
/// What happens at an interaction depends on the seed and the interaction's number alone, so that
/// all agents of a run meet the same mushrooms, and have the same luck with them.
public struct MushroomBandit: Sendable {
  /// What happens at one interaction.
  public struct Encounter: Equatable, Sendable {
    /// The number of the mushroom in the table.
    public let mushroom: Int
    /// Whether the mushroom does harm if it is poisonous and eaten.
    public let doesHarm: Bool
  }

  /// The reward for eating what does no harm.
  public static let meal = 5.0
  /// The reward for eating what does harm.
  public static let harm = -35.0

  private let table: MushroomTable
  private let seed: UInt64

  /// Creates a world.
  ///
  /// - Parameters:
  ///   - table: The mushrooms.
  ///   - seed: The seed.
  public init(_ table: MushroomTable, seed: UInt64) {
    self.table = table
    self.seed = seed
  }

  /// Who comes, and with which luck: each mushroom with the same probability, harm with one half.
  ///
  /// - Parameter interaction: The number of the interaction.
  /// - Returns: What happens.
  public func encounter(at interaction: Int) -> Encounter {
    var random = SplitMix64(seed: seed, interaction: interaction)
    let mushroom = Int.random(in: 0..<table.count, using: &random)
    return Encounter(mushroom: mushroom, doesHarm: random.nextUniform() < 0.5)
  }

  /// What an action brings.
  ///
  /// - Parameters:
  ///   - action: What is done.
  ///   - encounter: With whom.
  /// - Returns: The reward.
  public func reward(for action: MushroomAction, _ encounter: Encounter) -> Double {
    switch action {
    case .leave: 0
    case .eat:
      !table.isEdible[encounter.mushroom] && encounter.doesHarm ? Self.harm : Self.meal
    }
  }

  /// The expected reward of an oracle, who eats what is edible and nothing else.
  ///
  /// - Parameter encounter: With whom.
  /// - Returns: The reward.
  public func oracleReward(_ encounter: Encounter) -> Double {
    table.isEdible[encounter.mushroom] ? Self.meal : 0
  }
}

extension SplitMix64 {
  /// Starts the random numbers of one interaction.
  init(seed: UInt64, interaction: Int) {
    var numbered = SplitMix64(seed: seed, position: UInt64(interaction))
    self.init(seed: numbered.next())
  }
}
