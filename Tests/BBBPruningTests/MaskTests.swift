import TestSupport
import Testing

@testable import BBBPruning

@Suite struct MaskTests {
  /// Truth values around the ends of words.
  static let flags = [0, 1, 63, 64, 65, 128, 200, 1000].map { count in
    var generator = SeededGenerator(seed: UInt64(count))
    return (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) == 0 }
  }

  @Test(arguments: flags)
  func `holds what it was made from`(flags: [Bool]) {
    let mask = Mask(flags)
    #expect(Array(mask) == flags)
    #expect(mask.keptCount == flags.count { $0 })
    #expect(Array(mask.keptPositions) == flags.indices.filter { flags[$0] })
    #expect(Mask(repeating: true, count: flags.count).keptCount == flags.count)
    #expect(mask == Mask(Array(mask)))
  }

  @Test(arguments: flags)
  func `a part is a mask of its own`(flags: [Bool]) {
    let mask = Mask(flags)
    for start in Set([0, 1, 5, 63, 64, 70, flags.count]) where start <= flags.count {
      for end in Set([start, start + 1, start + 64, start + 65, flags.count])
      where start...flags.count ~= end {
        let part = mask.part(start..<end)
        #expect(part == Mask(Array(flags[start..<end])))
        #expect(
          Array(mask.keptPositions(in: start..<end)) == (start..<end).filter { flags[$0] })
      }
    }
  }

  @Test(arguments: flags)
  func `a range can be removed`(flags: [Bool]) {
    for start in Set([0, 1, 5, 63, 64, 70, flags.count]) where start <= flags.count {
      for end in Set([start, start + 1, start + 64, start + 65, flags.count])
      where start...flags.count ~= end {
        var mask = Mask(flags)
        mask.remove(start..<end)
        #expect(Array(mask) == flags.indices.map { flags[$0] && !(start..<end).contains($0) })
      }
    }
  }

  @Test func `each position can be changed alone`() {
    var mask = Mask(repeating: false, count: 130)
    for position in [0, 63, 64, 129] { mask[position] = true }
    #expect(Array(mask.keptPositions) == [0, 63, 64, 129])
    mask[64] = false
    mask[0] = true
    #expect(Array(mask.keptPositions) == [0, 63, 129])
    #expect(mask != Mask(repeating: false, count: 130))
  }

  @Test(arguments: [0, 1, 63, 64, 100], [0, 1, 64, 129])
  func `bits find their places in a run, wherever they begin`(position: Int, count: Int) {
    let flags = (0..<count).map { $0 % 3 == 0 }
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for index in flags.indices where flags[index] { words[index / 64] |= 1 << UInt64(index % 64) }
    let first = 200 + position
    var run = BitRun(first..<first + count)
    words.withUnsafeBufferPointer { run.formUnion($0, at: first) }
    let expected = flags.indices.filter { flags[$0] }.map { first + $0 }
    #expect(Array(run.positions) == expected)
    var mask = Mask(repeating: false, count: 500)
    mask.formUnion(run)
    #expect(Array(mask.keptPositions) == expected)
  }
}
