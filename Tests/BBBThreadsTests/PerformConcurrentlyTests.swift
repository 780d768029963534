import BBBThreads
import Synchronization
import Testing

struct PerformConcurrentlyTests {
  /// How often each number came.
  private final class Tally: Sendable {
    private let counts: Mutex<[Int]>

    init(_ size: Int) { counts = Mutex(Array(repeating: 0, count: size)) }

    func add(_ number: Int) { counts.withLock { $0[number] += 1 } }

    var values: [Int] { counts.withLock(\.self) }
  }

  @Test(arguments: [0, 1, 2, 3, 64, 1000])
  func `every piece is done once`(iterations: Int) {
    let tally = Tally(iterations)
    performConcurrently(iterations: iterations) { tally.add($0) }
    #expect(tally.values == Array(repeating: 1, count: iterations))
  }

  @Test func `pieces may share out pieces of their own`() {
    let tally = Tally(8 * 16)
    for _ in 0..<100 {
      performConcurrently(iterations: 8) { outer in
        performConcurrently(iterations: 16) { tally.add(outer * 16 + $0) }
      }
    }
    #expect(tally.values == Array(repeating: 100, count: 8 * 16))
  }

  @Test func `several callers share the threads`() async {
    let tally = Tally(4)
    await withTaskGroup { group in
      for caller in 0..<4 {
        group.addTask {
          for _ in 0..<200 { performConcurrently(iterations: 5) { _ in tally.add(caller) } }
        }
      }
    }
    #expect(tally.values == Array(repeating: 1000, count: 4))
  }

  @Test func `a few more threads can be had here`() { #expect(canMakeThreads(4)) }
}
