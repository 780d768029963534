import CZlib

/// How the compressor looks for redundancy; every choice yields a stream that any inflater reads.
public enum DeflateStrategy: CaseIterable, Sendable {
  /// Matches and Huffman codes.
  case standard
  /// More Huffman codes, fewer matches.
  case filtered
  /// Huffman codes only: best for symbols without repetition.
  case huffmanOnly
  /// Matches at distance one, and Huffman codes.
  case runLength

  var code: Int32 {
    switch self {
    case .standard: Z_DEFAULT_STRATEGY
    case .filtered: Z_FILTERED
    case .huffmanOnly: Z_HUFFMAN_ONLY
    case .runLength: Z_RLE
    }
  }
}

/// A stretch of bytes that gets Huffman codes of its own.
public struct DeflateBlock: Equatable, Sendable {
  /// The position behind its last byte.
  public var end: Int
  /// How to look for redundancy in it.
  public var strategy: DeflateStrategy

  /// Creates a description of a block.
  ///
  /// - Parameters:
  ///   - end: The position behind its last byte.
  ///   - strategy: How to look for redundancy in it.
  public init(end: Int, strategy: DeflateStrategy) {
    self.end = end
    self.strategy = strategy
  }
}

/// Deflates bytes into one stream, at the highest level.
///
/// - Parameters:
///   - bytes: What to compress.
///   - blocks: The blocks, in order; the last ends where the bytes do. zlib adds boundaries where its
///     buffers fill.
///   - container: What stands around the deflated blocks.
/// - Returns: The compressed stream.
/// - Precondition: The blocks' ends ascend, and the last is the number of bytes.
public func deflate(
  _ bytes: RawSpan, blocks: [DeflateBlock], container: ZlibContainer
) -> [UInt8] {
  precondition(blocks.last?.end == bytes.byteCount, "the last block ends where the bytes do")
  var stream = ZlibStream.deflating(container, level: 9, strategy: blocks[0].strategy.code)
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  // SAFETY: `start` and `end` are positions within `input`, and only what zlib wrote is appended.
  bytes.withUnsafeBytes { input in
    buffer.withUnsafeMutableBufferPointer { buffer in
      var start = 0
      /// Runs zlib until it has taken everything up to `end` and has nothing left to say.
      func run(to end: Int, _ body: (UnsafeMutablePointer<z_stream>, _ isRest: Bool) -> Int32) {
        while true {
          let (status, read, written) = stream.step(
            UnsafeRawBufferPointer(rebasing: input[start..<end]), buffer
          ) { body($0, end - start <= 1 << 30) }
          start += read
          output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<written]))
          // A flush is complete once the input is gone and the output has room to spare.
          if status == Z_STREAM_END || start == end && written < buffer.count { return }
        }
      }
      for (index, block) in blocks.enumerated() {
        if index > 0, block.strategy != blocks[index - 1].strategy {
          run(to: start) { stream, _ in deflateParams(stream, 9, block.strategy.code) }
        }
        let flush = index == blocks.count - 1 ? Z_FINISH : Z_BLOCK
        run(to: block.end) { stream, isRest in
          CZlib.deflate(stream, isRest ? flush : Z_NO_FLUSH)
        }
      }
    }
  }
  return output
}

/// Deflates bytes in one way throughout, at the highest level.
///
/// - Parameters:
///   - bytes: What to compress.
///   - strategy: How to look for redundancy.
///   - container: What stands around the deflated blocks.
/// - Returns: The compressed stream.
public func deflate(
  _ bytes: RawSpan, strategy: DeflateStrategy = .standard, container: ZlibContainer
) -> [UInt8] {
  deflate(
    bytes, blocks: [DeflateBlock(end: bytes.byteCount, strategy: strategy)], container: container)
}
