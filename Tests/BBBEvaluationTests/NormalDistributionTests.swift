import Foundation
import Testing

@testable import BBBEvaluation

struct NormalDistributionTests {
  @Test func `agrees with the complementary error function to 1e-9`() {
    let normal = NormalDistribution.standard
    let worst = stride(from: -9.0, through: 9, by: 0.0007).map { z in
      abs(normal.cumulative(z) - 0.5 * erfc(-z / 2.0.squareRoot()))
    }.max()
    #expect(worst ?? 1 < 1e-9)
  }

  @Test func `never falls, and ends at 0 and 1`() {
    let normal = NormalDistribution.standard
    let values = stride(from: -8.6, through: 8.6, by: 0.001).map(normal.cumulative)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + 1e-15 })
    #expect(normal.cumulative(-.infinity) == 0 && normal.cumulative(.infinity) == 1)
    #expect(normal.cumulative(-8.5) == 0 && normal.cumulative(8.5) == 1)
  }
}
