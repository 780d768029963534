import BBBKernels

/// A fully connected layer in training: its parameters, and what one minibatch leaves behind.
///
/// All activations are rows × units, row-major, with as many rows as a minibatch has examples.
final class TrainedLayer: Sendable {
  let inputCount: Int
  let outputCount: Int
  /// Outputs × inputs.
  let weight: ParameterTensor
  let bias: ParameterTensor
  /// Whether negative outputs become zero: in all layers but the last.
  let rectifies: Bool
  /// The layer's outputs.
  let output: AlignedBuffer<Float>
  /// The cost's gradient with respect to the outputs before rectification.
  let delta: AlignedBuffer<Float>
  /// What the local reparametrisation needs; `nil` where whole weights are drawn.
  let local: Local?

  /// Under the local reparametrisation an output is m + √v ζ, with ζ standard normal.
  struct Local: Sendable {
    /// The squares of the layer's inputs.
    let squaredInput: AlignedBuffer<Float>
    /// v, and then ζ / (2√v): the output's derivative with respect to v.
    let slope: AlignedBuffer<Float>
    /// The cost's gradient with respect to v.
    let delta: AlignedBuffer<Float>
  }

  init(
    index: Int, configuration: TrainingConfiguration, isLast: Bool
  ) {
    inputCount = configuration.layerSizes[index]
    outputCount = configuration.layerSizes[index + 1]
    let name = "fc\(index + 1)"
    weight = ParameterTensor(
      index: 2 * index, name: name + ".weight", shape: [outputCount, inputCount],
      configuration: configuration)
    bias = ParameterTensor(
      index: 2 * index + 1, name: name + ".bias", shape: [outputCount],
      configuration: configuration)
    rectifies = !isLast
    let rows = configuration.minibatchSize
    output = AlignedBuffer(inNoiseBlocks: rows * outputCount)
    delta = AlignedBuffer(inNoiseBlocks: rows * outputCount)
    if weight.variance != nil {
      local = Local(
        squaredInput: AlignedBuffer(inNoiseBlocks: rows * inputCount),
        slope: AlignedBuffer(inNoiseBlocks: rows * outputCount),
        delta: AlignedBuffer(inNoiseBlocks: rows * outputCount))
    } else {
      local = nil
    }
  }

  /// The tensors in the order of their indices.
  var tensors: [ParameterTensor] { [weight, bias] }

  /// Whether all means and ρ are numbers still.
  var hasFiniteParameters: Bool {
    tensors.allSatisfy { tensor in
      tensor.mean.values.allSatisfy(\.isFinite)
        && tensor.rho?.values.allSatisfy(\.isFinite) ?? true
    }
  }
}
