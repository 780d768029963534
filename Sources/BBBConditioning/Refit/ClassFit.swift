import BBBKernels
import BBBLinearAlgebra
import CBBBLibc

/// Newton steps of a last layer's weights towards the class probabilities of the dense network, row after row.
///
/// The mean divergence KL(dense ‖ changed) is a convex function of the logits' weights, and needs no labels. Each step is of one
/// row, whose Hessian is E[p (1 − p) ã ãᵀ].
struct ClassFit {
  private let matrix: MatrixPlan
  private let kept: KeptPlaces
  private let threadCount: Int
  /// Whether the only row is the logit of one class of two.
  private let isBinary: Bool
  private let fitted: Examples
  /// Examples that nothing is fitted to.
  private let heldOut: Examples

  /// Three times through all rows is as good as to the end.
  private static let roundCount = 3
  /// More multiplications than that are not worth what is gained.
  private static let mostWork = 4e11

  /// Prepares; `nil` where it would take too long.
  ///
  /// - Parameters:
  ///   - matrix: A matrix whose rows are the network's outputs.
  ///   - kept: The places that may change.
  ///   - tiles: What it reads in the changed network, and gives in the dense one.
  ///   - isBinary: Whether the only row is the logit of one class of two.
  ///   - threadCount: The number of threads.
  init?(
    _ matrix: MatrixPlan, _ kept: KeptPlaces, _ tiles: [NetworkWalk.Tile], isBinary: Bool,
    threadCount: Int
  ) {
    let count = tiles.reduce(0) { $0 + $1.width }
    let work = kept.rows.reduce(0.0) { $0 + Double($1.count * $1.count) * Double(count) }
    guard matrix.groups == 1, matrix.outputPositions == 1, matrix.readsAsIs,
      work * Double(Self.roundCount) < Self.mostWork
    else { return nil }
    self.matrix = matrix
    self.kept = kept
    self.isBinary = isBinary
    self.threadCount = threadCount
    fitted = Examples(matrix, tiles.filter(\.isFitted), isBinary: isBinary)
    heldOut = Examples(matrix, tiles.filter { !$0.isFitted }, isBinary: isBinary)
  }

  /// What a matrix reads, and the probabilities that the dense network gives.
  private struct Examples {
    let count: Int
    /// The columns, each a line of examples: (columns, examples).
    let inputs: AlignedBuffer<Float>
    /// The dense network's probabilities: (rows, examples).
    let wanted: [[Double]]

    init(_ matrix: MatrixPlan, _ tiles: [NetworkWalk.Tile], isBinary: Bool) {
      let count = tiles.reduce(0) { $0 + $1.width }
      self.count = count
      inputs = AlignedBuffer(repeating: 0, count: matrix.columns * count)
      var logits = [[Double]](repeating: [], count: matrix.rows)
      var first = 0
      for tile in tiles {
        for column in 0..<matrix.columns {
          (inputs.start + column * count + first).update(
            from: tile.input.start + column * tile.width, count: tile.width)
        }
        for row in logits.indices {
          for example in 0..<tile.width {
            logits[row].append(Double(tile.target.start[row * tile.width + example]))
          }
        }
        first += tile.width
      }
      let state = State(logits, isBinary: isBinary)
      wanted = logits.indices.map { row in (0..<count).map { state.share(row, $0) } }
    }

    /// The sums of some weights' inputs, by example.
    func sums(_ weights: [Double], at places: [Int]) -> [Double] {
      var sums = [Double](repeating: 0, count: count)
      for (weight, place) in zip(weights, places) {
        if place == 0 {
          for example in sums.indices { sums[example] += weight }
        } else {
          let line = inputs.start + (place - 1) * count
          for example in sums.indices { sums[example] += weight * Double(line[example]) }
        }
      }
      return sums
    }
  }

  /// The logits of all examples, and what their probabilities are made of.
  private struct State {
    var logits: [[Double]]
    /// Subtracted from the logits of an example before powers are taken.
    let offsets: [Double]
    var sums: [Double]

    init(_ logits: [[Double]], isBinary: Bool) {
      self.logits = logits
      let offsets = logits[0].indices.map { example in
        logits.reduce(isBinary ? 0 : -Double.infinity) { max($0, $1[example]) }
      }
      self.offsets = offsets
      sums = logits[0].indices.map { example in
        logits.reduce(isBinary ? exp(-offsets[example]) : 0) {
          $0 + exp($1[example] - offsets[example])
        }
      }
    }

    /// The logarithm of the sum of all powers.
    func logarithm(_ example: Int) -> Double { log(sums[example]) + offsets[example] }

    func share(_ row: Int, _ example: Int) -> Double {
      exp(logits[row][example] - offsets[example]) / sums[example]
    }
  }

  /// The weights after some steps, held back by as much as shows best on examples that are not fitted to.
  ///
  /// - Parameter start: The weights.
  /// - Returns: Weights whose divergence there is no larger, and what holds them back; `nil` if these are the ones at the start.
  func improved(_ start: LayerWeights) -> (weights: LayerWeights, ridge: Double)? {
    let first = rows(of: start)
    guard heldOut.count > 0 else { return nil }
    var best: (rows: [[Double]], ridge: Double)?
    var least = cost(first)
    for ridge in Self.ridges {
      let rows = stepped(first, ridge)
      let cost = cost(rows)
      // One that holds back less seldom shows better after one that shows worse.
      if cost < least { (best, least) = ((rows, ridge), cost) } else if best != nil { break }
    }
    return best.map { (LayerWeights($0.rows, at: kept, columns: matrix.columns), $0.ridge) }
  }

