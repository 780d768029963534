import BBBKernels
import BBBNetwork

/// A network as it runs: steps over an arena, for a tile of examples or for a single one.
///
/// A class: a prediction of microseconds should not count references of every array.
final class Program: Sendable {
  /// The numbers of the arena.
  let arenaCount: Int
  let input: Operand
  let output: Operand
  /// In order of evaluation.
  let steps: [Step]
  /// How the matrices are arranged that steps multiply by: once for all that share weights, and arrange them alike.
  let matrices: [MatrixArrangement]
  /// The steps that write a parameter's numbers.
  let constants: [ConstantStep]
  /// The number in the input's memory of each of its elements; for those that nothing reads, one behind all others.
  let inputNumbers: AlignedBuffer<UInt32>
  /// The elements of the input that have a number of their own, and these numbers, ascending.
  let inputElements: AlignedBuffer<UInt32>
  let ownInputNumbers: AlignedBuffer<UInt32>
  /// The number in the output's memory of each of its elements.
  let outputNumbers: AlignedBuffer<UInt32>
  /// The numbers of the largest value that a vector's matrix reads.
  let widestCount: Int

  /// How many examples are computed together at most.
  ///
  /// Wide tiles while a second-level cache holds much of the arena; single examples where tiles would take too
  /// much memory.
  var widestTile: Int {
    if arenaCount <= Self.largestWideArena { return Workspace.wideTile }
    return arenaCount <= Self.largestNarrowArena ? Workspace.narrowTile : 1
  }

  /// In numbers: 4 MiB in 32 lanes, and 256 MiB in 16.
  private static let largestWideArena = 1 << 15
  private static let largestNarrowArena = 1 << 22

  /// Lowers a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - patterns: Which weights each of its parameters holds.
  init(_ network: Network, _ patterns: [SparsePattern]) {
    let layouts = ValueLayouts(network, patterns).layouts
    let fused = Self.fusedActivations(network)
    let arena = Arena(network, layouts, fused: fused.mapValues { $0.node + 1 })
    func operand(_ value: Int) -> Operand {
      Operand(offset: arena.offsets[value], layout: layouts[value])
    }
    let certain = Self.certainValues(network)
    let taken = Set(fused.values.map(\.node))
    var steps: [Step] = []
    var matrices: [MatrixArrangement] = []
    var numbers: [MatrixArrangement: Int] = [:]
    var constants: [ConstantStep] = []
    for (index, node) in network.nodes.enumerated() where !taken.contains(index) {
      let inputs = node.inputs.map { operand($0.index) }
      let output = operand(index + 1)
      switch node.operation {
      case .matrix(let matrix):
        let arrangement = MatrixArrangement(
          of: network.parameterNumber(ofNode: index), matrix, from: inputs[0], to: output,
          patterns)
        let number = numbers[arrangement] ?? matrices.count
        if number == matrices.count {
          numbers[arrangement] = number
          matrices.append(arrangement)
        }
        steps.append(
          .matrix(
            MatrixStep(
              number: number, matrix, followedBy: fused[index + 1]?.activation ?? .none,
              from: inputs[0], to: output,
              inputIsCertain: certain.contains(node.inputs[0].index))))
      case .activation(let activation):
        if activation == .none, inputs[0].offset == output.offset { continue }
        steps.append(.activation(ActivationStep(activation, from: inputs[0], to: output)))
      case .pool(let pool): steps.append(.pool(PoolStep(pool, from: inputs[0], to: output)))
      case .arithmetic(let arithmetic):
        let shapes = node.inputs.map { network.shape(of: $0) }
        steps.append(
          .arithmetic(
            ArithmeticStep(
              arithmetic, (inputs[0], inputs[1]), (shapes[0], shapes[1], network.shapes[index + 1]),
              to: output)))
      case .constant:
        let step = ConstantStep(
          network.parameterNumber(ofNode: index), number: constants.count, to: output)
        constants.append(step)
        steps.append(.constant(step))
      case .concatenate: steps.append(.copy(CopyStep(inputs, to: output)))
      case .flatten:
        if inputs[0].layout === output.layout { continue }
        steps.append(.copy(CopyStep(inputs, to: output)))
      case .slice(let slice):
        let sources = slice.sources(in: network.shapes[node.inputs[0].index])
        steps.append(.copy(CopyStep(inputs, elements: sources, to: output)))
      case .gather(let gather):
        let sources = gather.sources(in: network.shapes[node.inputs[0].index])
        steps.append(.copy(CopyStep(inputs, elements: sources, to: output)))
      case .pad(let pad):
        let sources = pad.sources(in: network.shapes[node.inputs[0].index])
        steps.append(.copy(CopyStep(inputs, elements: sources, to: output)))
      case .transpose(let transpose):
        let sources = transpose.sources(in: network.shapes[node.inputs[0].index])
        steps.append(.copy(CopyStep(inputs, elements: sources, to: output)))
      case .reshape: steps.append(.copy(CopyStep(inputs, to: output)))
      case .softmax(let softmax):
        let lines = Lines(of: network.shapes[index + 1], along: [softmax.axis], output.layout)
        steps.append(.lines(LinesStep(.softmax, lines, from: inputs[0], to: output)))
      case .normalise(let normalise):
        let lines = Lines(of: network.shapes[index + 1], along: normalise.axes, output.layout)
        steps.append(
          .lines(
            LinesStep(
              .normalise(epsilon: Float(normalise.epsilon)), lines, from: inputs[0], to: output)))
      case .product(let product):
        steps.append(
          .product(
            ProductStep(
              product, of: node.inputs.map { network.shapes[$0.index] }, from: inputs,
              to: output)))
      }
    }
    arenaCount = arena.count
    self.steps = steps
    self.matrices = matrices
    self.constants = constants
    input = operand(Value.input.index)
    output = operand(network.output.index)
    let layout = input.layout
    inputNumbers = AlignedBuffer(layout.numbers.map { UInt32($0 ?? layout.count) })
    let own = layout.numbers.enumerated().compactMap { element, number in
      number.map { (element: UInt32(element), number: UInt32($0)) }
    }.sorted { $0.number < $1.number }
    inputElements = AlignedBuffer(own.map(\.element))
    ownInputNumbers = AlignedBuffer(own.map(\.number))
    outputNumbers = AlignedBuffer(output.layout.numbers.map { UInt32($0 ?? 0) })
    widestCount = matrices.map(\.inputCount).max() ?? 0
  }

  /// The values that depend on the input alone.
  private static func certainValues(_ network: Network) -> Set<Int> {
    var certain: Set = [Value.input.index]
    for (index, node) in network.nodes.enumerated() {
      switch node.operation {
      case .matrix, .constant: break
      case .activation, .pool, .arithmetic, .concatenate, .flatten, .slice, .gather, .pad,
        .transpose,
        .reshape, .softmax, .normalise, .product:
        if node.inputs.allSatisfy({ certain.contains($0.index) }) { certain.insert(index + 1) }
      }
    }
    return certain
  }

  /// The activations that matrices apply themselves, by the value that the matrix alone would give.
  private static func fusedActivations(
    _ network: Network
  ) -> [Int: (node: Int, activation: Activation)] {
    var fused: [Int: (node: Int, activation: Activation)] = [:]
    let readers = network.readers
    for (index, node) in network.nodes.enumerated() {
      guard case .matrix = node.operation, readers[index + 1].count == 1,
        case .activation(let activation) = network.nodes[readers[index + 1][0]].operation
      else { continue }
      fused[index + 1] = (readers[index + 1][0], activation)
    }
    return fused
  }
}
