import BBBKernels
import BBBLinearAlgebra

/// Second moments of what a matrix reads, H = E[ã ãᵀ], and with what it should give, C = E[ã zᵀ].
///
/// ã are the columns of one position, with a 1 before them for the bias. Means are over examples and positions. One for each group
/// of the matrix, in double precision; only the lower triangle of H.
final class InputMoments: Sendable {
  let matrix: MatrixPlan
  /// The columns of a group and the 1.
  let size: Int
  /// For each group, size × size, row-major.
  let second: [AlignedBuffer<Double>]
  /// For each group, (rows, size); empty without targets.
  let cross: [AlignedBuffer<Double>]
  /// E[z²] of each row of each group; empty without targets.
  let targetSquares: [AlignedBuffer<Double>]
  private let sums: AlignedBuffer<Double>
  /// The vectors ã that were added up.
  var count: Double { sums.start[0] }

  init(_ matrix: MatrixPlan, hasTargets: Bool) {
    self.matrix = matrix
    let size = matrix.columns + 1
    self.size = size
    second = (0..<matrix.groups).map { _ in AlignedBuffer(repeating: 0, count: size * size) }
    cross =
      hasTargets
      ? (0..<matrix.groups).map { _ in AlignedBuffer(repeating: 0, count: matrix.rows * size) } : []
    targetSquares =
      hasTargets
      ? (0..<matrix.groups).map { _ in AlignedBuffer(repeating: 0, count: matrix.rows) } : []
    sums = AlignedBuffer(repeating: 0, count: 1)
  }

  /// Adds examples.
  ///
  /// - Parameters:
  ///   - matrix: The matrix at one of its nodes: all have its rows and columns, and positions of their own.
  ///   - input: What it reads there: (elements, examples).
  ///   - targets: What it should give, without or with changes of others' weights: (elements, examples); `nil` for none.
  ///   - width: The number of examples.
  ///   - positions: The output positions that are looked at.
  ///   - threadCount: The number of threads.
  func add(
    _ matrix: MatrixPlan, _ input: AlignedBuffer<Float>, targets: AlignedBuffer<Float>?, width: Int,
    positions: [Int],
    threadCount: Int
  ) {
    precondition(
      (matrix.rows, matrix.columns, matrix.groups)
        == (self.matrix.rows, self.matrix.columns, self.matrix.groups), "one matrix at its nodes")
    let length = positions.count * width
    let patches = AlignedBuffer<Float>(repeating: 1, count: size * length)
    let wanted = AlignedBuffer<Float>(
      repeating: 0, count: targets == nil ? 0 : matrix.rows * length)
    let rowsPerPiece = max(1, min(64, size))
    let pieces = (size + rowsPerPiece - 1) / rowsPerPiece
    let rooms = (0..<max(threadCount, 1)).map { _ in
      AlignedBuffer<Float>(repeating: 0, count: rowsPerPiece * max(size, matrix.rows))
    }
    for group in 0..<matrix.groups {
      Patches.gather(
        matrix, input.start + group * matrix.channels * matrix.inputPositions * width, width: width,
        positions: positions, into: patches.start + length)
      if let targets {
        for row in 0..<matrix.rows {
          let source =
            targets.start + (group * matrix.rows + row) * matrix.outputPositions * width
          for (number, position) in positions.enumerated() {
            (wanted.start + row * length + number * width).update(
              from: source + position * width, count: width)
          }
          let line = wanted.start + row * length
          var sum: Float = 0
          for index in 0..<length { sum += line[index] * line[index] }
          targetSquares[group].start[row] += Double(sum)
        }
      }
      let (second, cross) = (second[group], cross.isEmpty ? nil : cross[group])
      let size = size
      performConcurrently(pieceCount: pieces, threadCount: threadCount) { piece, worker in
        let rows = piece * rowsPerPiece..<min((piece + 1) * rowsPerPiece, size)
        let room = rooms[worker].start
        let own = MatrixProduct.Matrix(
          start: patches.start + rows.lowerBound * length, stride: length)
        // The lower triangle of these rows.
        MatrixProduct.multiply(
          own,
          by: MatrixProduct.Matrix(start: patches.start, stride: length, isTransposed: true),
          into: MatrixProduct.Matrix(start: room, stride: rows.upperBound), rows: rows.count,
          columns: rows.upperBound, depth: length)
        for row in rows {
          let sums = second.start + row * size
          let line = room + (row - rows.lowerBound) * rows.upperBound
          for column in 0...row { sums[column] += Double(line[column]) }
        }
        guard let cross else { return }
        MatrixProduct.multiply(
          own,
          by: MatrixProduct.Matrix(start: wanted.start, stride: length, isTransposed: true),
          into: MatrixProduct.Matrix(start: room, stride: matrix.rows), rows: rows.count,
          columns: matrix.rows, depth: length)
        for row in rows {
          let line = room + (row - rows.lowerBound) * matrix.rows
          for unit in 0..<matrix.rows { cross.start[unit * size + row] += Double(line[unit]) }
        }
      }
    }
    sums.start[0] += Double(length)
  }

  /// Whether all are finite numbers.
  var areFinite: Bool {
    (second + cross + targetSquares).allSatisfy { buffer in
      (0..<buffer.count).allSatisfy { buffer.start[$0].isFinite }
    }
  }

  /// Whether what is read at a place of ã is not always the same.
  func varies(_ place: Int, group: Int) -> Bool {
    let line = second[group].start + place * size
    return line[place] - line[0] * line[0] > 1e-6 * line[place]
  }

  /// Divides the sums by their number.
  func finish() {
    let scale = 1 / max(count, 1)
    for buffer in second + cross + targetSquares {
      for index in 0..<buffer.count { buffer.start[index] *= scale }
    }
  }
}

extension MatrixPlan {
  /// The output positions that a tile of examples is looked at: all, or so many that all tiles together give enough, spread over the
  /// whole, and other ones in each tile.
  ///
  /// - Parameters:
  ///   - tile: The tile's number.
  ///   - exampleCount: The examples of all tiles.
  /// - Returns: Positions, ascending.
  func sampledPositions(tile: Int, exampleCount: Int) -> [Int] {
    let wanted = max(1, Self.enoughVectors / max(exampleCount, 1))
    guard wanted < outputPositions else { return Array(0..<outputPositions) }
    // A step that shares no factor with the number visits every position before any again, and no column or row more than others.
    var step = max(1, Int(Double(outputPositions) * 0.618))
    while greatestCommonDivisor(step, outputPositions) > 1 { step += 1 }
    return (0..<wanted).map { (tile * wanted + $0) * step % outputPositions }.sorted()
  }

  /// Second moments of a few hundred columns are known well enough from so many vectors.
  private static let enoughVectors = 1 << 16
}

/// Euclid's.
private func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
  other == 0 ? one : greatestCommonDivisor(other, one % other)
}
