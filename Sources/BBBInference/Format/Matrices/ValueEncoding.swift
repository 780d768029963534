import CBBBKernels

/// How the weights and biases of a layer are written.
public enum ValueEncoding: String, CaseIterable, Sendable {
  /// 32-bit floats: every value bit for bit.
  case float32
  /// 16-bit floats, rounded to nearest: half the bytes, eleven significant bits.
  case float16
  /// Quantised: at most 256 different values, each by its number in a table.
  case levels

  init?(code: UInt8) {
    guard let encoding = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = encoding
  }

  /// The number that stands for the encoding in a file.
  var code: UInt8 {
    switch self {
    case .float32: 0
    case .float16: 1
    case .levels: 2
    }
  }

  /// The bytes of a value before compression.
  var byteCount: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    case .levels: 1
    }
  }

  /// Whether the encoding gives values back bit for bit.
  ///
  /// - Parameter values: Finite numbers.
  /// - Returns: Whether none is rounded, or refused.
  public func isExact(for values: [Float]) -> Bool {
    switch self {
    case .float32: true
    case .float16: values.allSatisfy { bbb_half_to_float(bbb_float_to_half($0)) == $0 }
    case .levels: LevelTable(values) != nil
    }
  }

  /// Writes values, which ``isExact(for:)`` must hold for in the case of ``levels``.
  func encode(_ values: [Float]) -> [PayloadSegment] {
    switch self {
    case .float32:
      // The sign goes to the lowest byte, so that the exponent fills the highest.
      return planes(values.map { $0.bitPattern << 1 | $0.bitPattern >> 31 })
    case .float16:
      return planes(values.map { UInt32(bbb_float_to_half($0)) })
    case .levels:
      guard let table = LevelTable(values) else {
        preconditionFailure("more than 256 different values have no level table")
      }
      return [
        PayloadSegment(content: .repetitive, bytes: table.encoded),
        PayloadSegment(
          content: Set(values).count > 1 ? .symbols : .repetitive, bytes: table.codes(values),
          boundaries: Array(stride(from: 0, to: values.count, by: 64))),
      ]
    }
  }

  /// Byte planes: all lowest bytes, then all next ones, and so on.
  ///
  /// Low mantissa bytes are noise, high bytes hold exponents that repeat: apart, each gets the Huffman
  /// code that suits it.
  private func planes(_ words: [UInt32]) -> [PayloadSegment] {
    (0..<byteCount).map { plane in
      PayloadSegment(
        content: .symbols, bytes: words.map { UInt8(truncatingIfNeeded: $0 >> (8 * plane)) })
    }
  }

  /// Reads values.
  ///
  /// - Parameters:
  ///   - reader: Stands at the values; afterwards behind them.
  ///   - count: The number of values.
  /// - Returns: The values, in the order they were written in.
  /// - Throws: ``CompactModelError`` if the bytes end too early, or a value is not finite.
  func decode(_ reader: inout ByteReader, count: Int) throws(CompactModelError) -> [Float] {
    let values: [Float]
    switch self {
    case .levels:
      let table = try LevelTable(&reader)
      values = try table.values(try reader.take(count))
    case .float16:
      values = Self.joined(try reader.take(2 * count), planeCount: 2) {
        bbb_half_to_float(UInt16(truncatingIfNeeded: $0))
      }
    case .float32:
      values = Self.joined(try reader.take(4 * count), planeCount: 4) {
        Float(bitPattern: $0 >> 1 | $0 << 31)
      }
    }
    guard values.areFinite else {
      throw CompactModelError(
        .malformed, "the values of a layer are not all finite; the file is damaged")
    }
    return values
  }

  /// Puts byte planes of the same length together again.
  @inline(__always)
  private static func joined(
    _ planes: ArraySlice<UInt8>, planeCount: Int, _ value: (_ word: UInt32) -> Float
  ) -> [Float] {
    let count = planes.count / planeCount
    return [Float](unsafeUninitializedCapacity: count) { values, valueCount in
      // SAFETY: each index is below `count`, and there are `planeCount` planes of as many bytes.
      planes.withUnsafeBufferPointer { planes in
        for index in 0..<count {
          var word: UInt32 = 0
          for plane in 0..<planeCount {
            word |= UInt32(planes[plane * count + index]) << UInt32(8 * plane)
          }
          values[index] = value(word)
        }
      }
      valueCount = count
    }
  }
}

extension [Float] {
  /// Whether no element is infinite or not a number.
  ///
  /// All are looked at, several at once, which is faster than stopping at the first.
  fileprivate var areFinite: Bool {
    // An exponent of ones, and no other, carries into the sign bit.
    let carries = withUnsafeBufferPointer { elements in
      elements.reduce(0 as UInt32) { $0 | (($1.bitPattern & 0x7F80_0000) &+ 0x0080_0000) }
    }
    return carries >> 31 == 0
  }
}
