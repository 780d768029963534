/// A pruned network as it runs: sparse layers, dead units gone.
///
/// Load one with ``init(contentsOfFile:)`` or ``init(bytes:path:)``, then call
/// ``predictProbabilities(for:)`` or, without allocation, ``computeOutputs(for:into:workspace:)``.
/// A model is immutable: any number of threads may share it, each with its own ``Workspace``.
public struct CompactModel: Sendable {
  /// What the outputs of the last layer mean.
  public enum OutputKind: UInt8, Sendable {
    /// Numbers as they are.
    case raw = 0
    /// Logits: softmax makes class probabilities of them.
    case classes = 1
  }

  /// Where the model came from: what `inspect` tells and nothing depends on.
  public struct Origin: Equatable, Sendable {
    /// The weights (without biases) of the network before pruning.
    public var denseWeightCount: Int
    /// The biases of the network before pruning.
    public var denseBiasCount: Int
    /// The weights and biases removed, by the criterion's rank and by quantisation.
    public var removedCount: Int
    /// The criterion that ranked the weights, such as `snr`.
    public var criterion: String
    /// What the quantisation of each layer costs in expectation, in nats: Σ (μ − ŵ)²/2σ² over the biases and
    /// the weights that pruning left, but for those that can have no effect; empty if it is not known.
    public var layerCosts: [Float]

    /// Creates a description of a model's origin.
    ///
    /// - Parameters:
    ///   - denseWeightCount: The weights of the network before pruning.
    ///   - denseBiasCount: The biases of the network before pruning.
    ///   - removedCount: The weights and biases removed.
    ///   - criterion: The criterion that ranked them; at most 255 bytes of UTF-8.
    ///   - layerCosts: What the quantisation of each layer costs, in nats; empty if it is not known.
    public init(
      denseWeightCount: Int, denseBiasCount: Int, removedCount: Int, criterion: String,
      layerCosts: [Float] = []
    ) {
      precondition(criterion.utf8.count <= 255, "a criterion's name has at most 255 bytes")
      self.denseWeightCount = denseWeightCount
      self.denseBiasCount = denseBiasCount
      self.removedCount = removedCount
      self.criterion = criterion
      self.layerCosts = layerCosts
    }

    /// The size of the unpruned network as dense 32-bit floats, in bytes.
    public var denseByteCount: Int { 4 * (denseWeightCount + denseBiasCount) }
  }

  /// The layers, each feeding the next; never empty.
  public let layers: [SparseLayer]
  /// What the outputs mean.
  public let outputKind: OutputKind
  /// The factor that turns a byte (a pixel, 0…255) into an input of the first layer.
  public let inputScale: Double
  /// Where the model came from.
  public var origin: Origin
  /// How it runs; copies share it.
  let plan: ExecutionPlan

  /// The number of inputs of one example.
  public var inputCount: Int { layers[0].inputCount }
  /// The number of outputs, or classes.
  public var outputCount: Int { layers[layers.count - 1].outputCount }
  /// The number of weights kept, over all layers.
  public var weightCount: Int { layers.reduce(0) { $0 + $1.weightCount } }

  /// Creates a model from its layers.
  ///
  /// - Parameters:
  ///   - layers: At least one; each has as many inputs as the one before has outputs.
  ///   - outputKind: What the outputs mean.
  ///   - inputScale: The factor for byte inputs.
  ///   - origin: Where the model came from.
  /// - Precondition: There is at least one layer, input and output, and the layers' sizes chain.
  public init(
    layers: [SparseLayer], outputKind: OutputKind, inputScale: Double, origin: Origin
  ) {
    precondition(!layers.isEmpty, "a model has at least one layer")
    precondition(layers[0].inputCount > 0, "a model has at least one input")
    precondition(layers[layers.count - 1].outputCount > 0, "a model has at least one output")
    precondition(inputScale > 0 && inputScale.isFinite, "the input scale is positive")
    precondition(
      layers.dropLast().allSatisfy { $0.outputCount <= $0.weightCount },
      "a hidden unit without incoming weights is a constant: fold it into the next layer's biases")
    precondition(zip(layers, layers.dropFirst()).allSatisfy { $0.outputCount == $1.inputCount })
    self.layers = layers
    self.outputKind = outputKind
    self.inputScale = inputScale
    self.origin = origin
    plan = ExecutionPlan(layers)
  }
}

extension CompactModel: Equatable {
  /// Whether two models are the same in every weight and in what they say of themselves.
  public static func == (one: CompactModel, other: CompactModel) -> Bool {
    one.layers == other.layers && one.outputKind == other.outputKind
      && one.inputScale == other.inputScale && one.origin == other.origin
  }
}
