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

  /// Creates a network from layers with standard deviations.
  init(_ layers: [SparseLayer]) {
    means = Self.network(layers) { layer, _ in (layer.values, layer.biases) }
    squaredMeans = Self.network(layers) { layer, _ in
      (layer.values.map { $0 * $0 }, layer.biases.map { _ in 0 })
    }
    variances = Self.network(layers) { _, deviations in
      (deviations.weights.map { $0 * $0 }, deviations.biases.map { $0 * $0 })
    }
    activations = layers.map(\.activation)
  }

  private static func network(
    _ layers: [SparseLayer],
    _ values: (SparseLayer, SparseLayer.StandardDeviations) -> (weights: [Float], biases: [Float])
  ) -> RunnableNetwork<SlicedRows> {
    let linear = layers.map { layer in
      guard let deviations = layer.standardDeviations else {
        fatalError("that there are standard deviations is checked before they are propagated")
      }
      let (weights, biases) = values(layer, deviations)
      return SparseLayer(
        inputCount: layer.inputCount, rowStarts: layer.rowStarts, columns: layer.columns,
        values: weights, biases: biases, activation: .none)
    }
    return ExecutionPlan(linear).tileNetwork()
  }
}
