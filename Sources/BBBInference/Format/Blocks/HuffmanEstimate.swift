/// About how many bits symbols take in a deflate block of their own, without compressing them.
///
/// The symbols under their Huffman code are counted exactly (but for deflate's limit of 15 bits a code), the
/// description of the code by a fit to what zlib writes. Trials by the thousand need it: it takes a thousandth
/// of the time that compressing does.
struct HuffmanEstimate {
  private let counts: [Int]
  let bits: Double

  /// Estimates symbols.
  init(_ symbols: ArraySlice<UInt8>) {
    counts = symbols.withUnsafeBufferPointer { CountingSort.occurrences(of: $0, bound: 256) }
    bits = Self.bits(counts)
  }

  /// Estimates two stretches of symbols in one block.
  init(_ first: HuffmanEstimate, _ second: HuffmanEstimate) {
    counts = zip(first.counts, second.counts).map(+)
    bits = Self.bits(counts)
  }

  /// The fraction of the commonest symbol: above one half, a Huffman code wastes bits that runs may save.
  var largestShare: Double {
    Double(counts.max() ?? 0) / Double(max(counts.reduce(0, +), 1))
  }

  private static func bits(_ counts: [Int]) -> Double {
    // The end of the block is a symbol too.
    var leaves = counts.filter { $0 > 0 } + [1]
    leaves.sort()
    // The length of each code, and the runs of symbols without one.
    let holes = zip(counts, counts.dropFirst()).count { $0 > 0 && $1 == 0 }
    let description = 90 + 2.7 * Double(leaves.count) + 6 * Double(holes)
    // Huffman's algorithm with two queues: the bits are the sum of all merged weights.
    var merged: [Int] = []
    var total = 0
    var nextLeaf = 0
    var nextMerged = 0
    func smallest() -> Int {
      if nextMerged < merged.count,
        nextLeaf >= leaves.count || merged[nextMerged] < leaves[nextLeaf]
      {
        nextMerged += 1
        return merged[nextMerged - 1]
      }
      nextLeaf += 1
      return leaves[nextLeaf - 1]
    }
    for _ in 1..<max(leaves.count, 1) {
      let sum = smallest() + smallest()
      merged.append(sum)
      total += sum
    }
    return Double(total) + description
  }
}
