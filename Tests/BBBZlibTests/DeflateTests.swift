import BBBZlib
import Testing

struct DeflateTests {
  /// 200,000 bytes with structure: counting, then a slow sawtooth, then zeros.
  private let bytes: [UInt8] = (0..<200_000).map { index in
    switch index {
    case ..<50_000: UInt8(truncatingIfNeeded: index &* index >> 5)
    case ..<120_000: UInt8(truncatingIfNeeded: index / 100)
    default: 0
    }
  }

  @Test(arguments: DeflateStrategy.allCases, [ZlibContainer.zlib, .raw, .gzip])
  func `every strategy is inflated`(_ strategy: DeflateStrategy, _ container: ZlibContainer) throws
  {
    let stream = deflate(bytes.span.bytes, strategy: strategy, container: container)
    #expect(stream.count < bytes.count)
    #expect(
      try inflate(stream.span.bytes, byteCount: bytes.count, container: container) == bytes)
    #expect(stream == deflate(bytes.span.bytes, strategy: strategy, container: container))
  }

  @Test(arguments: [ZlibContainer.zlib, .raw, .gzip])
  func `nothing is a stream too`(_ container: ZlibContainer) throws {
    let stream = deflate([UInt8]().span.bytes, container: container)
    #expect(try inflate(stream.span.bytes, byteCount: 0, container: container) == [])
  }

  @Test(
    arguments: [[50_000, 120_000], [0], [200_000], [1, 2, 3], [65_536, 131_072]],
    [[DeflateStrategy.standard], [.huffmanOnly, .runLength], [.runLength, .standard, .filtered]])
  func `blocks and strategies do not change the content`(
    _ ends: [Int], _ strategies: [DeflateStrategy]
  ) throws {
    let blocks = (ends + [bytes.count]).enumerated().map {
      DeflateBlock(end: $1, strategy: strategies[$0 % strategies.count])
    }
    let stream = deflate(bytes.span.bytes, blocks: blocks, container: .zlib)
    #expect(try inflate(stream.span.bytes, byteCount: bytes.count, container: .zlib) == bytes)
  }

  /// Runs are best matched at distance one, noise best left to Huffman codes.
  @Test func `each block is compressed by its own strategy`() {
    let halves = [DeflateBlock(end: 120_000, strategy: .huffmanOnly)]
    let runs = deflate(
      bytes.span.bytes, blocks: halves + [DeflateBlock(end: bytes.count, strategy: .runLength)],
      container: .raw)
    let noRuns = deflate(
      bytes.span.bytes, blocks: halves + [DeflateBlock(end: bytes.count, strategy: .huffmanOnly)],
      container: .raw)
    // 80,000 zeros take a bit each without matches.
    #expect(runs.count + 9_000 < noRuns.count)
  }

  /// Two sources with disjoint alphabets: codes of their own make the stream smaller.
  @Test func `a block end gives each part its own codes`() {
    var state: UInt32 = 1
    let mixed: [UInt8] = (0..<20_000).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 28) + (index < 10_000 ? 0 : 64)
    }
    let one = deflate(mixed.span.bytes, strategy: .huffmanOnly, container: .raw)
    let two = deflate(
      mixed.span.bytes,
      blocks: [10_000, 20_000].map { DeflateBlock(end: $0, strategy: .huffmanOnly) },
      container: .raw)
    #expect(two.count < one.count)
  }
}
