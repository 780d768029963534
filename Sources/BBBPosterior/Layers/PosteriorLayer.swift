/// One layer of a network with a posterior over its weights.
public struct PosteriorLayer: Sendable {
  /// The layer's name in the model, such as `fc1`.
  public let name: String
  /// What the layer does with its inputs.
  public let kind: LayerKind
  /// The weight matrix or convolution kernel: what is pruned.
  public let weight: GaussianTensor
  /// The bias, one element for each output; nil if the layer has none.
  public let bias: GaussianTensor?
  /// The batch normalisation of the layer's inputs, behind the activation before it; nil if there is none.
  public let inputNormalisation: BatchNormalisation?
  /// The batch normalisation of the layer's outputs, before its activation; nil if there is none.
  public let outputNormalisation: BatchNormalisation?

  /// Whether the weights have no standard deviations, as those of an ordinary layer beside Bayesian ones:
  /// they are run as they are, and no criterion that asks for σ removes them.
  public var isCertain: Bool { weight.scale == nil }
}

/// What a layer does, and how its weights are arranged.
public enum LayerKind: Equatable, Sendable {
  /// Every output is a weighted sum of all inputs.
  case fullyConnected(inputCount: Int, outputCount: Int, layout: WeightLayout)
  /// A convolution over as many dimensions as `kernel` has; `inputCount` counts channels of a group.
  case convolution(inputCount: Int, outputCount: Int, kernel: [Int], layout: WeightLayout)
}

/// The order of a weight tensor's dimensions.
public enum WeightLayout: Equatable, Sendable {
  /// (out, in) and (out, in, height, width), as PyTorch has it.
  case outputInput
  /// (in, out) and (height, width, in, out), as TensorFlow and JAX have it.
  case inputOutput
}

extension LayerKind {
  /// The number of inputs, or of input channels of a group.
  public var inputCount: Int {
    switch self {
    case .fullyConnected(let count, _, _), .convolution(let count, _, _, _): count
    }
  }

  /// The number of outputs or output channels.
  public var outputCount: Int {
    switch self {
    case .fullyConnected(_, let count, _), .convolution(_, let count, _, _): count
    }
  }

  /// The kind of layer that has weights of a shape with two or more dimensions.
  init(shape: [Int], layout: WeightLayout) {
    switch (layout, shape.count) {
    case (.outputInput, 2):
      self = .fullyConnected(inputCount: shape[1], outputCount: shape[0], layout: layout)
    case (.inputOutput, 2):
      self = .fullyConnected(inputCount: shape[0], outputCount: shape[1], layout: layout)
    case (.outputInput, _):
      self = .convolution(
        inputCount: shape[1], outputCount: shape[0], kernel: Array(shape[2...]), layout: layout)
    case (.inputOutput, let rank):
      self = .convolution(
        inputCount: shape[rank - 2], outputCount: shape[rank - 1],
        kernel: Array(shape[..<(rank - 2)]), layout: layout)
    }
  }
}
