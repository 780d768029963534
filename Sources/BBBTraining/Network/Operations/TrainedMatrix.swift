import BBBKernels
import BBBNetwork

/// A fully connected layer in training: its parameters, and what one minibatch leaves behind.
final class TrainedMatrix: Sendable {
  /// Its number among the network's parameters.
  let number: Int
  /// Its name in checkpoints, such as `fc1`.
  let name: String
  let inputCount: Int
  let outputCount: Int
  /// Outputs × inputs.
  let weight: ParameterTensor
  /// One for each output; `nil` for none.
  let bias: ParameterTensor?
  /// What the local reparametrisation needs; `nil` where whole weights are drawn.
  let local: Local?

  /// Under the local reparametrisation an output is m + √v ζ, with ζ standard normal.
  struct Local: Sendable {
    /// The variances of the weights.
    let variance: AlignedBuffer<Float>
    /// The squares of the inputs.
    let squaredInput: AlignedBuffer<Float>
    /// v, and then ζ / (2√v): the output's derivative with respect to v.
    let slope: AlignedBuffer<Float>
    /// The cost's gradient with respect to v.
    let gradient: AlignedBuffer<Float>
  }

  init(_ parameter: Parameter, number: Int, configuration: TrainingConfiguration) {
    self.number = number
    name = parameter.name
    inputCount = parameter.weights.columnCount
    outputCount = parameter.weights.rows
    weight = ParameterTensor(
      number: 2 * number, name: parameter.weightName, shape: [outputCount, inputCount],
      configuration: configuration)
    bias =
      parameter.hasBias
      ? ParameterTensor(
        number: 2 * number + 1, name: parameter.biasName, shape: [outputCount],
        configuration: configuration) : nil
    let rows = configuration.minibatchSize
    local = weight.variance.map { [inputCount, outputCount] variance in
      Local(
        variance: variance,
        squaredInput: AlignedBuffer(inNoiseBlocks: rows * inputCount),
        slope: AlignedBuffer(inNoiseBlocks: rows * outputCount),
        gradient: AlignedBuffer(inNoiseBlocks: rows * outputCount))
    }
  }

  /// The tensors in the order of their numbers.
  var tensors: [ParameterTensor] { [weight] + (bias.map { [$0] } ?? []) }

  /// Whether all means and ρ are numbers still.
  var hasFiniteParameters: Bool {
    tensors.allSatisfy { tensor in
      tensor.mean.values.allSatisfy(\.isFinite)
        && tensor.rho?.values.allSatisfy(\.isFinite) ?? true
    }
  }
}
