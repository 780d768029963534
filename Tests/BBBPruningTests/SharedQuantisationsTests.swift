import BBBKernels
import BBBTensors
import Testing

@testable import BBBPruning

@Suite struct SharedQuantisationsTests {
  private func key(_ mask: Mask, precision: Double = 0.01) throws -> SharedQuantisations.Key {
    SharedQuantisations.Key(
      precision: try #require(Precision(natsPerWeight: precision)), masks: [mask],
      units: UnprofitableUnits())
  }

  private func matrices(weightCount: Int) -> [QuantisedMatrix] {
    let weight = QuantisedMatrix.Weight(
      row: 0, column: 0, value: 1, bitsCost: 0, roundingError: 0, removalError: 0)
    return [QuantisedMatrix(weights: Array(repeating: weight, count: weightCount))]
  }

  @Test func `what is the same is made once, whichever thread asks`() throws {
    let shared = SharedQuantisations()
    let key = try key([true, false])
    let made = parallelMap(count: 8, threadCount: 4) { _ in
      var count = 0
      _ = shared.matrices(key) {
        count += 1
        return matrices(weightCount: 3)
      }
      return count
    }
    #expect(made.reduce(0, +) == 1)
  }

  @Test func `another mask or precision is another quantisation`() throws {
    let shared = SharedQuantisations()
    _ = shared.matrices(try key([true, false])) { matrices(weightCount: 1) }
    #expect(
      shared.matrices(try key([true, true])) { matrices(weightCount: 2) }[0].weights.count == 2)
    #expect(
      shared.matrices(try key([true, false], precision: 0.1)) { matrices(weightCount: 3) }[0]
        .weights.count == 3)
    #expect(
      shared.matrices(try key([true, false])) { matrices(weightCount: 4) }[0].weights.count == 1)
  }

  @Test func `quantisations of large networks are not held for long`() throws {
    let shared = SharedQuantisations()
    let (first, second) = (try key([true, false]), try key([true, true]))
    _ = shared.matrices(first) { matrices(weightCount: 3_000_000) }
    _ = shared.matrices(second) { matrices(weightCount: 3_000_000) }
    #expect(shared.matrices(second) { [] }[0].weights.count == 3_000_000)
    #expect(shared.matrices(first) { matrices(weightCount: 5) }[0].weights.count == 5)
  }
}
