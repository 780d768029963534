/// How the positions of a layer's weights are written.
///
/// Weights form *groups*: those of one input (or of one output). Within a group the positions ascend along
/// the other axis. They are written as gaps (the number of absent weights before each present one, in
/// bytes: ``GapSymbols``) or as one bit per possible weight.
///
/// The groups are written in the order of falling counts, which puts groups of like density together, where
/// deflate can give each stretch the Huffman code that suits its gaps. In the first four codings each
/// group's count is written and the order follows from the counts. In the *ordered* codings the groups are
/// in that order already, equal counts by first position, because the units were numbered so: then neither
/// the counts nor the first positions take many bits.
enum ConnectionCoding: UInt8, CaseIterable {
  case gapsByInput = 0
  case gapsByOutput = 1
  case bitsByInput = 2
  case bitsByOutput = 3
  case orderedGapsByInput = 4
  case orderedGapsByOutput = 5

  /// What stands for a position.
  enum Style {
    case gaps
    case bits
    case orderedGaps
  }

  var style: Style {
    switch self {
    case .gapsByInput, .gapsByOutput: .gaps
    case .bitsByInput, .bitsByOutput: .bits
    case .orderedGapsByInput, .orderedGapsByOutput: .orderedGaps
    }
  }

  var groupsAreInputs: Bool {
    switch self {
    case .gapsByInput, .bitsByInput, .orderedGapsByInput: true
    case .gapsByOutput, .bitsByOutput, .orderedGapsByOutput: false
    }
  }

  /// The number of groups and the number of positions in each.
  func extents(_ matrix: MatrixExtents) -> (groups: Int, positions: Int) {
    groupsAreInputs ? (matrix.units, matrix.rows * matrix.taps) : (matrix.rows, matrix.columns)
  }

  /// A matrix's weights in groups: a row for each, a column for each position.
  ///
  /// - Parameters:
  ///   - matrix: A row for each output.
  ///   - taps: The columns of one input unit.
  /// - Returns: The groups.
  func groups(_ matrix: ArrangedPattern, taps: Int) -> ArrangedPattern {
    groupsAreInputs ? matrix.transposed(taps: taps) : matrix
  }

  /// The bytes that a group's count takes: as few as hold the number of positions.
  static func countWidth(positions: Int) -> Int {
    (Int.bitWidth - positions.leadingZeroBitCount + 7) / 8
  }

  /// The groups in the order they are written.
  static func order(counts: [Int]) -> [Int] {
    CountingSort.fallingOrder(counts)
  }
}
