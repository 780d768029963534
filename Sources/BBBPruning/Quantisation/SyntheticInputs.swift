import BBBKernels
import BBBNetwork

/// Inputs made for a network of which no inputs are known, in the units of its first matrix.
///
/// A network cannot tell whether its inputs are large or its weights are small, nor inputs far from zero from biases. So
/// inputs are made from numbers z of mean 0 and variance 1 as x = s (c + z), such that the network's
/// outputs are the same for it and for one that takes the same inputs in other units:
///
/// - the scale s of an input, or of a channel that a convolution reads, is in proportion to the root mean square of 1/σ over
///   its weights: σ of a weight is in inverse proportion to the inputs that it was learned from;
/// - the mean square of the sums w x of the first matrix's rows is 1;
/// - the centre c is the least one (by its squares) that cancels the biases as far as inputs can.
struct SyntheticInputs {
  private let inputCount: Int
  /// The weights with their inputs' scales, w s; `nil` if no matrix reads the input.
  private var map: WindowedMap?
  private var scales: [Double]
  private var centre: [Double]
  /// For each input that is an integer, how many there are of it; `nil` for real numbers.
  private var integers: [Int?]

  /// Finds a network's units: those of the first matrix that reads its input.
  ///
  /// Where none does, inputs are numbers of mean 0 and variance 1.
  ///
  /// - Parameter network: The network; where all σ of the matrix are 0, inputs have equal scales.
  init(for network: DenseNetwork) {
    inputCount = network.inputCount
    scales = Array(repeating: 1, count: inputCount)
    centre = Array(repeating: 0, count: inputCount)
    integers = network.integerCounts
    guard let first = network.firstParameter else { return }
    let matrix = network.matrices[first]
    var map = WindowedMap(network.network.parameters[first], in: network.network, matrix)
    let channelScales = Self.relativeScales(
      matrix, channelCount: map.channelCount, columnsPerChannel: map.cellCount)
    map.scale { channelScales[$0] }
    scales = (0..<inputCount).map { channelScales[$0 / map.positionCount] }
    let square =
      map.weights.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(matrix.shape.rows)
    if square > 0, square.isFinite {
      let factor = 1 / square.squareRoot()
      map.scale { _ in factor }
      for index in scales.indices { scales[index] *= factor }
      centre = centre(cancelling: matrix, map)
    }
    self.map = map
  }

  /// The root mean square of 1/σ over each channel's weights.
  private static func relativeScales(
    _ matrix: DenseMatrix, channelCount: Int, columnsPerChannel: Int
  ) -> [Double] {
    var squares = [Double](repeating: 0, count: channelCount)
    for (position, deviation) in (matrix.deviations ?? []).enumerated() where deviation > 0 {
      squares[matrix.shape.place(at: position).column / columnsPerChannel] +=
        1 / (Double(deviation) * Double(deviation))
    }
    // Relative to the largest, so that no sum is beyond what a number can be.
    let largest = squares.reduce(0, max)
    guard largest > 0, largest.isFinite else { return squares.map { _ in 1 } }
    return squares.map { ($0 / largest).squareRoot() }
  }

  /// The c that makes |W (s c) + b|² least, W s being ``weights``, by conjugate gradients on the normal equations.
  ///
  /// A small multiple of |c|² is added, which keeps those inputs near zero on which little depends.
  private func centre(cancelling matrix: DenseMatrix, _ map: WindowedMap) -> [Double] {
    var biases = map.spread(matrix.biases.map(Double.init))
    if let shifts = matrix.inputShifts {
      let shifted = map.sums(zip(shifts, scales).map { $1 == 0 ? 0 : Double($0) / $1 })
      for output in biases.indices { biases[output] += shifted[output] }
    }
    // The mean square of a column, as the columns' mean squares add up to the number of outputs.
    let damping = 1e-4 * Double(map.outputCount) / Double(inputCount)
    let sizes = biases.map(\.magnitude).filter { $0 > 0 }.sorted()
    guard !sizes.isEmpty else { return Array(repeating: 0, count: inputCount) }
    let limit = Self.biasRatio * sizes[sizes.count / 2]
    biases = biases.map { min(max($0, -limit), limit) }
    var centre = [Double](repeating: 0, count: inputCount)
    var residual = map.transposedSums(biases).map { -$0 }
    var direction = residual
    var square = residual.reduce(0) { $0 + $1 * $1 }
    let target = 1e-8 * square
    guard square.isFinite else { return centre }
    for _ in 0..<Self.iterationCount(multiplicationCount: map.multiplicationCount)
    where square > target {
      var image = map.transposedSums(map.sums(direction))
      for input in image.indices { image[input] += damping * direction[input] }
      let step = square / zip(direction, image).reduce(0) { $0 + $1.0 * $1.1 }
      for input in centre.indices {
        centre[input] += step * direction[input]
        residual[input] -= step * image[input]
      }
      let next = residual.reduce(0) { $0 + $1 * $1 }
      for input in direction.indices {
        direction[input] = residual[input] + next / square * direction[input]
      }
      square = next
    }
    return centre.allSatisfy(\.isFinite) ? centre : centre.map { _ in 0 }
  }

