import BBBNetwork
import Testing

struct InputScalingTests {
  @Test func `a pixel is multiplied, shifted and divided as PyTorch's Normalize does`() throws {
    let scaling = try #require(
      InputScaling(factor: 1.0 / 255, means: [0.1307], deviations: [0.3081]))
    #expect(abs(scaling(255) - (1 - 0.1307) / 0.3081) < 1e-12)
    #expect(abs(scaling(0) - -0.42421292) < 1e-6)
  }

  @Test func `channels have means and deviations of their own, or share one`() throws {
    let scaling = try #require(InputScaling(factor: 1, means: [1, 2, 3], deviations: [2]))
    #expect(scaling.channelCount == 3)
    #expect(scaling(5, channel: 2) == 1)
  }

  @Test func `what cannot be a scaling is none`() {
    #expect(InputScaling(factor: 0) == nil)
    #expect(InputScaling(factor: 1, deviations: [0]) == nil)
    #expect(InputScaling(factor: 1, means: [.nan]) == nil)
    #expect(InputScaling(factor: 1, means: [1, 2], deviations: [1, 2, 3]) == nil)
  }
}
