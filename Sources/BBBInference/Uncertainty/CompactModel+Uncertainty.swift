import BBBKernels
import CBBBKernels

extension CompactModel {
  /// Whether every matrix holds standard deviations, so that ``draw(_:seed:)`` draws all weights.
  public var hasUncertainty: Bool { matrices.allSatisfy { $0.standardDeviations != nil } }

  /// The same network without standard deviations.
  ///
  /// - Returns: The network of the means.
  public func withoutUncertainty() -> CompactModel {
    with(matrices: matrices.map { $0.with(standardDeviations: nil) })
  }

  /// Draws a network from the posterior: w = μ + σ ε for every weight and bias, ε ~ N(0, 1).
  ///
  /// Average the probabilities of several draws for a prediction that knows the weights' uncertainty.
  /// Matrices without standard deviations are left as they are.
  ///
  /// - Parameters:
  ///   - number: Which draw, from 0 on; each is the same on every machine up to the rounding of
  ///     elementary functions.
  ///   - seed: Other seeds give independent draws.
  /// - Returns: A network without standard deviations.
  public func draw(_ number: Int, seed: UInt64) -> CompactModel {
    with(matrices: matrices.enumerated().map { $1.draw(number, parameter: $0, seed: seed) })
  }
}

extension SparseMatrix {
  fileprivate func draw(_ number: Int, parameter: Int, seed: UInt64) -> SparseMatrix {
    guard let standardDeviations else { return self }
    return SparseMatrix(
      pattern,
      values: GaussianDraw.values(
        means: values, deviations: standardDeviations.weights,
        key: NoiseStream.prediction(tensor: 2 * parameter).key(seed: seed, draw: number)),
      biases: GaussianDraw.values(
        means: biases, deviations: standardDeviations.biases,
        key: NoiseStream.prediction(tensor: 2 * parameter + 1).key(seed: seed, draw: number)))
  }
}
