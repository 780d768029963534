import TestSupport
import Testing

@testable import BBBPruning

@Suite struct CutTests {
  @Test(arguments: [1, 3, 1000, 100_000], [1 as UInt64, 5, 1 << 20, 1 << 62])
  func `is the key of that rank, with as many equal ones as go too`(count: Int, range: UInt64) {
    var generator = SeededGenerator(seed: range &+ UInt64(count))
    let keys = (0..<count).map { _ in 7 + UInt64.random(in: 0...range, using: &generator) }
    let sorted = keys.sorted()
    for removed in Set([1, (count + 2) / 3, (count + 1) / 2, count]) {
      let key = sorted[removed - 1]
      let ties = removed - sorted.count { $0 < key }
      #expect(Cut(removing: removed, of: keys) == Cut(key: key, tieCount: ties))
    }
  }

  @Test func `too many weights to list narrow the band`() {
    var generator = SeededGenerator(seed: 3)
    let band: ClosedRange<RankKey> = 1000...(1 << 40)
    let keys = (0..<5000).map { _ in RankKey.random(in: band, using: &generator) }
    let sorted = keys.sorted()
    for split in [0, 100, 4999, 5000] {
      // The weights come in two parts, of which each, one or none is short enough for a list.
      var found = BandKeys(band, limit: .max)
      for part in [keys[..<split], keys[split...]] {
        var piece = BandKeys(band, limit: 4950)
        for key in part { piece.add(BandWeight(key: key, position: 0)) }
        found.add(piece)
      }
      #expect(found.count == 5000)
      for removed in [1, 2500, 5000] {
        switch found.place(removing: removed) {
        case .cut(let cut):
          #expect(split == 100 && cut == Cut(key: sorted[removed - 1], tieCount: 1))
        case .band(let narrower):
          #expect(split != 100)
          #expect(narrower.contains(sorted[removed - 1]))
          #expect(narrower.upperBound - narrower.lowerBound < 1 << 29)
          #expect(band.contains(narrower.lowerBound) && band.contains(narrower.upperBound))
        }
      }
    }
  }

  @Test func `equal keys are counted, not listed`() {
    var keys = BandKeys(8...8, limit: 2)
    for position in 0..<10 { keys.add(BandWeight(key: 8, position: position)) }
    #expect(keys.count == 10 && keys.list == nil)
    #expect(keys.place(removing: 4) == .cut(Cut(key: 8, tieCount: 4)))
  }
}
