import BBBInference
import BBBNetwork

/// What a pruning leaves of a network, without values: the same for every draw of its weights.
///
/// Removed weights are absent and units that are constant, or that nothing depends on, go (``LiveChannels``). The function
/// that a model made from it computes is that of the dense network with zeros in place of the removed weights, up to the
/// rounding of sums. A unit that several operations share goes only if it can go from all of them; else a row of it that
/// is constant, or that nothing depends on, stays as a bias without weights.
struct LiveNetwork: Sendable {
  /// The smaller network.
  let network: Network
  private let matrices: [LiveMatrix]
  /// The dense network that values are made for.
  private let dense: Network
  private let spaces: UnitSpaces
  /// For each parameter of the dense network, the channels of its columns.
  private let columns: [MatrixColumns]
  /// Which biases of each parameter stay; `nil` where all do.
  private let biasMasks: [Mask?]
  private let output: OutputMeaning
  private let inputScaling: InputScaling
  private let ports: Ports
  private let origin: CompactModel.Origin

  /// Finds what is left.
  ///
  /// - Parameters:
  ///   - dense: The dense network; its values do not matter.
  ///   - pruning: Made from the same posterior.
  init(_ dense: DenseNetwork, _ pruning: Pruning) {
    let patterns = zip(dense.matrices, dense.masks(pruning)).map {
      KeptPattern($0.shape, mask: $1)
    }
    let spaces = dense.spaces
    let columns = dense.columns
    let channels = LiveChannels(dense.network, spaces, columns, patterns)
    var isKept = [Bool](repeating: false, count: spaces.unitCount)
    for space in spaces.spaces where space.isFixed {
      for unit in space.units { isKept[unit] = true }
    }
    for (value, isNeeded) in channels.isNeeded.enumerated() {
      for (channel, isNeeded) in isNeeded.enumerated() where isNeeded {
        isKept[spaces.channels[value][channel].unit] = true
      }
    }
    network = dense.network.sparseForm.keeping(isKept, of: spaces)
    matrices = patterns.indices.map { index in
      let parameter = dense.network.parameters[index]
      let node = parameter.node
      let source = dense.network.nodes[node].inputs.first
      let rows = spaces.rowChannels(of: parameter, in: dense.network)
      return LiveMatrix(
        patterns[index], columns[index], channels.readings[index],
        isNeeded: rows.map { parameter.isShared || channels.isNeeded[node + 1][$0] },
        keepsRow: rows.map { isKept[spaces.channels[node + 1][$0].unit] },
        keepsChannel: (source.map { spaces.channels[$0.index] } ?? []).map { isKept[$0.unit] })
    }
    self.dense = dense.network
    self.spaces = spaces
    self.columns = columns
    biasMasks = dense.biasMasks(pruning)
    output = dense.output
    inputScaling = dense.inputScaling
    ports = dense.ports
    origin = CompactModel.Origin(
      denseWeightCount: dense.weightCount, denseBiasCount: dense.biasCount,
      removedCount: pruning.removedCount,
      criterion: pruning.criterion.name
        + (dense.conditionedOn.map { ", conditioned on \($0) examples" } ?? ""))
  }

  /// The compact model that has given values.
  ///
  /// - Parameters:
  ///   - values: Matrices of the shapes that the structure was made from; what is removed of their values
  ///     is not read.
  ///   - keepsDeviations: Whether the model is to hold the matrices' standard deviations.
  /// - Returns: The model.
  func model(_ values: [DenseMatrix], keepsDeviations: Bool = false) -> CompactModel {
    CompactModel(
      network: network, matrices: sparse(values, keepsDeviations: keepsDeviations), output: output,
      inputScaling: inputScaling, origin: origin, ports: ports)
  }

