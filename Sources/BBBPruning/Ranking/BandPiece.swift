import CBBBKernels

/// What one pass over some weights finds out about a band of keys.
struct BandPiece: Sendable {
  /// The number of weights below the band.
  private(set) var belowCount = 0
  /// The weights in the band, by position.
  private(set) var keys: BandKeys
  /// Which weights lie above the band; of no positions if no mask is wanted.
  private(set) var above: BitRun
  /// Which weights lie in the band, where all their keys are equal.
  private(set) var ties: BitRun
  private let band: KeyBand
  private let marksAbove: Bool
  private let marksTies: Bool

  /// Creates a piece without any weights.
  ///
  /// - Parameters:
  ///   - band: What the weights are compared with.
  ///   - positions: Those of the weights.
  ///   - limit: The most weights of the band to list.
  ///   - wantsMask: Whether it is recorded which weights lie where, not only how many.
  init(_ band: KeyBand, at positions: Range<Int>, limit: Int, wantsMask: Bool) {
    self.band = band
    keys = BandKeys(band.keys, limit: limit)
    marksAbove = wantsMask
    marksTies = wantsMask && keys.isSingle
    above = BitRun(marksAbove ? positions : 0..<0)
    ties = BitRun(marksTies ? positions : 0..<0)
  }

  /// Takes up a weight of which the key is known.
  @inline(__always)
  mutating func add(_ key: RankKey, position: Int) {
    if key < band.keys.lowerBound {
      belowCount += 1
    } else if key > band.keys.upperBound {
      if marksAbove { above.insert(position) }
    } else {
      keys.add(BandWeight(key: key, position: position))
      if marksTies { ties.insert(position) }
    }
  }

  /// Takes up weights in single precision, and those near the band by their keys.
  ///
  /// - Parameters:
  ///   - weights: All at positions of this piece.
  ///   - buffers: For the kernel's bits.
  mutating func add(
    _ weights: OrdinaryWeights, _ buffers: borrowing WeightBuffers
  ) {
    guard weights.areCompared else {
      for index in 0..<weights.count {
        add(weights.key(index), position: weights.start + index)
      }
      return
    }
    // SAFETY: the weights fit into buffers that have as many bits.
    let counts = bbb_compare_with_band(
      WeightReader.instructionSet, weights.numerators, weights.denominators, weights.count,
      band.low, band.high, buffers.above.baseAddress, buffers.inside.baseAddress)
    belowCount += weights.count - counts.above - counts.inside
    let wordCount = (weights.count + Mask.wordWidth - 1) / Mask.wordWidth
    if marksAbove {
      above.formUnion(
        UnsafeBufferPointer(rebasing: buffers.above[..<wordCount]), at: weights.start)
    }
    guard counts.inside > 0 else { return }
    for word in 0..<wordCount {
      var rest = buffers.inside[word]
      while rest != 0 {
        let index = word * Mask.wordWidth + rest.trailingZeroBitCount
        rest &= rest - 1
        add(weights.key(index), position: weights.start + index)
      }
    }
  }
}
