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

/// Deflates bytes into one stream, at the highest level.
///
/// - Parameters:
///   - bytes: What to compress.
///   - blockEnds: Positions in `bytes`, ascending, at which a deflate block ends, so that what follows
///     gets Huffman codes of its own; zlib adds boundaries where its buffers fill.
///   - strategy: How to look for redundancy.
///   - container: What stands around the deflated blocks.
/// - Returns: The compressed stream.
public func deflate(
  _ bytes: RawSpan, blockEnds: [Int] = [], strategy: DeflateStrategy = .standard,
  container: ZlibContainer
) -> [UInt8] {
  var stream = ZlibStream.deflating(container, level: 9, strategy: strategy.code)
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  // SAFETY: `start` and `end` are positions within `input`, and only what zlib wrote is appended.
  bytes.withUnsafeBytes { input in
    buffer.withUnsafeMutableBufferPointer { buffer in
      var start = 0
      for end in blockEnds + [input.count] {
        let flush = end == input.count ? Z_FINISH : Z_BLOCK
        while true {
          let (status, read, written) = stream.step(
            UnsafeRawBufferPointer(rebasing: input[start..<end]), buffer
          ) { CZlib.deflate($0, end - start > 1 << 30 ? Z_NO_FLUSH : flush) }
          start += read
          output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<written]))
          if status == Z_STREAM_END { return }
          // A flush is complete once the input is gone and the output has room to spare.
          if flush == Z_BLOCK, start == end, written < buffer.count { break }
        }
      }
    }
  }
  return output
}
