import TestSupport
import Testing

@testable import BBBExperiments

struct InteractionBufferTests {
  private func text(_ interaction: InteractionBuffer.Interaction) -> String {
    "\(interaction.mushroom) \(interaction.action) \(interaction.reward)"
  }

  @Test(arguments: [1, 3, 10])
  func `holds the last interactions and no others`(capacity: Int) {
    var generator = SeededGenerator(seed: 8)
    var buffer = InteractionBuffer(capacity: capacity)
    var all: [InteractionBuffer.Interaction] = []
    for count in 1...25 {
      let interaction = InteractionBuffer.Interaction(
        mushroom: count, action: Bool.random(using: &generator) ? .eat : .leave,
        reward: [5, -35, 0].randomElement(using: &generator) ?? 0)
      all.append(interaction)
      buffer.add(interaction)
      let held = (0..<buffer.count).map { text(buffer[$0]) }.sorted()
      #expect(held == all.suffix(capacity).map(text).sorted())
      #expect(buffer.isPossible(capacity: capacity, interactions: count, mushroomCount: 26))
    }
    #expect(!buffer.isPossible(capacity: capacity, interactions: 25, mushroomCount: 25))
    #expect(!buffer.isPossible(capacity: capacity + 1, interactions: 25, mushroomCount: 26))
    #expect(!buffer.isPossible(capacity: capacity, interactions: 0, mushroomCount: 26))
  }
}
