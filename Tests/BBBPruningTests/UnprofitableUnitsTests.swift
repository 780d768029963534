import Testing

@testable import BBBPruning

@Suite struct UnprofitableUnitsTests {
  /// A weight whose bits cost `bits` nats and whose removal would cost `removal`.
  private func weight(
    from input: Int, to output: Int, bits: Double, removal: Double
  ) -> QuantisedLayer.Weight {
    QuantisedLayer.Weight(
      input: input, output: output, bitsCost: bits, roundingCost: 0, removalCost: removal)
  }

  @Test func `a unit goes if one side's removal is cheaper than the bits of both`() {
    let layers = [
      QuantisedLayer(
        values: [], cost: 0,
        kept: [
          // Unit 0: five nats of bits in, two out; the way out is worth four.
          weight(from: 0, to: 0, bits: 3, removal: 50),
          weight(from: 1, to: 0, bits: 2, removal: 50),
          // Unit 1: the way in is worth two.
          weight(from: 0, to: 1, bits: 1, removal: 2),
          // Unit 2: each side is worth more than three.
          weight(from: 1, to: 2, bits: 2, removal: 4),
        ]),
      QuantisedLayer(
        values: [], cost: 0,
        kept: [
          weight(from: 0, to: 0, bits: 2, removal: 4),
          weight(from: 1, to: 0, bits: 2, removal: 60),
          weight(from: 2, to: 1, bits: 1, removal: 5),
        ]),
    ]
    var units = UnprofitableUnits(layerCount: 2)
    units.insert(from: layers)
    #expect(units.withoutOutgoing == [[0]])
    #expect(units.withoutIncoming == [[1]])
  }

  @Test func `what rounding costs is saved as well`() {
    var incoming = weight(from: 0, to: 0, bits: 1, removal: 9)
    let outgoing = weight(from: 0, to: 0, bits: 1, removal: 3)
    func units(_ incoming: QuantisedLayer.Weight) -> UnprofitableUnits {
      var units = UnprofitableUnits(layerCount: 2)
      units.insert(
        from: [incoming, outgoing].map { QuantisedLayer(values: [], cost: 0, kept: [$0]) })
      return units
    }
    #expect(units(incoming).withoutOutgoing == [[]])
    incoming.roundingCost = 1.5
    #expect(units(incoming).withoutOutgoing == [[0]])
  }
}
