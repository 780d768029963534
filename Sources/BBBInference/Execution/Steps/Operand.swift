/// A value in the arena.
struct Operand: Sendable {
  /// Where its memory begins, in numbers.
  let offset: Int
  let layout: ValueLayout

  /// Its memory.
  ///
  /// - Parameters:
  ///   - arena: The arena.
  ///   - width: The lanes.
  /// - Returns: The first float.
  @inline(__always)
  func start(_ arena: UnsafeMutablePointer<Float>, width: Int) -> UnsafeMutablePointer<Float> {
    arena + offset * width
  }

  /// Makes zero what readers take for zero.
  @inline(__always)
  func finish(_ arena: UnsafeMutablePointer<Float>, width: Int) {
    layout.finish(start(arena, width: width), width: width)
  }
}
