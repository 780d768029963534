import TestSupport
import Testing

@testable import BBBPruning

@Suite struct SelectionTests {
  /// What the rule says, by a stable sort of everything.
  func sortedMask(_ keys: [UInt64], removing count: Int) -> [Bool] {
    let order = keys.indices.sorted { keys[$0] != keys[$1] ? keys[$0] < keys[$1] : $0 < $1 }
    var keeps = [Bool](repeating: true, count: keys.count)
    for position in order.prefix(count) { keeps[position] = false }
    return keeps
  }

  @Test(arguments: [1, 3, 1000], [1 as UInt64, 5, 1 << 20, 1 << 63])
  func `removes the smallest keys, of equal ones the first, exactly as many as asked`(
    count: Int, range: UInt64
  ) {
    var generator = SeededGenerator(seed: range &+ UInt64(count))
    let keys = (0..<count).map { _ in UInt64.random(in: 0...range, using: &generator) }
    for removed in Set([0, 1, count / 3, count / 2, count - 1, count]) {
      var keeps = [Bool](repeating: true, count: count)
      Selection(removing: removed, of: keys[...])?.clear(keys[...], in: &keeps)
      #expect(keeps == sortedMask(keys, removing: removed))
    }
  }

  @Test func `a part of the keys is cut without touching the others`() {
    let keys: [UInt64] = [9, 1, 5, 3, 5, 5, 0]
    var keeps = [Bool](repeating: true, count: 7)
    Selection(removing: 3, of: keys[2..<6])?.clear(keys[2..<6], in: &keeps)
    #expect(keeps == [true, true, false, false, false, true, true])
  }
}