  /// The weights after some steps.
  ///
  /// - Parameters:
  ///   - start: The weights.
  ///   - ridge: What holds them back.
  /// - Returns: The weights.
  func improved(_ start: LayerWeights, heldBackBy ridge: Double) -> LayerWeights {
    LayerWeights(stepped(rows(of: start), ridge), at: kept, columns: matrix.columns)
  }

  private func rows(of weights: LayerWeights) -> [[Double]] {
    kept.rows.enumerated().map { row, places in
      let own = weights.row(row, columns: matrix.columns)
      return places.map { own[$0] }
    }
  }

  private func stepped(_ first: [[Double]], _ ridge: Double) -> [[Double]] {
    var rows = first
    var state = State(logits(rows, fitted), isBinary: isBinary)
    for _ in 0..<Self.roundCount {
      for row in rows.indices { step(row, &rows[row], from: first[row], ridge, &state) }
    }
    return rows
  }

  /// What holds the weights back, as shares of the Hessian's mean diagonal element.
  private static let ridges = [1, 0.1, 0.01, 0.001]

  private func logits(_ rows: [[Double]], _ examples: Examples) -> [[Double]] {
    rows.enumerated().map { row, weights in
      let fixed = kept.rows[row].first == 0 ? 0 : kept.fixedBiases[row]
      return examples.sums(weights, at: kept.rows[row]).map { $0 + fixed }
    }
  }

  /// The divergence on examples that nothing is fitted to, up to what the dense network alone decides.
  private func cost(_ rows: [[Double]]) -> Double {
    let logits = logits(rows, heldOut)
    let state = State(logits, isBinary: isBinary)
    return (0..<heldOut.count).reduce(0.0) { sum, example in
      sum + state.logarithm(example)
        - rows.indices.reduce(0.0) { $0 + heldOut.wanted[$1][example] * logits[$1][example] }
    }
  }

  private func step(
    _ row: Int, _ weights: inout [Double], from first: [Double], _ share: Double,
    _ state: inout State
  ) {
    let (exampleCount, inputs, wanted) = (fitted.count, fitted.inputs, fitted.wanted)
    let places = kept.rows[row]
    guard !places.isEmpty else { return }
    let shares = (0..<exampleCount).map { state.share(row, $0) }
    let differences = zip(shares, wanted[row]).map { $0 - $1 }
    let (matrix, trace) = hessian(shares, places)
    let ridge = share * trace
    var vector = zip(places, zip(weights, first)).map { place, weights in
      let line = place == 0 ? nil : inputs.start + (place - 1) * exampleCount
      var sum = 0.0
      for example in 0..<exampleCount {
        sum += differences[example] * Double(line?[example] ?? 1)
      }
      return sum / Double(exampleCount) + (place == 0 ? 0 : ridge * (weights.0 - weights.1))
    }
    let count = places.count
    for number in 0..<count { matrix.start[number * count + number] += max(ridge, 1e-12) }
    guard SymmetricMatrix.factorise(matrix.start, count: count) else { return }
    vector.withUnsafeMutableBufferPointer {
      if let start = $0.baseAddress { SymmetricMatrix.solve(matrix.start, count: count, start) }
    }
    let change = fitted.sums(vector, at: places)
    var length = 1.0
    for _ in 0..<Self.halvings {
      var rise = 0.0
      var sums = state.sums
      for example in 0..<exampleCount {
        let logit = state.logits[row][example]
        let offset = state.offsets[example]
        let new = logit - length * change[example]
        sums[example] = max(
          state.sums[example] + exp(new - offset) - exp(logit - offset), .leastNormalMagnitude)
        rise +=
          log(sums[example] / state.sums[example]) + wanted[row][example] * length * change[example]
      }
      if rise < 0 {
        state.sums = sums
        for example in 0..<exampleCount { state.logits[row][example] -= length * change[example] }
        for number in weights.indices { weights[number] -= length * vector[number] }
        return
      }
      length /= 2
    }
  }

  private static let halvings = 6

  /// E[p (1 − p) ã ãᵀ] of some places, the lower triangle, and the mean of its diagonal.
  private func hessian(
    _ shares: [Double], _ places: [Int]
  ) -> (AlignedBuffer<Double>, trace: Double) {
    let (count, length, inputs) = (places.count, fitted.count, fitted.inputs)
    let roots = shares.map { Float(max($0 * (1 - $0), 0).squareRoot()) }
    let lines = AlignedBuffer<Float>(repeating: 0, count: count * length)
    for (number, place) in places.enumerated() {
      let line = lines.start + number * length
      if place == 0 {
        line.update(from: roots, count: length)
      } else {
        let input = inputs.start + (place - 1) * length
        for example in 0..<length { line[example] = input[example] * roots[example] }
      }
    }
    let matrix = AlignedBuffer<Double>(repeating: 0, count: count * count)
    let perPiece = 64
    performConcurrently(
      pieceCount: (count + perPiece - 1) / perPiece, threadCount: threadCount
    ) { piece, _ in
      let rows = piece * perPiece..<min((piece + 1) * perPiece, count)
      let room = AlignedBuffer<Float>(repeating: 0, count: rows.count * rows.upperBound)
      MatrixProduct.multiply(
        MatrixProduct.Matrix(start: lines.start + rows.lowerBound * length, stride: length),
        by: MatrixProduct.Matrix(start: lines.start, stride: length, isTransposed: true),
        into: MatrixProduct.Matrix(start: room.start, stride: rows.upperBound), rows: rows.count,
        columns: rows.upperBound, depth: length)
      for row in rows {
        for column in 0...row {
          matrix.start[row * count + column] =
            Double(room.start[(row - rows.lowerBound) * rows.upperBound + column]) / Double(length)
        }
      }
    }
    let trace = (0..<count).reduce(0.0) { $0 + matrix.start[$1 * count + $1] }
    return (matrix, trace / Double(count))
  }
}
