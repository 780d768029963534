import BBBNetwork

/// A pruned network as it runs: operations, and a sparse matrix for each that has weights; dead units gone.
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
    /// What the quantisation of each matrix costs in expectation, in nats: Σ (μ − ŵ)²/2σ² over the biases and
    /// the weights that pruning left, but for those that can have no effect; empty if it is not known.
    public var parameterCosts: [Float]

    /// Creates a description of a model's origin.
    ///
    /// - Parameters:
    ///   - denseWeightCount: The weights of the network before pruning.
    ///   - denseBiasCount: The biases of the network before pruning.
    ///   - removedCount: The weights and biases removed.
    ///   - criterion: The criterion that ranked them; at most 255 bytes of UTF-8, if it is to be encoded.
    ///   - parameterCosts: What the quantisation of each matrix costs, in nats; empty if it is not known.
    public init(
      denseWeightCount: Int, denseBiasCount: Int, removedCount: Int, criterion: String,
      parameterCosts: [Float] = []
    ) {
      self.denseWeightCount = denseWeightCount
      self.denseBiasCount = denseBiasCount
      self.removedCount = removedCount
      self.criterion = criterion
      self.parameterCosts = parameterCosts
    }

    /// The size of the unpruned network as dense 32-bit floats, in bytes.
    public var denseByteCount: Int { 4 * (denseWeightCount + denseBiasCount) }
  }

  /// The operations; their sizes are those that pruning left.
  public let network: Network
  /// The weights of the network's parameters, in their order.
  public let matrices: [SparseMatrix]
  /// What the outputs mean.
  public let output: OutputMeaning
  /// How a byte (a pixel, 0…255) becomes an input; floats are taken as scaled.
  public let inputScaling: InputScaling
  /// Where the model came from.
  public var origin: Origin
  /// The names and shapes of its inputs and outputs, which are parts of the network's one input and one output.
  public let ports: Ports
  /// How it runs; copies share it.
  let plan: ExecutionPlan

  /// The number of inputs of one example.
  public var inputCount: Int { network.inputCount }
  /// The number of outputs, or classes.
  public var outputCount: Int { network.outputCount }
  /// The number of weights kept, over all matrices.
  public var weightCount: Int { matrices.reduce(0) { $0 + $1.weightCount } }

  /// Creates a model.
  ///
  /// - Parameters:
  ///   - network: The operations.
  ///   - matrices: The weights of each of the network's parameters.
  ///   - output: What the outputs mean.
  ///   - inputScaling: How bytes become inputs.
  ///   - origin: Where the model came from.
  ///   - ports: The names and shapes of inputs and outputs; `nil` for those that any network has.
  /// - Precondition: There is a matrix of the right size for each parameter, the outputs can mean what is said, the inputs
  ///   are whole channels, and the ports are parts of the network's input and output.
  public init(
    network: Network, matrices: [SparseMatrix], output: OutputMeaning, inputScaling: InputScaling,
    origin: Origin, ports: Ports? = nil
  ) {
    let ports = ports ?? Ports(of: network)
    require(
      matrices.count == network.parameters.count
        && zip(matrices, network.parameters).allSatisfy {
          $0.rowCount == $1.weights.rows && $0.columnCount == $1.weights.columnCount
        }, "the matrices have the sizes of the network's parameters")
    require(
      network.inputCount.isMultiple(of: inputScaling.channelCount),
      "means and deviations of channels need as many inputs in each channel")
    require(
      Self.outputObstacle(output, outputCount: network.outputCount) == nil,
      "the network has another number of outputs than their meaning needs")
    require(
      ports.obstacle(inputCount: network.inputCount, outputCount: network.outputCount) == nil,
      "the ports are parts of the network's input and output")
    self.network = network
    self.matrices = matrices
    self.output = output
    self.inputScaling = inputScaling
    self.origin = origin
    self.ports = ports
    plan = ExecutionPlan(ExecutionStructure(network, matrices.map(\.pattern)), matrices)
  }

  /// The same model with other weights, or run in another way.
  init(_ model: CompactModel, matrices: [SparseMatrix]? = nil, plan: ExecutionPlan) {
    network = model.network
    self.matrices = matrices ?? model.matrices
    output = model.output
    inputScaling = model.inputScaling
    origin = model.origin
    ports = model.ports
    self.plan = plan
  }

  /// The same network with other weights.
  ///
  /// Where the same weights are left as here, how they run is shared.
  ///
  /// - Parameter matrices: One for each parameter, of the same sizes.
  /// - Returns: The model, otherwise the same.
  /// - Precondition: The sizes are the same.
  public func with(matrices: [SparseMatrix]) -> CompactModel {
    guard matrices.map(\.pattern) == self.matrices.map(\.pattern) else {
      return CompactModel(
        network: network, matrices: matrices, output: output, inputScaling: inputScaling,
        origin: origin, ports: ports)
    }
    return CompactModel(
      self, matrices: matrices, plan: ExecutionPlan(plan.structure, matrices))
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
    one.network == other.network && one.matrices == other.matrices && one.output == other.output
      && one.inputScaling == other.inputScaling && one.origin == other.origin
      && one.ports == other.ports
  }
}
