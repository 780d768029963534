/// What makes the noise of a row's remaining weights as large as that of all of them was:
/// s_o² = Σ_i σ_oi² H_ii / Σ_S σ_oi² H_ii, the variances of the row's sum under independent weights.
struct NoiseFactors {
  private let matrix: MatrixPlan
  private let moments: InputMoments
  private let deviations: LayerWeights

  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - moments: Of what it reads.
  ///   - deviations: σ of its weights.
  init(_ matrix: MatrixPlan, _ moments: InputMoments, _ deviations: LayerWeights) {
    self.matrix = matrix
    self.moments = moments
    self.deviations = deviations
  }

  /// A factor for the σ of each row; 1 where nothing is left, or nothing had noise.
  func factors(keeping kept: KeptPlaces) -> [Double] {
    kept.rows.enumerated().map { row, places in
      let second = moments.second[row / matrix.rows].start
      let own = deviations.row(row, columns: matrix.columns)
      func variance(_ place: Int) -> Double {
        own[place] * own[place] * second[place * moments.size + place]
      }
      let all = (1..<moments.size).reduce(0.0) { $0 + variance($1) }
      let left = places.reduce(0.0) { $0 + ($1 == 0 ? 0 : variance($1)) }
      return left > 0 ? (all / left).squareRoot() : 1
    }
  }
}
