import BBBZlib

/// Where deflate's blocks end and how each looks for redundancy.
///
/// Each block has Huffman codes of its own, which suit it better than common ones but take bytes to
/// describe. So the plan begins with many small blocks and merges neighbours for as long as that saves.
struct BlockPlan {
  private struct Block {
    var range: Range<Int>
    var content: PayloadSegment.Content
    var estimate: HuffmanEstimate
  }

  /// The most blocks that a segment is cut into at first.
  private static let blocksPerSegment = 16
  /// Shorter blocks are not tried: describing Huffman codes takes some 50 bytes.
  private static let shortestBlock = 250

  private let segments: [PayloadSegment]
  private var blocks: [Block] = []

  /// Plans the blocks of a section.
  ///
  /// - Parameter segments: What the section consists of.
  init(_ segments: [PayloadSegment]) {
    self.segments = segments
    var start = 0
    for segment in segments {
      var previous = start
      for cut in Self.cuts(of: segment) {
        let symbols = segment.bytes[(previous - start)..<cut]
        blocks.append(
          Block(
            range: previous..<(start + cut), content: segment.content,
            estimate: HuffmanEstimate(symbols)))
        previous = start + cut
      }
      start += segment.bytes.count
    }
    mergeNeighbours()
  }

  /// About how many bits the blocks take.
  var estimatedBits: Double { blocks.reduce(0) { $0 + $1.estimate.bits } }

  /// The section as one zlib stream.
  var stream: [UInt8] {
    let bytes = segments.joined
    let planned = blocks.map {
      DeflateBlock(end: $0.range.upperBound, strategy: strategy(of: $0, bytes[$0.range]))
    }
    let blocks = planned.isEmpty ? [DeflateBlock(end: 0, strategy: .standard)] : planned
    return deflate(bytes.span.bytes, blocks: blocks, container: .zlib)
  }

  /// The strategy that makes a block smallest, by trial.
  private func strategy(of block: Block, _ bytes: ArraySlice<UInt8>) -> DeflateStrategy {
    if block.content == .symbols {
      // A long block of symbols none of which is common has hardly anything for runs to match.
      let isNoise = block.estimate.largestShare < 0.1
      if isNoise && bytes.count > 1 << 18 || !Self.hasRun(bytes) { return .huffmanOnly }
    }
    let candidates: [DeflateStrategy] =
      block.content == .symbols ? [.huffmanOnly, .runLength] : DeflateStrategy.allCases
    let counts = candidates.map {
      deflate(bytes.span.bytes, strategy: $0, container: .raw).count
    }
    return zip(candidates, counts).min { $0.1 < $1.1 }?.0 ?? .standard
  }

  /// Whether a byte follows itself three times: the shortest match at distance one.
  private static func hasRun(_ bytes: ArraySlice<UInt8>) -> Bool {
    var previous: UInt8?
    var repetitions = 0
    for byte in bytes {
      repetitions = byte == previous ? repetitions + 1 : 0
      if repetitions == 3 { return true }
      previous = byte
    }
    return false
  }

  /// The positions at which a segment's blocks end at first: evenly spread, at boundaries it allows.
  private static func cuts(of segment: PayloadSegment) -> [Int] {
    let count = segment.bytes.count
    guard count > 0 else { return [] }
    let blockCount = min(blocksPerSegment, max(1, count / shortestBlock))
    var cuts: [Int] = []
    var boundary = 0
    for block in 1..<max(blockCount, 1) {
      let target = count * block / blockCount
      while boundary < segment.boundaries.count, segment.boundaries[boundary] < target {
        boundary += 1
      }
      guard boundary < segment.boundaries.count else { break }
      let cut = segment.boundaries[boundary]
      if cut < count, cut > cuts.last ?? 0 { cuts.append(cut) }
    }
    return cuts + [count]
  }

  private mutating func mergeNeighbours() {
    /// What neighbours take together, for each but the last block; `nil` where they are not alike.
    var merged = blocks.indices.dropLast().map(merging)
    while true {
      var best: (index: Int, block: Block, saved: Double)?
      for (index, block) in merged.enumerated() {
        guard let block else { continue }
        let saved =
          blocks[index].estimate.bits + blocks[index + 1].estimate.bits - block.estimate.bits
        if saved > best?.saved ?? 0 { best = (index, block, saved) }
      }
      guard let best else { return }
      blocks[best.index] = best.block
      blocks.remove(at: best.index + 1)
      merged.remove(at: best.index)
      if best.index < merged.count { merged[best.index] = merging(best.index) }
      if best.index > 0 { merged[best.index - 1] = merging(best.index - 1) }
    }
  }

  private func merging(_ index: Int) -> Block? {
    let (first, second) = (blocks[index], blocks[index + 1])
    guard first.content == second.content else { return nil }
    return Block(
      range: first.range.lowerBound..<second.range.upperBound, content: first.content,
      estimate: HuffmanEstimate(first.estimate, second.estimate))
  }
}