  /// What is left of matrices, with all that constant channels contribute in their biases.
  ///
  /// - Parameters:
  ///   - values: Matrices of the shapes that the structure was made from.
  ///   - keepsDeviations: Whether to gather the matrices' standard deviations.
  /// - Returns: One for each parameter of the smaller network; their patterns do not depend on the values.
  func sparse(_ values: [DenseMatrix], keepsDeviations: Bool = false) -> [SparseMatrix] {
    /// What each channel of each value gives, where it is a constant.
    var constants = [[Float](repeating: 0, count: dense.input.extents[0])]
    var sparse: [SparseMatrix] = []
    /// What the rows of each parameter add: constants where they have no weights.
    var parameterBiases: [[Float]] = []
    for (number, node) in dense.nodes.enumerated() {
      let inputs = node.inputs.map { constants[$0.index] }
      switch node.operation {
      case .matrix:
        let index = dense.parameterNumber(ofNode: number)
        if index == sparse.count {
          let biases = biases(of: values[index], index, inputs[0])
          parameterBiases.append(biases)
          sparse.append(
            matrices[index].matrix(values[index], biases: biases, keepsDeviations: keepsDeviations))
        }
        constants.append(parameterBiases[index])
      case .constant(let shape):
        let index = sparse.count
        let numbers = biases(of: values[index], index, [])
        parameterBiases.append(numbers)
        sparse.append(
          matrices[index].matrix(values[index], biases: numbers, keepsDeviations: keepsDeviations))
        // Channels of several numbers are none that is folded.
        constants.append((0..<shape.extents[0]).map { numbers[$0 * shape.positionCount] })
      case .activation(let activation):
        constants.append(inputs[0].map { Float(activation(Double($0))) })
      case .pool, .flatten: constants.append(inputs[0])
      case .arithmetic(let arithmetic):
        let operands = spaces.operands(of: node, in: dense).numbers
        constants.append(
          zip(operands[0], operands[1]).map { arithmetic.constant(inputs[0][$0], inputs[1][$1]) })
      case .concatenate: constants.append(Array(inputs.joined()))
      case .slice, .gather:
        let source = node.inputs[0].index
        let taken = node.operation.channelsTaken(
          of: spaces.channels[source], in: dense.shapes[source])
        constants.append(taken?.numbers.map { inputs[0][$0] } ?? [])
      case .pad(let pad):
        func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
        constants.append(zeros(pad.before[0]) + inputs[0] + zeros(pad.after[0]))
      case .transpose, .reshape, .softmax, .normalise, .product:
        let value = constants.count
        let keepsChannels = node.operation.keepsChannels(
          spaces.channels[node.inputs[0].index], in: dense.shapes[value])
        constants.append(
          keepsChannels
            ? node.operation.constants(of: inputs[0], in: dense.shapes[value])
            : Array(repeating: 0, count: spaces.channels[value].count))
      }
    }
    return sparse
  }

  /// The biases of a matrix, with all that is folded into them.
  private func biases(of matrix: DenseMatrix, _ index: Int, _ constants: [Float]) -> [Float] {
    var biases = matrix.biases
    if let mask = biasMasks[index] {
      for (row, isKept) in mask.enumerated() where !isKept {
        biases[row] = matrix.biasesIfRemoved?[row] ?? 0
      }
    }
    matrices[index].foldInputShifts(of: matrix, into: &biases)
    matrices[index].fold(
      constants, columns[index].channels, weights: matrix.weights, into: &biases)
    return biases
  }
}

extension Operation {
  /// What becomes of channels of equal numbers, by an operation that keeps channels.
  ///
  /// - Parameters:
  ///   - numbers: The number of each channel.
  ///   - shape: The shape of what is given.
  /// - Returns: The number that each becomes.
  fileprivate func constants(of numbers: [Float], in shape: Shape) -> [Float] {
    switch self {
    case .softmax(let softmax): numbers.map { _ in 1 / Float(shape.extents[softmax.axis]) }
    case .normalise: numbers.map { _ in 0 }
    default: numbers
    }
  }
}

extension LiveMatrix {
  /// Finds what is left of a matrix.
  ///
  /// - Parameters:
  ///   - kept: The weights that stay.
  ///   - columns: The channels of its columns.
  ///   - readings: What becomes of the weights that read each channel.
  ///   - isNeeded: Whether anything depends on each row; the weights of others go.
  ///   - keepsRow: Whether the unit of each row stays.
  ///   - keepsChannel: Whether the unit of each channel that is read stays.
  fileprivate init(
    _ kept: KeptPattern, _ columns: MatrixColumns, _ readings: [LiveChannels.Reading],
    isNeeded: [Bool], keepsRow: [Bool], keepsChannel: [Bool]
  ) {
    rows = keepsRow.indices.filter { keepsRow[$0] }
    var newColumn = [UInt32?](repeating: nil, count: columns.channels.count)
    var count = 0
    for (channel, isKept) in keepsChannel.enumerated() where isKept {
      for column in columns.columns(ofChannel: channel) {
        if readings[channel] == .connected { newColumn[column] = UInt32(count) }
        count += 1
      }
    }
    let isWhole =
      rows.count == keepsRow.count && count == newColumn.count && !newColumn.contains(nil)
      && !isNeeded.contains(false)
    connections =
      isWhole
      ? kept
      : kept.restricted(
        rows: rows, keepsEntries: isNeeded, newColumn: newColumn, columnCount: count)
    guard readings.contains(.folded) else {
      fromConstants = nil
      return
    }
    fromConstants = kept.restricted(
      rows: Array(keepsRow.indices), keepsEntries: Array(repeating: true, count: keepsRow.count),
      newColumn: columns.channels.enumerated().map {
        readings[$1] == .folded ? UInt32($0) : nil
      }, columnCount: columns.channels.count)
  }
}

extension Arithmetic {
  /// What two constants are computed into; a product with 0 is 0, whatever stands for a channel that is no constant.
  fileprivate func constant(_ one: Float, _ other: Float) -> Float {
    if self == .multiply, one == 0 || other == 0 { return 0 }
    return Float(self(Double(one), Double(other)))
  }
}
