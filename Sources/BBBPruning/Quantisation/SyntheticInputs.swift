import BBBKernels
import BBBTensors

/// Inputs made for a network of which no inputs are known, in the units of its first layer.
///
/// A network cannot tell whether its inputs are large or its weights are small, nor inputs far from zero from biases. So
/// inputs are made from numbers z of mean 0 and variance 1 as x = s (c + z), such that the network's
/// outputs are the same for it and for one that takes the same inputs in other units:
///
/// - the scale s of an input is in proportion to the root mean square of 1/σ over its weights: σ of a weight is
///   in inverse proportion to the inputs that it was learned from;
/// - the mean square of the sums w x of the first layer's units is 1;
/// - the centre c is the least one (by its squares) that cancels the biases as far as inputs can.
struct SyntheticInputs {
  private let inputCount: Int
  private let outputCount: Int
  /// w s of each weight: (outputs, inputs), row-major.
  private var weights: [Float]
  private var scales: [Double]
  private var centre: [Double]

  /// Finds a network's units.
  ///
  /// - Parameters:
  ///   - layer: Its first layer.
  ///   - deviations: σ of that layer's weights; where all are 0, inputs have equal scales.
  init(_ layer: DenseLayer, deviations: [Float]) {
    inputCount = layer.inputCount
    outputCount = layer.outputCount
    scales = Self.relativeScales(layer, deviations)
    weights = Array(repeating: 0, count: layer.weights.count)
    for (position, weight) in layer.weights.enumerated() {
      let (output, input) = (layer.output(at: position), layer.input(at: position))
      weights[output * inputCount + input] = weight * Float(scales[input])
    }
    centre = Array(repeating: 0, count: inputCount)
    let square = weights.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(outputCount)
    guard square > 0, square.isFinite else { return }
    let factor = 1 / square.squareRoot()
    for index in weights.indices { weights[index] *= Float(factor) }
    for index in scales.indices { scales[index] *= factor }
    centre = centre(cancelling: layer)
  }

  /// The root mean square of 1/σ over each input's weights.
  private static func relativeScales(_ layer: DenseLayer, _ deviations: [Float]) -> [Double] {
    var squares = [Double](repeating: 0, count: layer.inputCount)
    for (position, deviation) in deviations.enumerated() where deviation > 0 {
      squares[layer.input(at: position)] += 1 / (Double(deviation) * Double(deviation))
    }
    // Relative to the largest, so that no sum is beyond what a number can be.
    let largest = squares.reduce(0, max)
    guard largest > 0, largest.isFinite else { return squares.map { _ in 1 } }
    return squares.map { ($0 / largest).squareRoot() }
  }

  /// The c that makes |W (s c) + b|² least, W s being ``weights``, by conjugate gradients on the normal equations.
  ///
  /// A small multiple of |c|² is added, which keeps those inputs near zero on which little depends.
  private func centre(cancelling layer: DenseLayer) -> [Double] {
    var biases = layer.biases.map(Double.init)
    if let shifts = layer.inputShifts {
      let shifted = sums(zip(shifts, scales).map { $1 == 0 ? 0 : Double($0) / $1 })
      for output in biases.indices { biases[output] += shifted[output] }
    }
    // The mean square of a column, as the columns' mean squares add up to the number of outputs.
    let damping = 1e-4 * Double(outputCount) / Double(inputCount)
    let sizes = biases.map(\.magnitude).filter { $0 > 0 }.sorted()
    guard !sizes.isEmpty else { return Array(repeating: 0, count: inputCount) }
    let limit = Self.biasRatio * sizes[sizes.count / 2]
    biases = biases.map { min(max($0, -limit), limit) }
    var centre = [Double](repeating: 0, count: inputCount)
    var residual = transposedSums(biases).map { -$0 }
    var direction = residual
    var square = residual.reduce(0) { $0 + $1 * $1 }
    let target = 1e-8 * square
    guard square.isFinite else { return centre }
    for _ in 0..<Self.iterationCount(weightCount: weights.count) where square > target {
      var image = transposedSums(sums(direction))
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
  private static func iterationCount(weightCount: Int) -> Int {
    min(max(1_000_000_000 / max(weightCount, 1), 4), 60)
  }

  /// W s v for each unit.
  private func sums(_ vector: [Double]) -> [Double] {
    (0..<outputCount).map { output in
      let row = output * inputCount
      return vector.indices.reduce(0.0) { $0 + Double(weights[row + $1]) * vector[$1] }
    }
  }

  /// (W s)ᵀ v for each input.
  private func transposedSums(_ vector: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: inputCount)
    for (output, factor) in vector.enumerated() where factor != 0 {
      let row = output * inputCount
      for input in 0..<inputCount { sums[input] += Double(weights[row + input]) * factor }
    }
    return sums
  }

  /// Two kinds of inputs.
  ///
  /// Those of the first are independent numbers, far from anything the network has learned. Those of the
  /// second are sums of the first layer's rows with random signs: training forms rows from inputs,
  /// and so these have something of the inputs' correlations.
  ///
  /// - Parameters:
  ///   - exampleCount: How many of each kind.
  ///   - size: What z is multiplied by.
  /// - Returns: Both; of a layer of zeros, which has no patterns, the first.
  func make(exampleCount: Int, size: Double = 1) -> [ComparisonInputs] {
    var generator = SplitMix64(seed: 0)
    let noise = (0..<exampleCount * inputCount).map { _ in
      (2 * generator.nextUniform() - 1) * 3.0.squareRoot()
    }
    var patterns = [Double](repeating: 0, count: noise.count)
    for example in 0..<exampleCount {
      let first = example * inputCount
      for _ in 0..<Self.rowsPerPattern {
        let row = Int(generator.next() % UInt64(outputCount)) * inputCount
        let sign: Double = generator.next() % 2 == 0 ? 1 : -1
        for input in 0..<inputCount {
          patterns[first + input] += sign * Double(weights[row + input])
        }
      }
    }
    let square = patterns.reduce(0) { $0 + $1 * $1 } / Double(patterns.count)
    guard square > 0, square.isFinite else { return [inputs(noise, size)] }
    let factor = 1 / square.squareRoot()
    return [inputs(noise, size), inputs(patterns, factor * size)]
  }

  /// The rows that are summed for one example.
  private static let rowsPerPattern = 32

  /// x = s (c + z), z being multiples of numbers.
  private func inputs(_ numbers: [Double], _ size: Double) -> ComparisonInputs {
    ComparisonInputs(
      floats: numbers.enumerated().map { index, number in
        let input = index % inputCount
        return Float(scales[input] * (centre[input] + size * number))
      })
  }
}
