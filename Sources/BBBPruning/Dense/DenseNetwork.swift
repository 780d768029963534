import BBBInference
import BBBNetwork
import BBBPosterior

/// The network of a posterior's means, and standard deviations, with a value for every weight: ready to be made compact at
/// any sparsity.
public struct DenseNetwork: Sendable {
  /// What it computes.
  public let network: Network
  /// Which of its channels are one unit.
  let spaces: UnitSpaces
  /// For each parameter, the channels of its columns.
  let columns: [MatrixColumns]
  /// By the network's parameter.
  package private(set) var matrices: [DenseMatrix]
  /// How many examples its weights took over on what was removed of them; `nil` if they are those of the posterior.
  public private(set) var conditionedOn: Int?
  /// The number that each of the network's parameters has in the posterior.
  package let posteriorParameters: [Int]
  /// How bytes become inputs.
  public let inputScaling: InputScaling
  /// What the outputs are.
  public let output: OutputMeaning
  /// The names and shapes of inputs and outputs.
  public let ports: Ports

  /// The number of inputs of one example.
  public var inputCount: Int { network.inputCount }
  /// The number of outputs, or classes.
  public var outputCount: Int { network.outputCount }

  /// Reads a posterior, batch normalisations folded into it, and takes for granted what its
  /// `Posterior.assumptions` say.
  ///
  /// - Parameters:
  ///   - posterior: One whose network is known.
  ///   - readsDeviations: Whether standard deviations are read, for draws and for quantisation.
  ///   - output: What the outputs are where nothing says it.
  /// - Throws: `PruningError.Code.notRunnable` if the network is not known, or nothing says what
  ///   its single output is, and `PosteriorError` if a number cannot be read or is not valid.
  public init(
    _ posterior: Posterior, readsDeviations: Bool = true, output: OutputMeaning? = nil
  ) throws {
    let binding: NetworkBinding
    do {
      binding = try posterior.binding.get()
    } catch {
      throw PruningError.notRunnable(path: posterior.path, reason: error.reason)
    }
    let matrices = try binding.parameters.indices.map { index in
      try DenseMatrix(
        posterior.parameters[binding.parameters[index]], binding.weights[index],
        rows: binding.rows?[index], readsDeviations: readsDeviations, path: posterior.path)
    }
    let said = posterior.interface.outputToRun(outputCount: binding.network.outputCount)
    guard let output = said ?? output else {
      throw PruningError.notRunnable(
        path: posterior.path,
        reason: """
          it has one output, and nothing says what that is: the probability of one of two classes \
          (--output binary), or a number (--output numbers, or numbers:DEVIATION with its noise)
          """)
    }
    self.init(
      network: binding.network, matrices: matrices, posteriorParameters: binding.parameters,
      inputScaling: posterior.interface.inputScalingToRun, output: output,
      ports: posterior.interface.ports)
  }

  /// Puts a network together.
  init(
    network: Network, matrices: [DenseMatrix], posteriorParameters: [Int],
    inputScaling: InputScaling, output: OutputMeaning, ports: Ports? = nil
  ) {
    let spaces = network.unitSpaces
    self.network = network
    self.spaces = spaces
    columns = network.parameters.map { MatrixColumns(of: $0, in: network, spaces) }
    self.matrices = matrices
    self.posteriorParameters = posteriorParameters
    self.inputScaling = inputScaling
    self.output = output
    self.ports = ports ?? Ports(of: network)
  }

  /// The first matrix that reads the network's input, as it is or flattened; `nil` if none does.
  var firstParameter: Int? {
    network.parameters.firstIndex { parameter in
      guard var source = network.nodes[parameter.node].inputs.first else { return false }
      while case .node(let number) = source, network.nodes[number].operation == .flatten {
        source = network.nodes[number].inputs[0]
      }
      return source == .input
    }
  }

  /// The multiplications of one example: of a convolution's weights one for each position, and for each node that uses them.
  package var multiplicationCount: Int {
    zip(network.parameters, matrices).reduce(0) { count, element in
      let (parameter, matrix) = element
      return count
        + parameter.users.reduce(0) {
          $0 + matrix.weights.count * network.shapes[$1 + 1].positionCount
        }
    }
  }

