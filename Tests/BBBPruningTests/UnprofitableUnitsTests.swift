import Testing

@testable import BBBPruning

@Suite struct UnprofitableUnitsTests {
  /// A weight whose bits cost `bits` nats and whose removal would cost `removal`, an error of either sign.
  private func weight(
    from input: Int, to output: Int, bits: Double, removal: Double, rounding: Double = 0,
    sign: Double = -1
  ) -> QuantisedMatrix.Weight {
    QuantisedMatrix.Weight(
      row: output, column: input, value: 1, bitsCost: bits,
      roundingError: sign * (2 * rounding).squareRoot(),
      removalError: sign * (2 * removal).squareRoot())
  }

  /// Two inputs, ten hidden units and two outputs; the hidden units are numbered from 0 on.
  private static let places = UnitPlaces(
    rows: [Array(0..<10), [10, 11]], columns: [[12, 13], Array(0..<10)], freeSpaces: [0..<10],
    unitCount: 14)

  private func units(
    _ incoming: [QuantisedMatrix.Weight], _ outgoing: [QuantisedMatrix.Weight],
    correlation: Double = 0
  ) -> UnprofitableUnits {
    UnprofitableUnits(
      in: [incoming, outgoing].map { QuantisedMatrix(weights: $0) }, Self.places,
      correlation: correlation)
  }

  @Test func `a unit goes if one side's removal is cheaper than the bits of both`() {
    let units = units(
      [
        // Unit 0: five nats of bits in, two out; the way out is worth four.
        weight(from: 0, to: 0, bits: 3, removal: 50),
        weight(from: 1, to: 0, bits: 2, removal: 50),
        // Unit 1: the way in is worth two.
        weight(from: 0, to: 1, bits: 1, removal: 2),
        // Unit 2: each side is worth more than three.
        weight(from: 1, to: 2, bits: 2, removal: 4),
      ],
      [
        weight(from: 0, to: 0, bits: 2, removal: 4),
        weight(from: 1, to: 0, bits: 2, removal: 60),
        weight(from: 2, to: 1, bits: 1, removal: 5),
      ])
    #expect(units.withoutOutgoing == [0])
    #expect(units.withoutIncoming == [1])
  }

  @Test func `a unit goes only for more than rounding costs anyway`() {
    let outgoing = weight(from: 0, to: 0, bits: 1, removal: 3)
    #expect(units([weight(from: 0, to: 0, bits: 1, removal: 9)], [outgoing]).isEmpty)
    let rounded = weight(from: 0, to: 0, bits: 1, removal: 3, rounding: 1.5)
    let others = units([weight(from: 0, to: 0, bits: 1, removal: 9)], [rounded])
    #expect(others.withoutOutgoing == [0])
  }

  /// Ten equal units, each worth a little less than its bits: each could go, but not all, as errors of one sign
  /// add up in the sum that they share.
  @Test func `units are judged by what those removed before them have left behind`() {
    let incoming = (0..<10).map { weight(from: 0, to: $0, bits: 2, removal: 50) }
    func gone(signs: (Int) -> Double) -> Int {
      units(
        incoming,
        (0..<10).map { weight(from: $0, to: 0, bits: 1, removal: 2, sign: signs($0)) },
        correlation: 0.1
      ).withoutOutgoing.count
    }
    // Of k before, the next costs 2 + 0.1 · 4k nats and saves 3.
    #expect(gone { _ in 1 } == 3)
    #expect(gone { $0 % 2 == 0 ? 1 : -1 } == 10)
  }

  @Test func `the most profitable unit goes first`() {
    let units = units(
      (0..<3).map { weight(from: 0, to: $0, bits: 1 + Double($0), removal: 50) },
      (0..<3).map { weight(from: $0, to: 0, bits: 1, removal: 1.9, sign: 1) },
      correlation: 0.3)
    // Unit 2 saves 4, unit 1 then 3 of 3.04, unit 0 2 of more.
    #expect(units.withoutOutgoing == [2])
  }
}
