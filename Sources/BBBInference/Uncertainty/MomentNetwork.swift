import BBBNetwork

/// A network as means and variances pass it: three networks of one structure, which share the numbering of
/// their units.
final class MomentNetwork: Sendable {
  /// The network of the means, μ.
  let means: RunnableNetwork<SlicedRows>
  /// That of μ², which multiplies variances.
  let squaredMeans: RunnableNetwork<SlicedRows>
  /// That of σ², which multiplies second moments.
  let variances: RunnableNetwork<SlicedRows>
  /// What follows each layer.
  let activations: [Activation]

  /// Creates a network from matrices with standard deviations, and what follows each.
  init(_ matrices: [SparseMatrix], _ activations: [Activation]) {
    means = Self.network(matrices) { matrix, _ in (matrix.values, matrix.biases) }
    squaredMeans = Self.network(matrices) { matrix, _ in
      (matrix.values.map { $0 * $0 }, matrix.biases.map { _ in 0 })
    }
    variances = Self.network(matrices) { _, deviations in
      (deviations.weights.map { $0 * $0 }, deviations.biases.map { $0 * $0 })
    }
    self.activations = activations
  }

  private static func network(
    _ matrices: [SparseMatrix],
    _ values: (SparseMatrix, SparseMatrix.StandardDeviations) -> (weights: [Float], biases: [Float])
  ) -> RunnableNetwork<SlicedRows> {
    let linear = matrices.map { matrix in
      guard let deviations = matrix.standardDeviations else {
        fatalError("that there are standard deviations is checked before they are propagated")
      }
      let (weights, biases) = values(matrix, deviations)
      return SparseMatrix(matrix.pattern, values: weights, biases: biases)
    }
    let chain = Network.multilayerPerceptron(
      [matrices[0].columnCount] + matrices.map(\.rowCount), activation: .none)
    return ExecutionPlan(chain, linear).tileNetwork()
  }
}
