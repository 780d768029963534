import BBBNetwork

/// A pruned network as it runs: sparse layers, dead units gone.
///
/// Load one with ``init(contentsOfFile:)`` or ``init(bytes:path:)``, then call
/// ``predictProbabilities(for:)`` or, without allocation, ``computeOutputs(for:into:workspace:)``.
/// A model is immutable: any number of threads may share it, each with its own ``Workspace``.
public struct CompactModel: Sendable {
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
    ///   - criterion: The criterion that ranked them; at most 255 bytes of UTF-8, if it is to be encoded.
    ///   - layerCosts: What the quantisation of each layer costs, in nats; empty if it is not known.
    public init(
      denseWeightCount: Int, denseBiasCount: Int, removedCount: Int, criterion: String,
      layerCosts: [Float] = []
    ) {
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
  public let output: OutputMeaning
  /// How a byte (a pixel, 0…255) becomes an input of the first layer; floats are taken as scaled.
  public let inputScaling: InputScaling
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
  ///   - output: What the outputs mean.
  ///   - inputScaling: How bytes become inputs.
  ///   - origin: Where the model came from.
  /// - Precondition: There is at least one layer, input and output, the layers' sizes chain, the outputs can
  ///   mean what is said, and the inputs are whole channels.
  public init(
    layers: [SparseLayer], output: OutputMeaning, inputScaling: InputScaling, origin: Origin
  ) {
    require(!layers.isEmpty, "a model has at least one layer")
    require(layers[0].inputCount > 0, "a model has at least one input")
    require(layers[layers.count - 1].outputCount > 0, "a model has at least one output")
    require(
      layers[0].inputCount.isMultiple(of: inputScaling.channelCount),
      "means and deviations of channels need as many inputs in each channel")
    require(
      Self.outputObstacle(output, outputCount: layers[layers.count - 1].outputCount) == nil,
      "the last layer has another number of outputs than their meaning needs")
    require(
      layers.dropLast().allSatisfy { $0.outputCount <= $0.weightCount },
      "a hidden unit without incoming weights is a constant: fold it into the next layer's biases")
    require(
      zip(layers, layers.dropFirst()).allSatisfy { $0.outputCount == $1.inputCount },
      "a layer has another number of inputs than the one before has outputs")
    self.layers = layers
    self.output = output
    self.inputScaling = inputScaling
    self.origin = origin
    plan = ExecutionPlan(layers)
  }

  /// The same model, run in another way.
  init(_ model: CompactModel, plan: ExecutionPlan) {
    layers = model.layers
    output = model.output
    inputScaling = model.inputScaling
    origin = model.origin
    self.plan = plan
  }

  /// Why outputs cannot have a meaning; `nil` if they can.
  ///
  /// Files of versions before 1.2 call every output a class, even a single one: they are read as they are.
  static func outputObstacle(_ output: OutputMeaning, outputCount: Int) -> String? {
    output == .classes ? nil : output.obstacle(outputCount: outputCount)
  }
}

extension CompactModel: Equatable {
  /// Whether two models are the same in every weight and in what they say of themselves.
  public static func == (one: CompactModel, other: CompactModel) -> Bool {
    one.layers == other.layers && one.output == other.output
      && one.inputScaling == other.inputScaling && one.origin == other.origin
  }
}
