import BBBKernels
import BBBPosterior
import BBBTensors

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
  private static let shortList = 1 << 14

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
        let stop = min(
          start / Self.windowCount * Self.windowCount + Self.windowCount, part.upperBound)
        tasks.append(Task(searches: first..<end, positions: start..<stop))
        start = stop
      }
      first = end
    }
    return tasks
  }

  private func run(_ task: Task) throws(PosteriorError) -> [BandPiece] {
    var pieces = searches[task.searches].map { search in
      BandPiece(
        search.band, at: task.positions,
        limit: max(Self.shortList, task.positions.count / Self.listShare), wantsMask: wantsMask)
    }
    let buffers = WeightBuffers()
    for (index, positions) in ranking.segments(at: task.positions) {
      let reader = ranking.reader(ofSegment: index)
      var start = positions.lowerBound
      while start < positions.upperBound {
        let stop = min(
          start / WeightBuffers.capacity * WeightBuffers.capacity + WeightBuffers.capacity,
          positions.upperBound)
        try read(start..<stop, reader, buffers, &pieces)
        start = stop
      }
    }
    return pieces
  }

  private func read(
    _ positions: Range<Int>, _ reader: WeightReader, _ buffers: borrowing WeightBuffers,
    _ pieces: inout [BandPiece]
  ) throws(PosteriorError) {
    if let weights = reader.ordinaryWeights(at: positions, into: buffers) {
      for index in pieces.indices {
        pieces[index].add(weights, buffers)
      }
      return
    }
    let keys = try reader.keys(at: positions)
    for index in pieces.indices {
      for (position, key) in zip(positions, keys) { pieces[index].add(key, position: position) }
    }
  }
}
