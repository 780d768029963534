import BBBPosterior
import BBBTensors
import CBBBKernels

/// A cut that is looked for.
struct CutSearch: Sendable {
  /// Among the weights at these positions.
  let part: Range<Int>
  /// How many of them go.
  let removedCount: Int
  /// Where to look.
  var band: KeyBand
}

/// What one pass over some weights finds out about a band of keys.
struct BandPiece: Sendable {
  /// The number of weights below the band.
  var belowCount = 0
  /// The keys of the weights in the band, by position.
  var keys: BandKeys
  /// Which weights lie above the band; empty if no mask is wanted.
  var above: BitRun
  /// Which weights lie in the band; empty if no mask is wanted.
  var inside: BitRun

  /// Takes up a weight of which the key is known.
  @inline(__always)
  fileprivate mutating func add(
    _ key: RankKey, _ band: ClosedRange<RankKey>, position: Int, wantsMask: Bool
  ) {
    if key < band.lowerBound {
      belowCount += 1
    } else if key > band.upperBound {
      if wantsMask { above.insert(position) }
    } else {
      keys.add(key)
      if wantsMask { inside.insert(position) }
    }
  }
}

/// One pass over the weights that sorts them into those below, above and in bands of keys.
///
/// A kernel compares in single precision with bounds that make up for its errors. What it cannot
/// decide, the few weights near a band, is decided by their keys in double precision.
struct BandPass: Sendable {
  let ranking: Ranking
  /// Searches in the same part of the positions are neighbours.
  let searches: [CutSearch]
  /// Whether it is recorded which weights lie where, not only how many.
  let wantsMask: Bool

  /// The most weights of a task.
  private static let windowCount = 1 << 19
  /// Of how many weights one key is listed, at most, beyond a few thousand.
  private static let listShare = 32
  private static let shortList = 1 << 12

  private struct Task {
    /// Which searches.
    var searches: Range<Int>
    var positions: Range<Int>
  }

  /// Reads the weights.
  ///
  /// - Returns: For each search, what was found, by position.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  func run() throws(PosteriorError) -> [[BandPiece]] {
    let tasks = tasks
    let results = parallelMap(count: tasks.count, threadCount: ranking.threadCount) { index in
      Result { () throws(PosteriorError) in try run(tasks[index]) }
    }
    var pieces = [[BandPiece]](repeating: [], count: searches.count)
    for (task, result) in zip(tasks, results) {
      for (search, piece) in zip(task.searches, try result.get()) { pieces[search].append(piece) }
    }
    return pieces
  }

  private var tasks: [Task] {
    var tasks: [Task] = []
    var first = 0
    while first < searches.count {
      let part = searches[first].part
      let end = searches[first...].firstIndex { $0.part != part } ?? searches.count
      var start = part.lowerBound
      while start < part.upperBound {
        let stop = min(start / Self.windowCount * Self.windowCount + Self.windowCount, part.upperBound)
        tasks.append(Task(searches: first..<end, positions: start..<stop))
        start = stop
      }
      first = end
    }
    return tasks
  }

  private func run(_ task: Task) throws(PosteriorError) -> [BandPiece] {
    let marked = wantsMask ? task.positions : 0..<0
    var pieces = searches[task.searches].map { search in
      BandPiece(
        keys: BandKeys(
          search.band.keys, limit: max(Self.shortList, task.positions.count / Self.listShare)),
        above: BitRun(marked), inside: BitRun(marked))
    }
    let buffers = WeightBuffers()
    for (index, positions) in ranking.segments(at: task.positions) {
      let reader = ranking.reader(ofSegment: index)
      var start = positions.lowerBound
      while start < positions.upperBound {
        let stop = min(
          start / WeightBuffers.capacity * WeightBuffers.capacity + WeightBuffers.capacity,
          positions.upperBound)
        try read(start..<stop, reader, task, buffers, &pieces)
        start = stop
      }
    }
    return pieces
  }

  private func read(
    _ positions: Range<Int>, _ reader: WeightReader, _ task: Task,
    _ buffers: borrowing WeightBuffers, _ pieces: inout [BandPiece]
  ) throws(PosteriorError) {
    if let weights = reader.ordinaryWeights(at: positions, into: buffers) {
      let firstElement = positions.lowerBound - reader.firstPosition
      for (index, search) in searches[task.searches].enumerated() {
        compare(weights, firstElement: firstElement, with: search.band, buffers, &pieces[index])
      }
      return
    }
    let keys = try reader.keys(at: positions)
    for (index, search) in searches[task.searches].enumerated() {
      let band = search.band.keys
      for (position, key) in zip(positions, keys) {
        pieces[index].add(key, band, position: position, wantsMask: wantsMask)
      }
    }
  }

  private func compare(
    _ weights: OrdinaryWeights, firstElement: Int, with band: KeyBand,
    _ buffers: borrowing WeightBuffers, _ piece: inout BandPiece
  ) {
    guard weights.areCompared else {
      for index in 0..<weights.count {
        piece.add(
          weights.key(index, firstElement: firstElement), band.keys,
          position: weights.start + index, wantsMask: wantsMask)
      }
      return
    }
    // SAFETY: the weights fit into buffers that have as many bits.
    let counts = bbb_compare_with_band(
      WeightReader.instructionSet, weights.numerators, weights.denominators, weights.count,
      band.low, band.high, buffers.above.baseAddress, buffers.inside.baseAddress)
    piece.belowCount += weights.count - counts.above - counts.inside
    let wordCount = (weights.count + Mask.wordWidth - 1) / Mask.wordWidth
    if wantsMask {
      piece.above.formUnion(
        UnsafeBufferPointer(rebasing: buffers.above[..<wordCount]), at: weights.start)
    }
    guard counts.inside > 0 else { return }
    for word in 0..<wordCount {
      var rest = buffers.inside[word]
      while rest != 0 {
        let index = word * Mask.wordWidth + rest.trailingZeroBitCount
        rest &= rest - 1
        piece.add(
          weights.key(index, firstElement: firstElement), band.keys,
          position: weights.start + index, wantsMask: wantsMask)
      }
    }
  }
}
