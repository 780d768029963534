import BBBZlib

/// A gzip stream taken apart: one part without a label.
struct GzipStream: SealedContainer {
  var parts: [ContainerPart]

  private static let inflatedLimit = 1 << 20

  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x1F, 0x8B]),
      let inflated = try? inflatePrefix(
        of: bytes.span.bytes, byteCount: Self.inflatedLimit, container: .gzip)
    else { return nil }
    parts = [ContainerPart(label: [], content: inflated.output)]
  }

  func sealed() -> [UInt8] {
    deflate(parts.flatMap(\.content).span.bytes, container: .gzip)
  }
}
