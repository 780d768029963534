import CBBBKernels

/// Threefry4x32 as its authors describe it, one word at a time (Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.2 and table 1).
enum Threefry {
  /// The rotations of round r, for both pairs, at r modulo 8.
  private static let rotations: [(UInt32, UInt32)] = [
    (10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20),
  ]

  static func words(counter: [UInt32], key: [UInt32], rounds: Int = 13) -> [UInt32] {
    let keys = key + [key.reduce(0x1BD1_1BDA, ^)]
    var x = zip(counter, keys).map { $0 &+ $1 }
    for round in 0..<rounds {
      let (first, second) = rotations[round % 8]
      let (even, odd) = round.isMultiple(of: 2) ? (1, 3) : (3, 1)
      mix(&x, 0, even, by: first)
      mix(&x, 2, odd, by: second)
      if round % 4 == 3 {
        let injection = round / 4 + 1
        for i in 0..<4 { x[i] &+= keys[(injection + i) % 5] }
        x[3] &+= UInt32(injection)
      }
    }
    return x
  }

  private static func mix(_ x: inout [UInt32], _ a: Int, _ b: Int, by distance: UInt32) {
    x[a] &+= x[b]
    x[b] = (x[b] << distance | x[b] >> (32 - distance)) ^ x[a]
  }

  /// The words of a stream at a counter: the seed, the stream and the draw are Threefry's key.
  static func words(_ key: bbb_noise_key, counter: UInt32) -> [UInt32] {
    words(
      counter: [counter, key.step, 0, 0],
      key: [
        UInt32(truncatingIfNeeded: key.seed), UInt32(key.seed >> 32), key.stream, key.draw,
      ])
  }

  /// The word that a stream's number `index` is made from: blocks of 128 hold the first words of 32
  /// counters, then their second words, and so on.
  static func word(_ key: bbb_noise_key, at index: Int) -> UInt32 {
    words(key, counter: UInt32(index / 128 * 32 + index % 32))[index % 128 / 32]
  }
}
