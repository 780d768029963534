/// A small generator of pseudo-random bits: the same sequence for a seed on every platform.
///
/// Source: Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64

  /// Starts a sequence, so that its first number is the one at `position` of the seed's sequence.
  package init(seed: UInt64, position: UInt64 = 0) {
    state = seed &+ Self.increment &* position
  }

  /// The next 64 bits of the sequence.
  package mutating func next() -> UInt64 {
    state &+= Self.increment
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  /// A number in 0 ..< 1, a multiple of 2⁻⁵³.
  package mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
