/// Why a compressed stream could not be inflated: a clause of the message of whoever knows the file.
public enum ZlibError: Error, Equatable, Sendable {
  /// The stream ends before the promised bytes are there.
  case truncated
  /// The stream holds more bytes than promised, or is followed by bytes that are not its own.
  case tooLong
  /// The stream breaks the rules of its format, or its checksum does not match.
  case corrupt
}

extension ZlibError: CustomStringConvertible {
  /// A clause that completes "the compressed data …".
  public var description: String {
    switch self {
    case .truncated: "ends too early"
    case .tooLong: "is longer than declared"
    case .corrupt: "is corrupt"
    }
  }
}
