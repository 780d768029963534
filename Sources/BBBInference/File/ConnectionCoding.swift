/// How the positions of a layer's weights are written.
///
/// Weights form *groups*: those of one input (or of one output). A group's count comes first, for all
/// groups; then the groups in the order of falling counts, equal counts by index. Within a group the
/// positions ascend along the other axis, either as gaps (the number of absent weights before each
/// present one, in bytes; 255 means "255, and go on") or as one bit per possible weight.
///
/// Falling counts put groups of like density together, where deflate can give each stretch the
/// Huffman code that suits its gaps, and cost nothing: the order follows from the counts.
enum ConnectionCoding: UInt8, CaseIterable {
  case gapsByInput = 0
  case gapsByOutput = 1
  case bitsByInput = 2
  case bitsByOutput = 3

  var groupsAreInputs: Bool { self == .gapsByInput || self == .bitsByInput }
  var usesGaps: Bool { self == .gapsByInput || self == .gapsByOutput }

  /// The number of groups and the number of positions in each.
  func extents(inputCount: Int, outputCount: Int) -> (groups: Int, positions: Int) {
    groupsAreInputs ? (inputCount, outputCount) : (outputCount, inputCount)
  }

  /// The bytes that a group's count takes: as few as hold the number of positions.
  static func countWidth(positions: Int) -> Int {
    (Int.bitWidth - positions.leadingZeroBitCount + 7) / 8
  }

  /// The groups in the order they are written.
  static func order(counts: [Int]) -> [Int] {
    counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
  }
}
