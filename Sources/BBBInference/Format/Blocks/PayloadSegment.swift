/// A stretch of a section's bytes whose symbols are alike.
struct PayloadSegment {
  /// What deflate may find in it.
  enum Content {
    /// Symbols that hardly repeat, such as gaps: Huffman codes say all there is to say.
    case symbols
    /// Bytes that may repeat.
    case repetitive
  }

  var content: Content
  var bytes: [UInt8]
  /// Ascending positions in `bytes` at which a deflate block may usefully end.
  var boundaries: [Int] = []
}

extension [PayloadSegment] {
  /// The segments one behind the other: the section as it is before compression.
  var joined: [UInt8] { flatMap(\.bytes) }
}
