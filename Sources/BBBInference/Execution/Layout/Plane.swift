import BBBNetwork

/// The numbers of one unit where a network runs: its positions row-major, and the zeros around them that kernels read.
struct Plane: Equatable, Sendable {
  /// The unit's extents; none for a plain unit, which is one number.
  let positions: [Int]
  /// The zeros before each axis's first position, and behind its last.
  let before: [Int]
  let after: [Int]
  /// From one position of an axis to the next.
  let strides: [Int]
  /// All numbers, zeros included.
  let count: Int

  /// Creates a plane.
  ///
  /// - Parameters:
  ///   - positions: The unit's extents.
  ///   - before: The zeros before each axis's first position.
  ///   - after: The zeros behind its last.
  init(_ positions: [Int], before: [Int], after: [Int]) {
    self.positions = positions
    self.before = before
    self.after = after
    var strides: [Int] = []
    var count = 1
    for axis in positions.indices.reversed() {
      strides.append(count)
      count *= before[axis] + positions[axis] + after[axis]
    }
    self.strides = strides.reversed()
    self.count = count
  }

  /// A plain unit: one number.
  static let single = Plane([], before: [], after: [])

  var hasPadding: Bool { (before + after).contains { $0 > 0 } }

  /// The number at a position; the position may lie in the padding.
  func number(at position: [Int]) -> Int {
    zip(position.indices, position).reduce(0) { $0 + ($1.1 + before[$1.0]) * strides[$1.0] }
  }

  /// The number at each position, row-major.
  var numbers: [Int] { Self.tuples(positions).map(number(at:)) }

  /// The runs of zeros, ascending.
  var padding: [Range<Int>] {
    guard hasPadding else { return [] }
    var isPadding = [Bool](repeating: true, count: count)
    for number in numbers { isPadding[number] = false }
    var runs: [Range<Int>] = []
    var start = 0
    while let first = isPadding[start...].firstIndex(of: true) {
      let end = isPadding[first...].firstIndex(of: false) ?? count
      runs.append(first..<end)
      start = end
    }
    return runs
  }

  /// All tuples of numbers below the extents, the last counting fastest.
  static func tuples(_ extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { tuples, extent in
      tuples.flatMap { tuple in (0..<extent).map { tuple + [$0] } }
    }
  }
}
