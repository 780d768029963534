import BBBNetwork

/// A matrix as a map from all elements of a value to all elements of the result: of a convolution at every position.
struct WindowedMap: Sendable {
  /// (rows, channels, cells), row-major.
  private(set) var weights: [Float]
  /// The channels that are read; of a linear layer the elements.
  let channelCount: Int
  /// The cells of the kernel; 1 for a linear layer.
  let cellCount: Int
  /// The elements of a channel; 1 for a linear layer.
  let positionCount: Int
  private let rowCount: Int
  /// For each position of the result, the cells that read something, and the position that each reads.
  private let sources: [[(cell: Int, position: Int)]]

  /// The columns of the matrix.
  var columnCount: Int { channelCount * cellCount }
  /// The elements of the result: rows × positions.
  var outputCount: Int { rowCount * sources.count }
  /// The products that one application takes.
  var multiplicationCount: Int { weights.count * sources.count }

  /// Takes the weights of a matrix.
  ///
  /// - Parameters:
  ///   - parameter: The matrix.
  ///   - network: The network that it belongs to.
  ///   - matrix: Its values.
  init(_ parameter: Parameter, in network: Network, _ matrix: DenseMatrix) {
    let shape = matrix.shape
    let input = network.shape(of: network.nodes[parameter.node].inputs[0])
    if case .matrix(let operation) = network.nodes[parameter.node].operation,
      let window = operation.window
    {
      (channelCount, cellCount) = (input.extents[0], window.cellCount)
      positionCount = input.positionCount
      sources = window.sources(over: input.positions).map { positions in
        positions.enumerated().compactMap { cell, position in position.map { (cell, $0) } }
      }
    } else {
      (channelCount, cellCount, positionCount) = (input.count, 1, 1)
      sources = [[(0, 0)]]
    }
    rowCount = shape.rows
    weights = shape.canonical(matrix.weights)
  }

  /// Multiplies the weights of each channel by a factor.
  mutating func scale(_ factor: (_ channel: Int) -> Double) {
    let factors = (0..<channelCount).flatMap { channel in
      Array(repeating: Float(factor(channel)), count: cellCount)
    }
    for index in weights.indices { weights[index] *= factors[index % columnCount] }
  }

  /// A number for each row at each of its positions.
  func spread(_ rows: [Double]) -> [Double] {
    rows.flatMap { Array(repeating: $0, count: sources.count) }
  }

  /// The map of a vector: (rows, positions).
  func sums(_ vector: [Double]) -> [Double] {
    (0..<outputCount).map { output in
      var sum = 0.0
      vector.withUnsafeBufferPointer { vector in
        forEachWeight(of: output) { sum += Double($0) * vector[$1] }
      }
      return sum
    }
  }

  /// The transposed map of a vector: (channels, positions).
  func transposedSums(_ vector: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: channelCount * positionCount)
    for (output, factor) in vector.enumerated() where factor != 0 {
      addRow(of: output, times: factor, to: &sums)
    }
    return sums
  }

  /// Adds a multiple of the weights of one output to the elements that they read.
  func addRow(of output: Int, times factor: Double, to elements: inout [Double]) {
    elements.withUnsafeMutableBufferPointer { elements in
      forEachWeight(of: output) { elements[$1] += Double($0) * factor }
    }
  }

  @inline(__always)
  private func forEachWeight(of output: Int, _ body: (_ weight: Float, _ element: Int) -> Void) {
    let (row, position) = output.quotientAndRemainder(dividingBy: sources.count)
    weights.withUnsafeBufferPointer { weights in
      for (cell, source) in sources[position] {
        var weight = row * columnCount + cell
        var element = source
        for _ in 0..<channelCount {
          body(weights[weight], element)
          weight += cellCount
          element += positionCount
        }
      }
    }
  }
}
