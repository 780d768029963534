import BBBKernels
import BBBLinearAlgebra

/// The weights of a row, each rounded at its turn, the others moving to take over what that changes: the Gaussian conditioned on one
/// weight after another.
///
/// Frantar and Alistarh 2022, "Optimal Brain Compression"; Frantar et al. 2023, "GPTQ".
struct RowRounding: Sendable {
  /// The places in the order of their turns, as numbers among the row's; the bias last.
  let order: [Int]
  /// U of (H + R)⁻¹ = Uᵀ U with rows and columns in that order, row by row: (count, count), upper triangle.
  private let factor: AlignedBuffer<Double>

  /// Prepares for some places of ã; `nil` if the moments are not definite.
  ///
  /// Weights that their neighbours can least stand in for come first, while there are many that can take over.
  ///
  /// - Parameters:
  ///   - refit: The moments.
  ///   - places: Ascending; 0 is the bias.
  init?(_ refit: RowRefit, _ places: [Int]) {
    let count = places.count
    let covariance = AlignedBuffer<Double>(repeating: 0, count: count * count)
    guard
      refit.definite(covariance, places, by: { SymmetricMatrix.invert($0, count: count) }) != nil
    else { return nil }
    let (first, k) = (places.first == 0 ? 1 : 0, covariance.start)
    let order =
      (first..<count).sorted { (k[$0 * count + $0], $0) < (k[$1 * count + $1], $1) }
      + (0..<first)
    let factor = AlignedBuffer<Double>(repeating: 0, count: count * count)
    for (row, one) in order.enumerated() {
      for (column, other) in order[...row].enumerated() {
        factor.start[row * count + column] = k[one * count + other]
      }
    }
    guard SymmetricMatrix.factorise(factor.start, count: count) else { return nil }
    // Turned over, so that what one weight changes in the others stands in one line.
    for row in 0..<count {
      for column in 0..<row {
        factor.start[column * count + row] = factor.start[row * count + column]
      }
    }
    self.order = order
    self.factor = factor
  }

  /// The square of what one weight may still be moved by, given those before it: 1/variance, by turn.
  func precision(_ turn: Int) -> Double {
    let own = factor.start[turn * (order.count + 1)]
    return 1 / (own * own)
  }

  /// Rounds.
  ///
  /// - Parameters:
  ///   - weights: A number for each place; becomes the rounded ones.
  ///   - round: Rounds the weight at a place, whose changes d cost `precision` · d².
  func round(
    _ weights: inout [Double],
    by round: (_ number: Int, _ weight: Double, _ precision: Double) -> Double
  ) {
    let count = order.count
    var ordered = order.map { weights[$0] }
    ordered.withUnsafeMutableBufferPointer { ordered in
      for turn in 0..<count {
        let line = factor.start + turn * count
        let rounded = round(order[turn], ordered[turn], 1 / (line[turn] * line[turn]))
        let share = (ordered[turn] - rounded) / line[turn]
        ordered[turn] = rounded
        guard share != 0 else { continue }
        for later in turn + 1..<max(count, turn + 1) { ordered[later] -= share * line[later] }
      }
    }
    for (turn, number) in order.enumerated() { weights[number] = ordered[turn] }
  }
}
