/// The last interactions of an agent, which it learns from.
struct InteractionBuffer: Equatable, Codable, Sendable {
  /// What is remembered of an interaction.
  struct Interaction: Equatable, Sendable {
    /// The number of the mushroom.
    var mushroom: Int
    /// What was done with it.
    var action: MushroomAction
    /// What it brought.
    var reward: Double
  }

  /// The most interactions that are remembered.
  let capacity: Int
  private var mushrooms: [Int32] = []
  private var eaten: [Bool] = []
  private var rewards: [Float] = []
  /// Where the next one goes, once the buffer is full.
  private var next = 0

  init(capacity: Int) { self.capacity = capacity }

  /// The number of interactions held.
  var count: Int { mushrooms.count }

  /// An interaction; in no particular order.
  subscript(place: Int) -> Interaction {
    Interaction(
      mushroom: Int(mushrooms[place]), action: eaten[place] ? .eat : .leave,
      reward: Double(rewards[place]))
  }

  /// Adds an interaction, in place of the oldest if the buffer is full.
  mutating func add(_ interaction: Interaction) {
    let mushroom = Int32(interaction.mushroom)
    let isEaten = interaction.action == .eat
    let reward = Float(interaction.reward)
    if count < capacity {
      mushrooms.append(mushroom)
      eaten.append(isEaten)
      rewards.append(reward)
    } else {
      mushrooms[next] = mushroom
      eaten[next] = isEaten
      rewards[next] = reward
      next = (next + 1) % capacity
    }
  }

  /// Whether a buffer can be like this after some interactions; what a file claims may be anything.
  func isPossible(capacity: Int, interactions: Int, mushroomCount: Int) -> Bool {
    self.capacity == capacity && count == min(capacity, interactions)
      && eaten.count == count && rewards.count == count && (0..<max(1, count)).contains(next)
      && mushrooms.allSatisfy { (0..<Int32(mushroomCount)).contains($0) }
      && rewards.allSatisfy { [MushroomBandit.meal, MushroomBandit.harm, 0].contains(Double($0)) }
  }
}
