import BBBNetwork

/// The posterior over the weights of one matrix of a network, and over its biases; or over the numbers of a constant, which
/// are biases without weights.
public struct PosteriorParameter: Sendable {
  /// Its name in the model, such as `fc1`.
  public let name: String
  /// How the weights are arranged; channels are those of a group.
  public let weights: WeightShape
  /// The weight matrix or convolution kernel: what is pruned; of a constant a matrix without columns.
  public let weight: GaussianTensor
  /// The bias, one element for each output, or the numbers of a constant; nil if there is none.
  public let bias: GaussianTensor?
  /// The batch normalisation of what the matrix reads, behind the activation before it; nil if there is none.
  public let inputNormalisation: BatchNormalisation?
  /// The batch normalisation of what it gives, before its activation; nil if there is none.
  public let outputNormalisation: BatchNormalisation?
  /// Whether it is a matrix that only the graph has which the posterior is bound to.
  public let isOfGraph: Bool
  /// The matrix of the file that its rows are some of, where a graph multiplies by those by themselves; else `nil`.
  public var whole: Whole?

  /// A matrix of the file whose rows are several parameters, one behind the other.
  public struct Whole: Sendable {
    /// Its name in the model.
    public let name: String
    /// All of its weights.
    public let weight: GaussianTensor
    /// All of its biases; `nil` if there are none.
    public let bias: GaussianTensor?
    /// Whether the parameter has the first of the rows.
    public let isFirst: Bool
  }

  /// Whether it is a constant's.
  public var isConstant: Bool { weights.channels == 0 }

  /// Whether the weights have no standard deviations, as those of an ordinary layer beside Bayesian ones:
  /// they are run as they are, and no criterion that asks for σ removes them.
  public var isCertain: Bool { weight.scale == nil && !isConstant }

  /// The extents of a convolution's kernel; empty for a linear layer.
  public var kernel: [Int] { weights.order.kernel(of: weight.shape) }
}

extension WeightShape {
  /// The shape of weights in a tensor.
  ///
  /// - Parameters:
  ///   - tensorShape: Two dimensions or more.
  ///   - order: The order that they have.
  init(tensorShape: [Int], order: Order) {
    let rank = tensorShape.count
    let taps = order.kernel(of: tensorShape).reduce(1, *)
    switch order {
    case .outputInput:
      self.init(rows: tensorShape[0], channels: tensorShape[1], taps: taps, order: order)
    case .inputOutput:
      self.init(
        rows: tensorShape[rank - 1], channels: tensorShape[rank - 2], taps: taps, order: order)
    case .transposedConvolution:
      self.init(rows: tensorShape[1], channels: tensorShape[0], taps: taps, order: order)
    }
  }
}

extension WeightShape.Order {
  /// The extents of the kernel in a tensor's shape; empty for a matrix.
  func kernel(of tensorShape: [Int]) -> [Int] {
    switch self {
    case .outputInput, .transposedConvolution: Array(tensorShape.dropFirst(2))
    case .inputOutput: Array(tensorShape.dropLast(2))
    }
  }
}
