import BBBZlib

/// Where deflate's blocks end and how each looks for redundancy, found by trial.
///
/// Each block has Huffman codes of its own, which suit it better than common ones but take bytes to
/// describe. So the plan begins with many small blocks and merges neighbours for as long as that saves.
struct BlockPlan {
  /// A block, and what it takes by itself.
  private struct Block {
    var range: Range<Int>
    var content: PayloadSegment.Content
    var strategy = DeflateStrategy.huffmanOnly
    var storedByteCount = Int.max

    init(_ range: Range<Int>, of bytes: [UInt8], _ content: PayloadSegment.Content) {
      self.range = range
      self.content = content
      let part = Array(bytes[range])
      let strategies: [DeflateStrategy] =
        content == .symbols ? [.huffmanOnly, .runLength] : DeflateStrategy.allCases
      for strategy in strategies {
        let count = deflate(part.span.bytes, strategy: strategy, container: .raw).count
        if count < storedByteCount { (self.strategy, storedByteCount) = (strategy, count) }
      }
    }
  }

  /// The most blocks that a segment is cut into at first.
  private static let blocksPerSegment = 8
  /// Shorter blocks are not tried: describing Huffman codes takes some 50 bytes.
  private static let shortestBlock = 500

  private let bytes: [UInt8]
  private var blocks: [Block] = []

  /// Plans the blocks of a section.
  ///
  /// - Parameter segments: What the section consists of.
  init(_ segments: [PayloadSegment]) {
    bytes = segments.joined
    var start = 0
    for segment in segments {
      var previous = start
      for cut in Self.cuts(of: segment) {
        blocks.append(Block(previous..<(start + cut), of: bytes, segment.content))
        previous = start + cut
      }
      start += segment.bytes.count
    }
    mergeNeighbours()
  }

  /// The bytes that the blocks take, each rounded up to whole bytes.
  var storedByteCount: Int { blocks.reduce(0) { $0 + $1.storedByteCount } }

  /// The section as one zlib stream.
  var stream: [UInt8] {
    let ends =
      blocks.isEmpty
      ? [DeflateBlock(end: 0, strategy: .standard)]
      : blocks.map { DeflateBlock(end: $0.range.upperBound, strategy: $0.strategy) }
    return deflate(bytes.span.bytes, blocks: ends, container: .zlib)
  }

  /// The positions at which a segment's blocks end at first: evenly spread, at boundaries it allows.
  private static func cuts(of segment: PayloadSegment) -> [Int] {
    let count = segment.bytes.count
    guard count > 0 else { return [] }
    let blockCount = min(blocksPerSegment, max(1, count / shortestBlock))
    var cuts: [Int] = []
    for block in 1..<max(blockCount, 1) {
      let target = count * block / blockCount
      guard let cut = segment.boundaries.first(where: { $0 >= target }), cut < count,
        cut > cuts.last ?? 0
      else {
        continue
      }
      cuts.append(cut)
    }
    return cuts + [count]
  }

  private mutating func mergeNeighbours() {
    /// What neighbours take together, for each but the last block.
    var merged = blocks.indices.dropLast().map { merging($0) }
    while true {
      var best: (index: Int, saved: Int)?
      for (index, block) in merged.enumerated() {
        let saved =
          blocks[index].storedByteCount + blocks[index + 1].storedByteCount - block.storedByteCount
        if saved > best?.saved ?? 0 { best = (index, saved) }
      }
      guard let index = best?.index else { return }
      blocks[index] = merged[index]
      blocks.remove(at: index + 1)
      merged.remove(at: index)
      if index < merged.count { merged[index] = merging(index) }
      if index > 0 { merged[index - 1] = merging(index - 1) }
    }
  }

  private func merging(_ index: Int) -> Block {
    let (first, second) = (blocks[index], blocks[index + 1])
    return Block(
      first.range.lowerBound..<second.range.upperBound, of: bytes,
      first.content == .symbols ? second.content : first.content)
  }
}
