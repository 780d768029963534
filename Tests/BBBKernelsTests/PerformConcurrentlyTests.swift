import BBBKernels
import Synchronization
import Testing

struct PerformConcurrentlyTests {
  /// How often each number came.
  private final class Tally: Sendable {
    private let counts: Mutex<[Int]>

    init(_ size: Int) { counts = Mutex(Array(repeating: 0, count: size)) }

    func add(_ number: Int, _ amount: Int = 1) { counts.withLock { $0[number] += amount } }

    var values: [Int] { counts.withLock(\.self) }
  }

  @Test(arguments: [0, 1, 2, 3, 64, 1000], [0, 1, 2, 5])
  func `every piece is done once`(pieceCount: Int, threadCount: Int) {
    let tally = Tally(pieceCount)
    performConcurrently(pieceCount: pieceCount, threadCount: threadCount) { piece, _ in
      tally.add(piece)
    }
    #expect(tally.values == Array(repeating: 1, count: pieceCount))
  }

  @Test(arguments: [1, 2, 3])
  func `a worker does one piece at a time`(threadCount: Int) {
    let working = Tally(threadCount)
    performConcurrently(pieceCount: 1000, threadCount: threadCount) { _, worker in
      working.add(worker)
      #expect(working.values[worker] == 1)
      working.add(worker, -1)
    }
  }

  @Test func `pieces may share out pieces of their own`() {
    let tally = Tally(8 * 16)
    for _ in 0..<100 {
      performConcurrently(pieceCount: 8, threadCount: 8) { outer, _ in
        performConcurrently(pieceCount: 16, threadCount: 16) { inner, _ in
          tally.add(outer * 16 + inner)
        }
      }
    }
    #expect(tally.values == Array(repeating: 100, count: 8 * 16))
  }

  @Test func `several callers share the threads`() async {
    let tally = Tally(4)
    await withTaskGroup { group in
      for caller in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            performConcurrently(pieceCount: 5, threadCount: 5) { _, _ in tally.add(caller) }
          }
        }
      }
    }
    #expect(tally.values == Array(repeating: 1000, count: 4))
  }

  @Test(arguments: [0, 1, 2, 100])
  func `values come by their indices`(count: Int) {
    #expect(parallelMap(count: count, threadCount: 3) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test func `a few more threads can be had here`() { #expect(canMakeThreads(4)) }
}
