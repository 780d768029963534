import BBBNetwork

/// How each operation of a network reads elements: what all passes over examples share.
struct PassPlan: Sendable {
  /// What a node does.
  enum Step: Sendable {
    case matrix(MatrixPlan)
    case activation(Activation)
    case pool(PoolPlan)
    /// For each element of the result, the elements of both operands that go with it.
    case arithmetic(Arithmetic, first: [Int32], second: [Int32])
    /// Which element each of the result's is, all inputs' counted one behind the other; negative for zeros.
    case copy([Int32])
    case softmax(LinePlan)
    case normalise(LinePlan, epsilon: Float)
    case product(ProductPlan)
    /// The numbers of a parameter.
    case constant(parameter: Int)
  }

  let network: Network
  /// By node.
  let steps: [Step]
  /// Whether the value depends on a matrix, by `Value.index`.
  let isLearned: [Bool]

  init(_ network: Network) {
    self.network = network
    var isLearned = [false]
    steps = network.nodes.enumerated().map { number, node in
      let shapes = node.inputs.map { network.shape(of: $0) }
      let result = network.shapes[number + 1]
      if case .matrix = node.operation {
        isLearned.append(true)
      } else {
        isLearned.append(node.inputs.contains { isLearned[$0.index] })
      }
      switch node.operation {
      case .matrix(let matrix):
        return .matrix(
          MatrixPlan(
            matrix, network.parameters[network.parameterNumber(ofNode: number)].weights,
            parameter: network.parameterNumber(ofNode: number), reading: shapes[0]))
      case .activation(let activation): return .activation(activation)
      case .pool(let pool): return .pool(PoolPlan(pool, reading: shapes[0]))
      case .arithmetic(let arithmetic):
        return .arithmetic(
          arithmetic, first: shapes[0].elements(broadcastTo: result).map(Int32.init),
          second: shapes[1].elements(broadcastTo: result).map(Int32.init))
      case .concatenate, .flatten, .reshape: return .copy((0..<result.count).map(Int32.init))
      case .slice(let slice): return .copy(slice.sources(in: shapes[0]).map(Int32.init))
      case .gather(let gather): return .copy(gather.sources(in: shapes[0]).map(Int32.init))
      case .transpose(let transpose):
        return .copy(transpose.sources(in: shapes[0]).map(Int32.init))
      case .pad(let pad): return .copy(pad.sources(in: shapes[0]).map { Int32($0 ?? -1) })
      case .softmax(let softmax):
        return .softmax(LinePlan(of: result, along: [softmax.axis]))
      case .normalise(let normalise):
        return .normalise(
          LinePlan(of: result, along: normalise.axes), epsilon: Float(normalise.epsilon))
      case .product(let product):
        return .product(ProductPlan(product, of: shapes, giving: result))
      case .constant: return .constant(parameter: network.parameterNumber(ofNode: number))
      }
    }
    self.isLearned = isLearned
  }
}

/// A matrix at one of its nodes.
struct MatrixPlan: Sendable {
  /// The number of the parameter.
  let parameter: Int
  let groups: Int
  /// The rows of one group.
  let rows: Int
  /// The channels of one group.
  let channels: Int
  let taps: Int
  /// The positions of a channel that is read, and of a row that is given.
  let inputPositions: Int
  let outputPositions: Int
  /// For each output position and then each tap the input position; negative in the padding.
  ///
  /// Empty where that is the output position itself.
  private let sources: [Int32]

  /// The columns of one group.
  var columns: Int { channels * taps }
  /// Whether columns are channels as they are.
  var readsAsIs: Bool { sources.isEmpty }

  init(_ matrix: Matrix, _ weights: WeightShape, parameter: Int, reading input: Shape) {
    self.parameter = parameter
    groups = weights.groups
    rows = weights.rows / weights.groups
    channels = weights.channels
    taps = weights.taps
    guard let window = matrix.window else {
      (inputPositions, outputPositions, sources) = (1, 1, [])
      return
    }
    let table = window.sources(over: input.positions)
    inputPositions = input.positionCount
    outputPositions = table.count
    let sources = table.flatMap { cells in cells.map { Int32($0 ?? -1) } }
    let isIdentity =
      weights.taps == 1 && sources.count == input.positionCount
      && sources.indices.allSatisfy { sources[$0] == $0 }
    self.sources = isIdentity ? [] : sources
  }

  /// The input position that an output position reads by a tap; negative in the padding.
  @inline(__always)
  func source(_ position: Int, _ tap: Int) -> Int {
    sources.isEmpty ? position : Int(sources[position * taps + tap])
  }
}

/// A pool: the elements of each window.
struct PoolPlan: Sendable {
  let kind: Pool.Kind
  let channels: Int
  let inputPositions: Int
  /// For each output position the positions that lie inside.
  let cells: [[Int32]]
  /// What a mean divides by.
  let divisors: [Float]

  init(_ pool: Pool, reading input: Shape) {
    kind = pool.kind
    channels = input.extents[0]
    inputPositions = input.positionCount
    let table = pool.window.sources(over: input.positions)
    cells = table.map { $0.compactMap { $0.map(Int32.init) } }
    divisors = table.map { cells in
      Float(
        pool.kind == .average(countsPadding: true)
          ? cells.count : cells.count { $0 != nil })
    }
  }
}

/// The elements that stand in a line along some axes.
struct LinePlan: Sendable {
  /// The first element of each line.
  let firsts: [Int32]
  /// From the first to each element of a line.
  let steps: [Int32]

  init(of shape: Shape, along axes: [Int]) {
    var strides = [Int](repeating: 1, count: shape.extents.count)
    for axis in shape.extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape.extents[axis + 1]
    }
    func places(_ axes: [Int]) -> [Int32] {
      axes.reduce([0]) { places, axis in
        places.flatMap { place in
          (0..<shape.extents[axis]).map { place + Int32($0 * strides[axis]) }
        }
      }
    }
    firsts = places(shape.extents.indices.filter { !axes.contains($0) })
    steps = places(axes)
  }
}

/// Products of matrices: how far elements lie apart.
struct ProductPlan: Sendable {
  let batches: Int
  let rows: Int
  let inner: Int
  let columns: Int
  /// From one row, or one inner index, to the next in the first matrix.
  let first: (row: Int, inner: Int)
  /// From one inner index, or one column, to the next in the second.
  let second: (inner: Int, column: Int)

  init(_ product: Product, of shapes: [Shape], giving result: Shape) {
    let rank = result.extents.count
    batches = result.extents.dropLast(2).reduce(1, *)
    rows = result.extents[rank - 2]
    columns = result.extents[rank - 1]
    inner = shapes[0].extents[product.transposesFirst ? rank - 2 : rank - 1]
    first = product.transposesFirst ? (1, rows) : (inner, 1)
    second = product.transposesSecond ? (1, inner) : (columns, 1)
  }
}