  /// The number of weights, without biases.
  var weightCount: Int { matrices.reduce(0) { $0 + $1.weights.count } }
  /// The number of biases that the network has.
  var biasCount: Int {
    network.parameters.reduce(0) { $0 + ($1.hasBias ? $1.weights.rows : 0) }
  }

  /// The size of the unpruned network as dense 32-bit floats, in bytes.
  public var denseByteCount: Int { 4 * (weightCount + biasCount) }

  /// Which weights of each of the network's parameters a pruning leaves; `nil` where all are.
  package func masks(_ pruning: Pruning) -> [Mask?] {
    posteriorParameters.map { pruning.mask(ofParameter: $0) }
  }

  /// Whether anything that leads to the output reads each row of each of the network's parameters.
  ///
  /// - Parameter masks: Which weights of each parameter are left; `nil` where all are.
  /// - Returns: For each parameter a flag per row.
  package func rowsRead(_ masks: [Mask?]) -> [[Bool]] {
    var isRead = [[Bool]](repeating: [], count: matrices.count)
    var reads = ReadChannels(network, spaces, columns)
    for index in matrices.indices.reversed() {
      isRead[index] = reads.rows(of: index)
      let (shape, count) = (matrices[index].shape, matrices[index].shape.columnCount)
      if let mask = masks[index] {
        // Weights of rows that nothing reads do not count.
        reads.insert(
          mask.keptPositions.lazy.map { shape.place(at: $0) }.filter { isRead[index][$0.row] }
            .map(\.column), of: index)
      } else {
        reads.insert(0..<count, of: index)
      }
    }
    return isRead
  }

  /// The network with other weights and biases, and the standard deviations that it has.
  ///
  /// - Parameters:
  ///   - exampleCount: On how many examples they take over what is removed.
  ///   - change: What the weights of a parameter, in the order of its tensor, and its biases become; `nil` leaves them.
  /// - Returns: The network.
  package func replacingWeights(
    on exampleCount: Int,
    _ change: (_ parameter: Int, _ matrix: DenseMatrix) -> (weights: [Float], biases: [Float])?
  ) -> DenseNetwork {
    var changed = self
    changed.conditionedOn = exampleCount
    for (index, matrix) in matrices.enumerated() {
      guard let (weights, biases) = change(index, matrix) else { continue }
      changed.matrices[index].weights = weights
      changed.matrices[index].biases = biases
      changed.matrices[index].inputShifts = nil
    }
    return changed
  }

  /// The network with other standard deviations of its weights.
  ///
  /// - Parameter factors: What those of each row of a parameter are multiplied by; `nil` leaves them.
  /// - Returns: The network.
  package func scalingDeviations(_ factors: (_ parameter: Int) -> [Double]?) -> DenseNetwork {
    var changed = self
    for (index, matrix) in matrices.enumerated() {
      guard let factors = factors(index), let deviations = matrix.deviations else { continue }
      changed.matrices[index].deviations = deviations.enumerated().map { position, deviation in
        deviation * Float(factors[matrix.shape.place(at: position).row])
      }
    }
    return changed
  }

  /// Which biases of each of the network's parameters a pruning leaves; `nil` where all are.
  package func biasMasks(_ pruning: Pruning) -> [Mask?] {
    zip(posteriorParameters, matrices).map { parameter, matrix in
      matrix.takesBias ? pruning.mask(ofParameter: parameter, isBias: true) : nil
    }
  }
}

extension DenseMatrix {
  fileprivate init(
    _ parameter: PosteriorParameter, _ shape: WeightShape, rows: RowMap?, readsDeviations: Bool,
    path: String
  ) throws {
    let folding = try NormalisationFolding(parameter, shape, rows: rows, path: path)
    self.shape = shape
    takesBias = rows?.takesBias ?? true
    let bias = takesBias ? parameter.bias : nil
    weights = folding.weights(try parameter.weight.means())
    biases = folding.biases(try bias?.means() ?? Array(repeating: 0, count: shape.rows))
    inputShifts = folding.inputShifts
    biasesIfRemoved = folding.biasesIfRemoved
    guard readsDeviations else { return }
    deviations = folding.deviations(try parameter.weight.standardDeviations())
    if let bias, bias.scale != nil {
      biasDeviations = folding.biasDeviations(try bias.standardDeviations())
    }
  }
}
