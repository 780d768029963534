import CBBBKernels

/// How weights and biases are written.
public enum ValueEncoding: String, CaseIterable, Sendable {
  /// 32-bit floats: every value bit for bit.
  case float32
  /// 16-bit floats, rounded to nearest: half the bytes, eleven significant bits.
  case float16

  init?(code: UInt8) {
    guard let encoding = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = encoding
  }

  /// The number that stands for the encoding in a file.
  var code: UInt8 {
    switch self {
    case .float32: 0
    case .float16: 1
    }
  }

  /// The number of bytes of one value before compression.
  var byteCount: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    }
  }

  /// Writes values as byte planes: all lowest bytes, then all next ones, and so on.
  ///
  /// Low mantissa bytes are noise, high bytes hold exponents that repeat: apart, each gets the Huffman
  /// code that suits it. A float32 is rotated left by one bit first, so that its eight exponent bits
  /// fill the highest byte and the sign goes to the lowest.
  func planes(of values: [Float]) -> [UInt8] {
    let words: [UInt32]
    switch self {
    case .float32:
      words = values.map { $0.bitPattern << 1 | $0.bitPattern >> 31 }
    case .float16:
      words = values.map { UInt32(bbb_float_to_half($0)) }
    }
    var planes: [UInt8] = []
    planes.reserveCapacity(values.count * byteCount)
    for plane in 0..<byteCount {
      planes.append(contentsOf: words.lazy.map { UInt8(truncatingIfNeeded: $0 >> (8 * plane)) })
    }
    return planes
  }

  /// Reads values from byte planes.
  ///
  /// - Parameter planes: A whole number of values.
  /// - Returns: The values, in the order they were written in.
  func values(fromPlanes planes: [UInt8]) -> [Float] {
    let count = planes.count / byteCount
    var words = [UInt32](repeating: 0, count: count)
    for plane in 0..<byteCount {
      for index in 0..<count {
        words[index] |= UInt32(planes[plane * count + index]) << (8 * plane)
      }
    }
    switch self {
    case .float32:
      return words.map { Float(bitPattern: $0 >> 1 | $0 << 31) }
    case .float16:
      return words.map { bbb_half_to_float(UInt16(truncatingIfNeeded: $0)) }
    }
  }
}
