import BBBZlib

/// Deflates bytes in several ways and keeps the shortest; an inflater needs not know which.
enum DeflateTrial {
  /// The numbers of blocks tried where the statistics of the bytes drift.
  private static let blockCounts = [2, 4, 8]

  /// Deflates symbols that hardly repeat, such as gaps: Huffman codes, in one or more blocks.
  ///
  /// - Parameters:
  ///   - bytes: What to compress.
  ///   - boundaries: Ascending indices at which a block may end.
  /// - Returns: The shortest stream found.
  static func symbols(_ bytes: [UInt8], boundaries: [Int]) -> [UInt8] {
    let first = boundaries.first ?? 0
    var best = shortest(of: bytes, [.huffmanOnly, .runLength], blockEnds: [first])
    for blockCount in blockCounts where boundaries.count >= blockCount {
      let ends = (0..<blockCount).map { block in
        let target = first + (bytes.count - first) * block / blockCount
        return boundaries[lowerBound(of: target, in: boundaries)]
      }
      let stream = shortest(of: bytes, [.huffmanOnly], blockEnds: ends.removingRepetitions())
      if stream.count < best.count { best = stream }
    }
    return best
  }

  /// Deflates bytes that may repeat.
  static func repetitive(_ bytes: [UInt8], blockEnds: [Int] = []) -> [UInt8] {
    shortest(of: bytes, DeflateStrategy.allCases, blockEnds: blockEnds)
  }

  /// Deflates planes of noise and exponents, one block or more each.
  static func planes(_ bytes: [UInt8], planeCount: Int) -> [UInt8] {
    let ends = (1..<planeCount).map { bytes.count / planeCount * $0 }
    return shortest(of: bytes, [.huffmanOnly, .runLength], blockEnds: ends)
  }

  private static func shortest(
    of bytes: [UInt8], _ strategies: [DeflateStrategy], blockEnds: [Int]
  ) -> [UInt8] {
    let ends = blockEnds.filter { $0 > 0 && $0 < bytes.count }
    let streams = strategies.map {
      deflate(bytes.span.bytes, blockEnds: ends, strategy: $0, container: .zlib)
    }
    return streams.min { $0.count < $1.count } ?? []
  }

  /// The index of the first boundary at or after `target`, or of the last one.
  private static func lowerBound(of target: Int, in boundaries: [Int]) -> Int {
    var low = 0
    var high = boundaries.count - 1
    while low < high {
      let middle = (low + high) / 2
      if boundaries[middle] < target { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [Int] {
  /// The array without equal neighbours.
  fileprivate func removingRepetitions() -> [Int] {
    reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}
