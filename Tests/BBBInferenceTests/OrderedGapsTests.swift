import TestSupport
import Testing

@testable import BBBInference

@Suite struct OrderedGapsTests {
  /// Four groups over ten positions: counts 3, 2, 2 and 0, equal counts by first position.
  let groups = SparsePattern(
    columnCount: 10, rowStarts: [0, 3, 5, 7, 7], columns: [1, 2, 6, 0, 9, 4, 5])

  @Test func `runs of counts, first positions, then the other gaps`() {
    // Counts fall from 10: by 7 to 3 for one group, by 1 to 2 for two, by 2 to 0 for one.
    let segments = OrderedGaps.encode(groups, GapSymbols(escape: 255))
    #expect(segments[0].bytes == [255, 7, 1, 1, 2, 2, 1])
    // 1; then 0; then 4, which is 4 behind the 0 of the group before.
    #expect(segments[1].bytes == [1, 0, 4])
    #expect(segments[2].bytes == [0, 3, 8, 0])
  }

  @Test func `a smaller escape stands for as many skipped positions`() {
    let segments = OrderedGaps.encode(groups, GapSymbols(escape: 3))
    #expect(segments[1].bytes == [1, 0, 3, 1])
    #expect(segments[2].bytes == [0, 3, 0, 3, 3, 2, 0])
  }

  @Test func `only groups in order can be written so`() {
    #expect(OrderedGaps.isOrdered(groups))
    #expect(!OrderedGaps.isOrdered(ArrangedPattern(groups).transposed().pattern))
    let laterFirst = SparsePattern(columnCount: 4, rowStarts: [0, 1, 2], columns: [3, 1])
    #expect(!OrderedGaps.isOrdered(laterFirst))
  }

  /// Each lie about the groups above, and the words that give it away.
  @Test(
    arguments: [
      ("a count that rises", [7, 1, 0, 2, 3, 1, 1, 0, 4, 0, 3, 8, 0], "do not fall"),
      ("a count below zero", [11, 4], "do not fall"),
      ("a run without groups", [7, 0], "more units than the layer"),
      ("a run beyond the groups", [7, 5], "more units than the layer"),
      ("counts that do not add up", [7, 4, 0, 0, 0], "add up to 12"),
      ("missing gaps", [7, 1, 1, 2, 2, 1, 1, 0, 4], "too short for its weights"),
      ("a first position outside", [7, 1, 1, 2, 2, 1, 1, 8, 4, 0, 3, 8, 0], "outside"),
      ("a position outside", [7, 1, 1, 2, 2, 1, 1, 0, 4, 0, 3, 9, 0], "outside"),
      ("a gap that ends early", [7, 1, 1, 2, 2, 1, 1, 0, 4, 0, 3, 8, 255], "ends inside"),
    ] as [(String, [UInt8], String)])
  func `groups that lie are refused`(lie: String, bytes: [UInt8], words: String) {
    let error = #expect(throws: CompactModelError.self) {
      try ConnectionCoding.orderedGapsByInput.decode(
        [255] + bytes, extents: (4, 10), weightCount: 7)
    }
    #expect(error?.message.contains(words) == true, "\(lie): \(error?.message ?? "")")
  }

  @Test(arguments: [
    ("no escape", [0, 7, 1, 1, 2, 2, 1, 1, 0, 4, 0, 3, 8, 0]),
    ("a symbol beyond the escape", [5, 7, 1, 1, 2, 2, 1, 1, 0, 4, 0, 3, 8, 0]),
  ])
  func `an escape that lies is refused`(lie: String, bytes: [UInt8]) {
    #expect(throws: CompactModelError.self, "\(lie)") {
      try ConnectionCoding.orderedGapsByInput.decode(bytes, extents: (4, 10), weightCount: 7)
    }
  }

  @Test(arguments: [0.01, 0.1, 0.6, 1])
  func `a network in coding order is written so, and read back`(density: Double) throws {
    let model = CompactModel.random(sizes: [500, 90, 70, 10], density: density, seed: 31)
      .inCodingOrder()
    #expect(OrderedGaps.isOrdered(model.matrices[0].pattern))
    for layer in model.layers {
      for (coding, weights) in [
        (ConnectionCoding.orderedGapsByOutput, layer.matrix.pattern),
        (.orderedGapsByInput, ArrangedPattern(layer.matrix.pattern).transposed().pattern),
      ] where coding.canEncode(weights) {
        for variant in coding.variants(weights) {
          let decoded = try coding.decode(
            variant.joined,
            extents: coding.extents(
              MatrixExtents(rows: layer.outputCount, columns: layer.inputCount, taps: 1)),
            weightCount: layer.weightCount)
          #expect(decoded.groups == weights)
        }
      }
    }
    #expect(try CompactModel(bytes: model.encoded()) == model)
  }
}
