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

  /// The weights of a task: 2 MB of each tensor, by which memory is given back.
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
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: WeightReader.mostWeights)
    defer { scratch.deallocate() }
    let words = KernelWords(count: WeightReader.mostWeights)
    defer { words.deallocate() }
    for (index, positions) in ranking.segments(at: task.positions) {
      let reader = ranking.reader(ofSegment: index)
      defer { reader.release(positions) }
      var start = positions.lowerBound
      while start < positions.upperBound {
        let stop = min(
          start / WeightReader.mostWeights * WeightReader.mostWeights + WeightReader.mostWeights,
          positions.upperBound)
        try read(start..<stop, reader, task, scratch, words, &pieces)
        start = stop
      }
    }
    return pieces
  }

  private func read(
    _ positions: Range<Int>, _ reader: WeightReader, _ task: Task,
    _ scratch: UnsafeMutableBufferPointer<Float>, _ words: KernelWords, _ pieces: inout [BandPiece]
  ) throws(PosteriorError) {
    let isDone: Void? = reader.withOrdinaryWeights(at: positions, scratch: scratch) { weights in
      for (index, search) in searches[task.searches].enumerated() {
        compare(weights, at: positions, with: search.band, reader, words, &pieces[index])
      }
    }
    if isDone != nil { return }
    let keys = try reader.keys(at: positions)
    for (index, search) in searches[task.searches].enumerated() {
      let band = search.band.keys
      for (position, key) in zip(positions, keys) {
        pieces[index].add(key, band, position: position, wantsMask: wantsMask)
      }
    }
  }

  private func compare(
    _ weights: WeightReader.Weights, at positions: Range<Int>, with band: KeyBand,
    _ reader: WeightReader, _ words: KernelWords, _ piece: inout BandPiece
  ) {
    guard weights.areCompared else {
      for index in 0..<weights.count {
        piece.add(
          reader.key(index, of: weights, at: positions), band.keys,
          position: positions.lowerBound + index, wantsMask: wantsMask)
      }
      return
    }
    // SAFETY: the weights are `positions.count`, at most as many as the words have room for.
    let counts = bbb_compare_with_band(
      WeightReader.instructionSet, weights.numerators, weights.denominators, weights.count,
      band.low, band.high, words.above.baseAddress, words.inside.baseAddress)
    piece.belowCount += weights.count - counts.above - counts.inside
    let wordCount = (weights.count + Mask.wordWidth - 1) / Mask.wordWidth
    if wantsMask {
      piece.above.formUnion(
        UnsafeBufferPointer(rebasing: words.above[..<wordCount]), at: positions.lowerBound)
    }
    guard counts.inside > 0 else { return }
    for word in 0..<wordCount {
      var rest = words.inside[word]
      while rest != 0 {
        let index = word * Mask.wordWidth + rest.trailingZeroBitCount
        rest &= rest - 1
        piece.add(
          reader.key(index, of: weights, at: positions), band.keys,
          position: positions.lowerBound + index, wantsMask: wantsMask)
      }
    }
  }
}

/// What the comparing kernel writes.
private struct KernelWords {
  let above: UnsafeMutableBufferPointer<UInt64>
  let inside: UnsafeMutableBufferPointer<UInt64>

  init(count: Int) {
    let wordCount = (count + Mask.wordWidth - 1) / Mask.wordWidth
    above = .allocate(capacity: wordCount)
    inside = .allocate(capacity: wordCount)
  }

  func deallocate() {
    above.deallocate()
    inside.deallocate()
  }
}
