/// One file in a zip archive, as the central directory describes it.
struct ZipMember: Sendable {
  /// How the bytes are stored.
  enum Method: Sendable, Equatable {
    case stored
    case deflated
    case other(UInt16)

    init(code: UInt16) {
      switch code {
      case 0: self = .stored
      case 8: self = .deflated
      default: self = .other(code)
      }
    }
  }

  let name: String
  let method: Method
  /// CRC-32 of the uncompressed bytes.
  let checksum: UInt32
  /// The number of bytes, uncompressed.
  let byteCount: Int
  /// Where the bytes are in the archive.
  let range: Range<Int>
}
