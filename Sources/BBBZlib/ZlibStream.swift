import CZlib

/// One `z_stream`, at a fixed address for as long as zlib knows it.
///
/// zlib keeps the stream's address in its own state, so the stream cannot be a Swift stored property.
struct ZlibStream: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let end: @Sendable (UnsafeMutablePointer<z_stream>) -> Void

  /// Starts inflating.
  static func inflating(_ container: ZlibContainer) -> ZlibStream {
    ZlibStream(
      start: {
        inflateInit2_($0, container.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      },
      end: { inflateEnd($0) })
  }

  /// Starts deflating with the most memory, at the level given.
  static func deflating(
    _ container: ZlibContainer, level: Int32, strategy: Int32
  ) -> ZlibStream {
    ZlibStream(
      start: {
        deflateInit2_(
          $0, level, Z_DEFLATED, container.windowBits, 9, strategy, ZLIB_VERSION,
          Int32(MemoryLayout<z_stream>.size))
      },
      end: { deflateEnd($0) })
  }

  private init(
    start: (UnsafeMutablePointer<z_stream>) -> Int32,
    end: @escaping @Sendable (UnsafeMutablePointer<z_stream>) -> Void
  ) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.end = end
    let status = start(stream)
    // Only exhausted memory or a zlib of another version can get here.
    precondition(status == Z_OK, "zlib could not start: status \(status)")
  }

  deinit {
    end(stream)
    stream.deallocate()
  }

  /// Runs zlib from one buffer into another and tells how far it came.
  ///
  /// - Parameters:
  ///   - input: Bytes not yet consumed.
  ///   - output: Room not yet filled.
  ///   - run: `inflate` or `deflate` with its flush mode.
  /// - Returns: zlib's status, the bytes consumed and the bytes produced.
  mutating func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableBufferPointer<UInt8>,
    _ run: (UnsafeMutablePointer<z_stream>) -> Int32
  ) -> (status: Int32, consumed: Int, produced: Int) {
    // SAFETY: zlib reads and writes at most the counts set here, which lie within the buffers; the
    // buffers outlive the call, and zlib keeps no pointer into them that the next call does not set.
    // zlib counts in 32 bits: longer buffers are passed in parts by the caller's loop.
    let limit = 1 << 30
    let inputCount = min(input.count, limit)
    let outputCount = min(output.count, limit)
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(inputCount)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(outputCount)
    let status = run(stream)
    return (
      status, inputCount - Int(stream.pointee.avail_in),
      outputCount - Int(stream.pointee.avail_out)
    )
  }
}