  /// A bias larger than the middle one by more than this does not come from where zero is, as all biases do, but switches
  /// its unit off.
  private static let biasRatio = 10.0

  /// At most two billion multiplications.
  private static func iterationCount(multiplicationCount: Int) -> Int {
    min(max(1_000_000_000 / max(multiplicationCount, 1), 4), 60)
  }

  /// Two kinds of inputs.
  ///
  /// Those of the first are independent numbers, far from anything the network has learned. Those of the
  /// second are sums of the first matrix's rows, wherever a convolution's window may stand, with random signs: training forms
  /// rows from inputs,
  /// and so these have something of the inputs' correlations.
  ///
  /// - Parameters:
  ///   - exampleCount: How many of each kind.
  ///   - size: What z is multiplied by.
  /// - Returns: Both; of a matrix of zeros, which has no patterns, the first.
  func make(exampleCount: Int, size: Double = 1) -> [ComparisonInputs] {
    var generator = SplitMix64(seed: 0)
    let noise = (0..<exampleCount * inputCount).map { _ in
      (2 * generator.nextUniform() - 1) * 3.0.squareRoot()
    }
    guard let map else { return [inputs(noise, size)] }
    var patterns: [Double] = []
    for _ in 0..<exampleCount {
      var pattern = [Double](repeating: 0, count: inputCount)
      for _ in 0..<Self.rowsPerElement * inputCount / map.columnCount {
        let output = Int(generator.next() % UInt64(map.outputCount))
        map.addRow(of: output, times: generator.next() % 2 == 0 ? 1 : -1, to: &pattern)
      }
      patterns += pattern
    }
    let square = patterns.reduce(0) { $0 + $1 * $1 } / Double(patterns.count)
    guard square > 0, square.isFinite else { return [inputs(noise, size)] }
    let factor = 1 / square.squareRoot()
    return [inputs(noise, size), inputs(patterns, factor * size)]
  }

  /// The rows that are summed for one element of an example.
  private static let rowsPerElement = 32

  /// x = s (c + z), z being multiples of numbers.
  private func inputs(_ numbers: [Double], _ size: Double) -> ComparisonInputs {
    ComparisonInputs(
      floats: numbers.enumerated().map { index, number in
        let input = index % inputCount
        if let count = integers[input] {
          // Evenly, whatever the numbers are distributed like.
          let share = (number / 3.0.squareRoot() + 1) / 2
          return Float(Int(min(max(share, 0), 1 - 1e-9) * Double(count)))
        }
        return Float(scales[input] * (centre[input] + size * number))
      })
  }
}

extension DenseNetwork {
  /// For each input that a graph takes as an integer, how many the smallest table has in which it is looked up; `nil` for real
  /// numbers.
  fileprivate var integerCounts: [Int?] {
    // A table is a product with what is equal to one of its numbers.
    let tables = network.nodes.flatMap { node -> [Int] in
      guard node.operation == .arithmetic(.equal) else { return [] }
      return node.inputs.compactMap { value in
        guard case .node(let number) = value, case .constant = network.nodes[number].operation
        else {
          return nil
        }
        return matrices[network.parameterNumber(ofNode: number)].biases.count
      }
    }
    let count = tables.filter { $0 > 1 }.min() ?? 2
    return ports.inputs.flatMap { port -> [Int?] in
      Array(repeating: port.holdsIntegers ? count : nil, count: port.shape.reduce(1, *))
    }
  }
}
