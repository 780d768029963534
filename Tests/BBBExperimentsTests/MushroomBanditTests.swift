import BBBDatasets
import Testing

@testable import BBBExperiments

/// The world: Blundell and others 2015, section 5.3.
struct MushroomBanditTests {
  private let count = 20_000

  @Test func `harm comes to half of those who eat what is poisonous, and to nobody else`() throws {
    let table = try SmallMushrooms.table()
    let bandit = MushroomBandit(table, seed: 4)
    var harmed = 0
    var poisonous = 0
    for interaction in 0..<count {
      let encounter = bandit.encounter(at: interaction)
      #expect(bandit.reward(for: .leave, encounter) == 0)
      let reward = bandit.reward(for: .eat, encounter)
      if table.isEdible[encounter.mushroom] {
        #expect(reward == 5)
        #expect(bandit.oracleReward(encounter) == 5)
      } else {
        #expect(reward == 5 || reward == -35)
        #expect(bandit.oracleReward(encounter) == 0)
        poisonous += 1
        harmed += reward == -35 ? 1 : 0
      }
    }
    // Five standard deviations of a binomial number.
    #expect(abs(Double(harmed) - Double(poisonous) / 2) < 2.5 * Double(poisonous).squareRoot())
  }

  @Test func `every mushroom comes equally often`() throws {
    let bandit = MushroomBandit(try SmallMushrooms.table(count: 40), seed: 4)
    var visits = [Int](repeating: 0, count: 40)
    for interaction in 0..<count { visits[bandit.encounter(at: interaction).mushroom] += 1 }
    let expected = Double(count) / 40
    let chiSquare =
      visits.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) } / expected
    // With 39 degrees of freedom the mean is 39 and the standard deviation √78.
    #expect(abs(chiSquare - 39) < 5 * 78.0.squareRoot())
  }

  @Test func `the seed decides what happens`() throws {
    let table = try SmallMushrooms.table()
    func encounters(_ seed: UInt64) -> [MushroomBandit.Encounter] {
      let bandit = MushroomBandit(table, seed: seed)
      return (0..<50).map { bandit.encounter(at: $0) }
    }
    #expect(encounters(1) == encounters(1))
    #expect(encounters(1) != encounters(2))
  }
}
