import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import CBBBKernels

/// The network in training: its nodes, and the memory of the threads that work on it.
///
/// There is no tape: nodes run in order, then backwards. Of the readers of a value the first one on the way back writes the
/// value's gradient and the others add to it, in an order that is fixed here. Every product and every pass over parameters
/// is cut into pieces of `pieceWidth` units, whatever the number of threads, so that the result does not depend on it.
final class TrainedNetwork: Sendable {
  let configuration: TrainingConfiguration
  /// The nodes that compute something, in order of evaluation.
  let nodes: [TrainedNode]
  /// Those of them that have parameters, in the order of the network's.
  let matrices: [(matrix: TrainedMatrix, target: TrainedValue)]
  /// The minibatch.
  let input: TrainedValue
  /// What the network gives.
  let output: TrainedValue
  /// What belongs to the rows: rows × outputs, or one class for each row.
  let target: AlignedBuffer<Float>
  /// The number of threads.
  let threadCount: Int
  let instructionSet = bbb_best_instruction_set()
  /// For each thread, room for the gradient of one piece: of the means, and of the variances.
  let pieceGradients: [(first: AlignedBuffer<Float>, second: AlignedBuffer<Float>)]
  /// For each thread, room for one piece of a minibatch's activations.
  let pieceActivations: [AlignedBuffer<Float>]

  /// Units per piece: a multiple of the kernels' noise block, as rows of any length then are.
  static let pieceWidth = Int(BBB_NOISE_BLOCK)
  /// Parameters per piece where a tensor is passed over as a whole.
  static let pieceLength = 128 * Int(BBB_NOISE_BLOCK)

  init(_ configuration: TrainingConfiguration, threadCount: Int) {
    self.configuration = configuration
    let plan = MemoryPlan(configuration.network)
    let rows = configuration.minibatchSize
    let values = Self.values(of: plan, configuration)
    nodes = Self.nodes(of: plan, values, configuration)
    matrices = nodes.compactMap { node in
      if case .matrix(let matrix) = node.operation { (matrix, node.target) } else { nil }
    }
    input = values[0]
    output = values[plan.output]
    target = AlignedBuffer(inNoiseBlocks: rows * configuration.targetCount)
    // More threads than pieces would only take memory.
    let mostPieces = matrices.map { Self.pieces(max($0.matrix.inputCount, $0.matrix.outputCount)) }
    self.threadCount = MatrixProduct.threadCount(upTo: min(threadCount, mostPieces.max() ?? 1))
    let widest = matrices.map(\.matrix.inputCount).max() ?? 1
    let isLocal = matrices.contains { $0.matrix.local != nil }
    pieceGradients = (0..<self.threadCount).map { _ in
      (
        AlignedBuffer(inNoiseBlocks: Self.pieceWidth * widest),
        AlignedBuffer(inNoiseBlocks: isLocal ? Self.pieceWidth * widest : 0)
      )
    }
    pieceActivations = (0..<self.threadCount).map { _ in
      AlignedBuffer(inNoiseBlocks: rows * Self.pieceWidth)
    }
    initialiseMeans()
    refreshVariances()
  }

  private static func values(
    of plan: MemoryPlan, _ configuration: TrainingConfiguration
  ) -> [TrainedValue] {
    plan.places.enumerated().map { index, place in
      TrainedValue(
        width: place.width, rows: configuration.minibatchSize, activation: place.activation,
        dropout: configuration.leavesOutHiddenUnits && index != plan.output
          ? place.parameter.map { $0 + 1 } : nil,
        isLearned: place.isLearned)
    }
  }

  private static func nodes(
    of plan: MemoryPlan, _ values: [TrainedValue], _ configuration: TrainingConfiguration
  ) -> [TrainedNode] {
    // On the way back, which is the order of the gradient's parts.
    var parts = [Int](repeating: 0, count: values.count)
    let sources = plan.steps.reversed().map { step in
      step.sources.map { place in
        parts[place] += 1
        return (place: place, part: parts[place])
      }
    }
    return zip(plan.steps, sources.reversed()).map { step, sources in
      TrainedNode(
        operation: operation(of: step, plan, configuration),
        sources: sources.map { place, part in
          TrainedSource(
            value: values[place], isFirst: part == 1, isLast: part == parts[place])
        },
        target: values[step.target])
    }
  }

  private static func operation(
    of step: MemoryPlan.Step, _ plan: MemoryPlan, _ configuration: TrainingConfiguration
  ) -> TrainedNode.Operation {
    let network = configuration.network
    switch network.nodes[step.node].operation {
    case .matrix:
      guard let number = plan.places[step.target].parameter else { break }
      return .matrix(
        TrainedMatrix(network.parameters[number], number: number, configuration: configuration))
    case .concatenate: return .concatenation
    case .activation, .arithmetic(.add): return .sum
    case .pool, .arithmetic, .flatten, .slice, .gather, .pad, .constant, .transpose, .reshape,
      .softmax,
      .normalise, .product:
      break
    }
    preconditionFailure("a checked configuration has operations only that are learned")
  }

  /// The parameter tensors: weights and, where there are any, biases, parameter by parameter.
  var tensors: [ParameterTensor] { matrices.flatMap(\.matrix.tensors) }

  /// Shares out numbered pieces of work among the threads; see ``performConcurrently(pieceCount:threadCount:_:)``.
  func share(_ pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void) {
    performConcurrently(pieceCount: pieceCount, threadCount: threadCount, body)
  }

  /// Shares out the elements of a value in pieces of `pieceWidth`: calls `body` with the first of each and their number.
  func share(
    width: Int, _ body: @Sendable (_ first: Int, _ count: Int, _ worker: Int) -> Void
  ) {
    share(Self.pieces(width)) { piece, worker in
      let first = piece * Self.pieceWidth
      body(first, min(Self.pieceWidth, width - first), worker)
    }
  }

  /// The number of pieces that `count` units, or elements, are cut into.
  static func pieces(_ count: Int, of width: Int = pieceWidth) -> Int {
    (count + width - 1) / width
  }

  /// Weights start as N(0, scale² · 2 / inputs), biases at zero.
  private func initialiseMeans() {
    for (matrix, _) in matrices {
      let tensor = matrix.weight
      let deviation = Float(
        configuration.initialMeanScale * (2 / Double(matrix.inputCount)).squareRoot())
      bbb_standard_normals(
        instructionSet,
        NoiseStream.initialMeans(tensor: tensor.number).key(seed: configuration.seed),
        0, tensor.count, tensor.mean.start)
      tensor.mean.values = tensor.mean.values.map { $0 * deviation }
    }
  }
}
