import BBBKernels

/// Indices in 16 bits each where that suffices, else in 32.
enum IndexBuffer: Sendable {
  case narrow(AlignedBuffer<UInt16>)
  case wide(AlignedBuffer<UInt32>)

  /// Creates a buffer of equal indices.
  ///
  /// - Parameters:
  ///   - index: The index that it is full of.
  ///   - count: How many.
  ///   - isWide: Whether indices need 32 bits.
  init(repeating index: Int, count: Int, isWide: Bool) {
    self =
      isWide
      ? .wide(AlignedBuffer(repeating: UInt32(index), count: count))
      : .narrow(AlignedBuffer(repeating: UInt16(index), count: count))
  }

  /// Whether the numbers below a bound, and the bound itself, need more than 16 bits.
  static func mustBeWide(for bound: Int) -> Bool { bound > Int(UInt16.max) }

  /// Where the indices begin.
  var start: UnsafeRawPointer {
    switch self {
    case .narrow(let buffer): UnsafeRawPointer(buffer.start)
    case .wide(let buffer): UnsafeRawPointer(buffer.start)
    }
  }

  /// Replaces some indices.
  func set(_ indices: ArraySlice<UInt32>, at position: Int) {
    switch self {
    case .narrow(let buffer):
      let start = buffer.start + position
      for (offset, index) in indices.enumerated() {
        start[offset] = UInt16(truncatingIfNeeded: index)
      }
    case .wide(let buffer):
      let start = buffer.start + position
      for (offset, index) in indices.enumerated() { start[offset] = index }
    }
  }

  /// Replaces one index.
  @inline(__always)
  func set(_ index: Int, at position: Int) {
    switch self {
    case .narrow(let buffer): buffer.start[position] = UInt16(truncatingIfNeeded: index)
    case .wide(let buffer): buffer.start[position] = UInt32(truncatingIfNeeded: index)
    }
  }
}
