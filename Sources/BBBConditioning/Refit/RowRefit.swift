import BBBKernels
import BBBLinearAlgebra

/// A row of a dense matrix.
struct DenseRow {
  /// By column of its group.
  let weights: UnsafePointer<Float>
  let bias: Double

  /// The weight at a place of ã, whose first is the bias.
  subscript(place: Int) -> Double { place == 0 ? bias : Double(weights[place - 1]) }
}

/// Moves the weights of a row that are left to where they do best what the dense row does:
/// w_S = (H_SS + R)⁻¹ (C_S + R μ_S), ridge least squares, and the mean of the dense row's Gaussian conditioned on the others' being 0.
struct RowRefit: Sendable {
  let moments: InputMoments
  let group: Int
  let ridge: Double

  init(_ moments: InputMoments, group: Int) {
    self.moments = moments
    self.group = group
    ridge = Self.ridge(of: moments, group: group)
  }

  /// What is added to the diagonal of second moments, so that inputs that are always 0 do not make them singular: a share of the
  /// mean diagonal element, and a larger one of a few hundred examples.
  private static func ridge(of moments: InputMoments, group: Int) -> Double {
    let size = moments.size
    guard size > 1 else { return 0 }
    let second = moments.second[group].start
    let mean = (1..<size).reduce(0.0) { $0 + second[$1 * size + $1] } / Double(size - 1)
    return max((moments.count < 500 ? 1e-2 : 1e-3) * mean, 1e-12)
  }

  /// The weights at some places of ã.
  ///
  /// - Parameters:
  ///   - row: The row's number in its group.
  ///   - dense: The dense row.
  ///   - places: Which of ã are left, ascending; 0 is the bias.
  ///   - fixedBias: The bias where it is not among them.
  /// - Returns: A number for each place; `nil` if they are not determined.
  func weights(
    _ row: Int, _ dense: DenseRow, places: [Int], fixedBias: Double
  ) -> [Double]? {
    let (size, count) = (moments.size, places.count)
    guard count > 0 else { return [] }
    let targets = targets(row, dense, places)
    let second = moments.second[group].start
    let matrix = AlignedBuffer<Double>(repeating: 0, count: count * count)
    guard
      let ridge = definite(matrix, places, by: { SymmetricMatrix.factorise($0, count: count) })
    else { return nil }
    let constant = places[0] == 0 ? 0 : fixedBias
    var vector = zip(places, targets).map { place, target in
      // A bias has no ridge: it is known as well as all rows together are.
      place == 0 ? target : target - constant * second[place * size] + ridge * dense[place]
    }
    vector.withUnsafeMutableBufferPointer { vector in
      if let start = vector.baseAddress {
        SymmetricMatrix.solve(matrix.start, count: count, start)
      }
    }
    return vector.allSatisfy(\.isFinite) ? vector : nil
  }

  /// Puts H and the ridge, of some places, into a matrix, and does something with it that asks for a definite one.
  ///
  /// Sums of single precision may leave moments that are not quite definite, where one input is far larger than others; then the
  /// ridge is.
  ///
  /// - Parameters:
  ///   - matrix: Where the lower triangle goes.
  ///   - places: Which of ã, ascending; 0 is the bias.
  ///   - transform: Tells whether the matrix was definite.
  /// - Returns: The ridge; `nil` if none makes it so.
  func definite(
    _ matrix: AlignedBuffer<Double>, _ places: [Int],
    by transform: (UnsafeMutablePointer<Double>) -> Bool
  ) -> Double? {
    let (size, count) = (moments.size, places.count)
    let second = moments.second[group].start
    var ridge = ridge
    for _ in 0..<8 {
      for (i, place) in places.enumerated() {
        let line = second + place * size
        for (j, other) in places[...i].enumerated() { matrix.start[i * count + j] = line[other] }
        if place > 0 { matrix.start[i * count + i] += ridge }
      }
      if transform(matrix.start) { return ridge }
      ridge *= 10
    }
    return nil
  }

  /// C at some places; H w where what is read is what the dense row reads.
  private func targets(_ row: Int, _ dense: DenseRow, _ places: [Int]) -> [Double] {
    let size = moments.size
    if !moments.cross.isEmpty {
      let cross = moments.cross[group].start + row * size
      return places.map { cross[$0] }
    }
    let second = moments.second[group].start
    let weights = (0..<size).map { dense[$0] }
    return places.map { place in
      var sum = 0.0
      for other in 0...place { sum += second[place * size + other] * weights[other] }
      for other in place + 1..<max(size, place + 1) {
        sum += second[other * size + place] * weights[other]
      }
      return sum
    }
  }

  /// How much wider a row's sums are spread in the dense network than with some weights; least squares narrows them.
  ///
  /// - Parameters:
  ///   - row: The row's number in its group.
  ///   - weights: A number for each place.
  ///   - places: Which of ã are left, ascending; the first is the bias.
  /// - Returns: A factor, at least 1, and what the bias is with it.
  func widening(
    _ row: Int, _ weights: [Double], places: [Int]
  ) -> (factor: Double, bias: Double) {
    let size = moments.size
    let second = moments.second[group].start
    let cross = moments.cross[group].start + row * size
    var mean = 0.0
    var square = 0.0
    for (i, place) in places.enumerated() where i > 0 {
      mean += weights[i] * second[place * size]
      for (j, other) in places[...i].enumerated() where j > 0 {
        square += (i == j ? 1 : 2) * weights[i] * weights[j] * second[place * size + other]
      }
    }
    let own = square - mean * mean
    let wanted = moments.targetSquares[group].start[row] - cross[0] * cross[0]
    guard own > 0, wanted > own else { return (1, weights[0]) }
    let factor = min((wanted / own).squareRoot(), Self.widest)
    return (factor, cross[0] - factor * mean)
  }

  /// Where next to nothing is left of a row, there is nothing to widen.
  private static let widest = 2.0
}
