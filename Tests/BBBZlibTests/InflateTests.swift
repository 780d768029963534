import BBBZlib
import Testing

struct InflateTests {
  /// `zlib.compress(b"hello hello hello", 9)` in Python.
  private let hello: [UInt8] = [
    0x78, 0xDA, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x90, 0x00, 0x3A, 0x2E, 0x06, 0x7D,
  ]
  /// `gzip.compress(b"hello hello hello", 9, mtime=0)` in Python.
  private let helloGzip: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57,
    0xC8, 0x40, 0x90, 0x00, 0x80, 0x88, 0xF9, 0xE5, 0x11, 0x00, 0x00, 0x00,
  ]
  private let text = Array("hello hello hello".utf8)

  @Test func `the streams of Python are inflated`() throws {
    #expect(try inflate(hello.span.bytes, byteCount: 17, container: .zlib) == text)
    #expect(try inflate(helloGzip.span.bytes, byteCount: 17, container: .gzip) == text)
    let raw = Array(hello.dropFirst(2).dropLast(4))
    #expect(try inflate(raw.span.bytes, byteCount: 17, container: .raw) == text)
  }

  @Test(arguments: [0, 1, 16])
  func `a stream longer than declared is refused`(_ byteCount: Int) {
    #expect(throws: ZlibError.tooLong) {
      try inflate(hello.span.bytes, byteCount: byteCount, container: .zlib)
    }
  }

  @Test func `a stream shorter than declared is refused`() {
    #expect(throws: ZlibError.truncated) {
      try inflate(hello.span.bytes, byteCount: 18, container: .zlib)
    }
  }

  @Test func `bytes behind the stream are refused`() {
    let longer = hello + [0]
    #expect(throws: ZlibError.tooLong) {
      try inflate(longer.span.bytes, byteCount: 17, container: .zlib)
    }
  }

  @Test func `every truncation is refused`() {
    for length in hello.indices {
      let part = Array(hello.prefix(length))
      #expect(throws: ZlibError.self, "\(length) bytes") {
        try inflate(part.span.bytes, byteCount: 17, container: .zlib)
      }
    }
  }

  @Test func `no wrong bit yields wrong bytes`() {
    for position in hello.indices {
      for bit in 0..<8 {
        var damaged = hello
        damaged[position] ^= 1 << UInt8(bit)
        // The checksums guard everything but the bits that fill the last byte of the blocks.
        let output = try? inflate(damaged.span.bytes, byteCount: 17, container: .zlib)
        #expect(output == nil || output == text, "bit \(bit) of byte \(position)")
        if output != nil { #expect(position == hello.count - 5) }
      }
    }
  }

  @Test(arguments: 0...17)
  func `a prefix is inflated alone`(_ byteCount: Int) throws {
    let (output, isAtEnd, consumed) = try inflatePrefix(
      of: hello.span.bytes, byteCount: byteCount, container: .zlib)
    #expect(output == Array(text.prefix(byteCount)))
    #expect(isAtEnd == (byteCount == 17))
    #expect(consumed <= hello.count)
  }

  @Test func `a prefix longer than the stream ends with it`() throws {
    let (output, isAtEnd, consumed) = try inflatePrefix(
      of: hello.span.bytes, byteCount: 1000, container: .zlib)
    #expect(output == text)
    #expect(isAtEnd)
    #expect(consumed == hello.count)
  }

  /// A run of zeros is what deflate expands most.
  @Test func `no stream expands more than the maximum`() {
    let zeros = [UInt8](repeating: 0, count: 1 << 22)
    let stream = deflate(zeros.span.bytes, container: .raw)
    let ratio = zeros.count / stream.count
    #expect(ratio > 1000 && ratio <= maximumDeflateRatio)
  }
}
