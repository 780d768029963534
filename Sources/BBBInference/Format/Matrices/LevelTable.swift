import CBBBKernels

/// The few different values that quantised weights have, each written as its number in one byte.
enum LevelTable: Equatable {
  /// The value of number *n* is (*n* − zero) · step.
  case grid(step: Float, zero: Int)
  /// Ascending values that float16 holds exactly.
  case float16([Float])
  /// Ascending values.
  case float32([Float])

  /// The most levels that numbers of one byte can tell apart.
  static let maximumCount = 256

  /// The smallest table that holds values exactly; `nil` if more than 256 differ.
  init?(_ values: [Float]) {
    let levels = Set(values).sorted()
    guard levels.count <= Self.maximumCount else { return nil }
    self =
      Self.grid(levels)
      ?? (levels.allSatisfy { bbb_half_to_float(bbb_float_to_half($0)) == $0 }
        ? .float16(levels) : .float32(levels))
  }

  /// The grid on which all levels lie; `nil` if they lie on none.
  private static func grid(_ levels: [Float]) -> LevelTable? {
    guard let smallest = levels.lazy.filter({ $0 != 0 }).map(\.magnitude).min() else {
      return .grid(step: 1, zero: 0)
    }
    // The level next to zero is one step away, or a few if pruning left the first ones empty.
    for stepCount in 1...8 {
      let step = smallest / Float(stepCount)
      guard let first = levels.first, let last = levels.last, step >= .leastNormalMagnitude,
        (last - first) / step < Float(maximumCount), first.magnitude / step < Float(maximumCount)
      else {
        continue
      }
      if levels.allSatisfy({ ($0 / step).rounded() * step == $0 }) {
        let zero = max(0, -Int((first / step).rounded()))
        if zero + Int((last / step).rounded()) < maximumCount {
          return .grid(step: step, zero: zero)
        }
      }
    }
    return nil
  }

  /// The value of each number.
  var levels: [Float] {
    switch self {
    case .grid(let step, let zero): (0..<Self.maximumCount).map { Float($0 - zero) * step }
    case .float16(let levels), .float32(let levels): levels
    }
  }

  /// The numbers of values that the table holds.
  func codes(_ values: [Float]) -> [UInt8] {
    switch self {
    case .grid(let step, let zero):
      return values.map { UInt8(Int(($0 / step).rounded()) + zero) }
    case .float16(let levels), .float32(let levels):
      let codes = Dictionary(uniqueKeysWithValues: zip(levels, UInt8.min...UInt8.max))
      return values.map { codes[$0] ?? 0 }
    }
  }

  private enum Kind: UInt8 {
    case grid = 0
    case float16 = 1
    case float32 = 2
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .grid(let step, let zero):
      writer.append(Kind.grid.rawValue)
      writer.append(step)
      writer.append(UInt8(zero))
    case .float16(let levels):
      writer.append(Kind.float16.rawValue)
      writer.append(UInt8(levels.count - 1))
      for level in levels { writer.append(Int(bbb_float_to_half(level)), byteCount: 2) }
    case .float32(let levels):
      writer.append(Kind.float32.rawValue)
      writer.append(UInt8(levels.count - 1))
      for level in levels { writer.append(level) }
    }
    return writer.bytes
  }

  /// Reads a table.
  ///
  /// - Throws: ``CompactModelError`` if it is of an unknown kind or cut short.
  init(_ reader: inout ByteReader) throws(CompactModelError) {
    let code = try reader.byte()
    guard let kind = Kind(rawValue: code) else {
      throw CompactModelError(
        .unsupportedVersion,
        "the model uses level table \(code), which this program does not know; update bbbprune")
    }
    switch kind {
    case .grid:
      self = .grid(step: try reader.float(), zero: Int(try reader.byte()))
    case .float16:
      self = .float16(
        try Self.list(&reader) { (reader: inout ByteReader) throws(CompactModelError) in
          bbb_half_to_float(UInt16(try reader.integer(byteCount: 2)))
        })
    case .float32:
      self = .float32(
        try Self.list(&reader) { (reader: inout ByteReader) throws(CompactModelError) in
          try reader.float()
        })
    }
  }

  private static func list(
    _ reader: inout ByteReader,
    _ next: (inout ByteReader) throws(CompactModelError) -> Float
  ) throws(CompactModelError) -> [Float] {
    let count = Int(try reader.byte()) + 1
    var levels: [Float] = []
    for _ in 0..<count { levels.append(try next(&reader)) }
    return levels
  }

  /// The values that numbers stand for.
  ///
  /// - Throws: ``CompactModelError`` if a number is beyond the table.
  func values(_ codes: ArraySlice<UInt8>) throws(CompactModelError) -> [Float] {
    let levels = levels
    // All are looked at, several at once, which is faster than stopping at the first.
    guard codes.withUnsafeBufferPointer({ $0.reduce(0, max) }) < levels.count else {
      throw CompactModelError(
        .malformed,
        "a value has a number beyond its layer's \(levels.count) levels; the file is damaged or forged"
      )
    }
    return [Float](unsafeUninitializedCapacity: codes.count) { values, count in
      // SAFETY: no number is beyond the levels, and there are as many values as numbers.
      codes.withUnsafeBufferPointer { codes in
        levels.withUnsafeBufferPointer { levels in
          for index in codes.indices { values[index] = levels[Int(codes[index])] }
        }
      }
      count = codes.count
    }
  }
}
