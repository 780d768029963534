import Testing

@testable import BBBInference

extension ValueEncoding {
  /// Values as they are written.
  fileprivate func bytes(of values: [Float]) -> [UInt8] { encode(values).joined }

  /// Values read from bytes that hold nothing else.
  fileprivate func values(from bytes: [UInt8]) throws -> [Float] {
    var reader = ByteReader(bytes[...], subject: "values")
    return try decode(&reader, count: bytes.count / byteCount)
  }
}

@Suite struct ValueEncodingTests {
  @Test func `float32 planes keep every bit, subnormals and signed zeros included`() throws {
    let values: [Float] = [
      0, -0, 1, -1, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
    ]
    let planes = ValueEncoding.float32.bytes(of: values)
    let restored = try ValueEncoding.float32.values(from: planes)
    #expect(restored.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func `a float32's exponent fills the highest byte plane`() {
    // 1 and -1 are 0x3F800000 and 0xBF800000: exponent 127, mantissa 0.
    #expect(ValueEncoding.float32.bytes(of: [1, -1]) == [0, 1, 0, 0, 0, 0, 127, 127])
  }

  @Test func `float16 planes are the bytes of IEEE halves`() {
    // 1 is 0x3C00, -2 is 0xC000.
    #expect(ValueEncoding.float16.bytes(of: [1, -2]) == [0x00, 0x00, 0x3C, 0xC0])
  }

  /// Pairs computed with `numpy.float16(x).view("uint16")`.
  @Test(arguments: [
    (1.0, 0x3C00), (0.1, 0x2E66), (65504, 0x7BFF), (65519.99, 0x7BFF), (65520, 0x7C00),
    (5.960464477539063e-08, 0x0001), (2.98e-08, 0x0000), (2.99e-08, 0x0001),
    (6.097555160522461e-05, 0x03FF), (6.103515625e-05, 0x0400), (-0.333, 0xB554),
    (2049, 0x6800), (2051, 0x6802),
  ])
  func `float16 rounds to nearest, ties to even`(value: Float, bits: Int) {
    let planes = ValueEncoding.float16.bytes(of: [value])
    #expect(Int(planes[0]) | Int(planes[1]) << 8 == bits)
  }

  @Test func `every half survives a trip through float32`() throws {
    let halves = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
    let planes = halves.map { UInt8($0 & 0xFF) } + halves.map { UInt8($0 >> 8) }
    let values = try ValueEncoding.float16.values(from: planes)
    #expect(ValueEncoding.float16.bytes(of: values) == planes)
  }
}
