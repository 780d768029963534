import CBBBKernels

extension CompactModel {
  /// Whether every layer holds standard deviations, so that ``draw(_:seed:)`` draws all weights.
  public var hasUncertainty: Bool { layers.allSatisfy { $0.standardDeviations != nil } }

  /// The same network without standard deviations.
  ///
  /// - Returns: The network of the means.
  public func withoutUncertainty() -> CompactModel {
    CompactModel(
      layers: layers.map { $0.with(standardDeviations: nil) }, output: output,
      inputScaling: inputScaling, origin: origin)
  }

  /// Draws a network from the posterior: w = μ + σ ε for every weight and bias, ε ~ N(0, 1).
  ///
  /// Average the probabilities of several draws for a prediction that knows the weights' uncertainty.
  /// Layers without standard deviations are left as they are.
  ///
  /// - Parameters:
  ///   - number: Which draw, from 0 on; each is the same on every machine up to the rounding of
  ///     elementary functions.
  ///   - seed: Other seeds give independent draws.
  /// - Returns: A network without standard deviations.
  public func draw(_ number: Int, seed: UInt64) -> CompactModel {
    CompactModel(
      layers: layers.enumerated().map { $1.draw(number, layer: $0, seed: seed) },
      output: output, inputScaling: inputScaling, origin: origin)
  }
}

extension SparseLayer {
  fileprivate func draw(_ number: Int, layer: Int, seed: UInt64) -> SparseLayer {
    guard let standardDeviations else { return self }
    return SparseLayer(
      inputCount: inputCount, rowStarts: rowStarts, columns: columns,
      values: GaussianDraw.values(
        means: values, deviations: standardDeviations.weights,
        key: GaussianDraw.key(seed: seed, tensor: 2 * layer, draw: number)),
      biases: GaussianDraw.values(
        means: biases, deviations: standardDeviations.biases,
        key: GaussianDraw.key(seed: seed, tensor: 2 * layer + 1, draw: number)),
      activation: activation)
  }
}
