/// What stands around the deflated blocks.
public enum ZlibContainer: Sendable {
  /// RFC 1950: a two-byte header and an Adler-32 checksum.
  case zlib
  /// RFC 1951: nothing, as in zip archives.
  case raw
  /// RFC 1952: a gzip header, a CRC-32 and the length.
  case gzip

  /// The `windowBits` parameter that tells zlib so.
  var windowBits: Int32 {
    switch self {
    case .zlib: 15
    case .raw: -15
    case .gzip: 15 + 16
    }
  }
}
