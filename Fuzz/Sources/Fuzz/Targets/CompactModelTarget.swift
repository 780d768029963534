import BBBInference
import BBBKernels
import BBBNetwork
import BBBTensors

extension FuzzTarget {
  /// Compact models, whose sections are mutated as they are once inflated, whatever their kind.
  static let compactModel = FuzzTarget(
    name: "bbbz", test: testCompactModel,
    seeds: { fixtures in
      var generator = SplitMix64(seed: 20_150_706)
      var seeds = fixtures.named(".bbbz")
      for sizes in [[3, 2], [12, 5, 4, 2], [2, 300, 2], [300, 3, 2]] {
        for density in [0, 0.05, 0.3, 1] {
          let model = CompactModel.random(
            sizes: sizes, density: density, activation: .relu, output: .classes,
            inputScaling: .pixels, using: &generator)
          seeds.append(try model.encoded(valuesAs: .float32))
          seeds.append(try model.encoded(valuesAs: .float16))
          seeds.append(try model.inCodingOrder().encoded(valuesAs: .float16))
          seeds.append(try model.quantised.inCodingOrder().encoded(valuesAs: nil))
        }
      }
      for activation in Activation.allCases {
        let model = CompactModel.random(
          sizes: [6, 4, 2], density: 0.5, activation: activation,
          output: activation == .tanh ? .meanAndLogVariance : .numbers(noiseDeviation: 0.5),
          inputScaling: InputScaling(factor: 0.5, means: [0.1, 0.2, 0.3], deviations: [0.25])
            ?? .identity, using: &generator)
        seeds.append(try model.encoded(valuesAs: .float32))
      }
      for text in graphs {
        let model = CompactModel.random(
          try Network(text: text), density: 0.4, output: .numbers(noiseDeviation: nil),
          inputScaling: .pixels, using: &generator)
        seeds.append(try model.encoded(valuesAs: .float32))
        seeds.append(try model.quantised.inCodingOrder().encoded(valuesAs: nil))
      }
      return seeds
    },
    dictionary: ["snr", "magnitude"],
    container: CompactModelSections.self)
}

/// Networks of every operation.
private let graphs = [
  """
  input 2 6 5
  conv1 = convolution 4 3x2 pad 1:0x1 stride 1x2 dilation 2x1
  act = relu
  conv2 = convolution 4 1x1 groups 2 without-bias
  sum = add conv2 act
  most = max-pool 2x1 stride 1 from conv1
  mean = average-pool 2x1 stride 1 from sum
  both = concatenate most mean
  tanh
  average-pool 2x2 pad 1 counting-padding
  flatten
  fc = linear 3
  """,
  "input 3 9; c = convolution 3 3 pad 1 groups 3; a = silu; s = add a input; flatten; fc = linear 2",
  """
  input 3 4 4; a = convolution 3 3x3 pad 1; average-pool 4x4; g = sigmoid; s = multiply a g; r = slice 0:1 0:4 0:4
  t = subtract r s; u = minimum t a; v = maximum u input; w = pad 0 0:1 1:0; d = divide w w; e = power d w; l = less e d;
  h = equal d w; k = select l h; flatten; f = linear 2
  """,
  "input 2 3; p = constant 2 3; s = add p input; flatten; f = linear 4; t = constant 4; multiply t f; g = linear 1",
  "input 1 3 4 3; c = convolution 2 2x2x2; max-pool 1x2x2; flatten; f = linear 4; gelu; g = linear 1",
  "input 4 6; c = convolution 4 1; r = reshape 2 2 6; p = product r r transposing first; softmax axis 2; "
    + "product r softmax4 transposing second; transpose 1 0 2; normalise axis 0 axis 2; flatten; fc = linear 2",
]

/// Reads a model, runs it, and writes and reads it again.
private func testCompactModel(_ bytes: [UInt8]) {
  let model: CompactModel
  do throws(CompactModelError) {
    model = try CompactModel(bytes: bytes, path: "input")
  } catch {
    requireMessage(error.message)
    require(
      (try? CompactModelSummary(bytes: bytes)) == nil, "what is not read is not summarised either")
    return
  }
  do throws(CompactModelError) {
    let summary = try CompactModelSummary(bytes: bytes)
    require(summary.model == model, "the summary has the same model")
    require(summary.headerByteCount > 0, "sections fill less than the file")
    try testPrediction(model)
    // Writing tries many codings, which takes a hundred times as long as reading.
    if bytes.reduce(0, { $0 &+ $1 }) % 32 == 0 { try testWriting(model) }
  } catch {
    fatalError("broken promise: a model that was read can be used, but: \(error)")
  }
}

/// Writes a model in every encoding, and reads it again.
private func testWriting(_ model: CompactModel) throws(CompactModelError) {
  require(
    try CompactModel(bytes: try model.encoded()).withoutUncertainty()
      == model.withoutUncertainty(), "a model written and read is the same")
  let smallest = try CompactModel(bytes: try model.encoded(valuesAs: nil))
  require(smallest.matrices.map(\.values) == model.matrices.map(\.values), "nothing is rounded")
  for encoding in ValueEncoding.allCases { testEncoding(model, encoding) }
  let renumbered = model.inCodingOrder()
  require(renumbered.weightCount == model.weightCount, "units are renumbered, not lost")
  require(
    model.draw(0, seed: 1).network == model.network, "a draw has the same operations")
}

/// Runs a model on two examples, together and alone.
private func testPrediction(_ model: CompactModel) throws(CompactModelError) {
  // Memory to run in is the format's limit times a tile: known, and slow to touch again and again.
  let elementCount = model.network.shapes.reduce(0) { $0 + $1.count }
  let columnCount = model.matrices.reduce(0) { max($0, $1.columnCount) }
  guard max(elementCount, columnCount) <= 1 << 14 else { return }
  let pixels = (0..<2 * model.inputCount).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  let both = try model.predictOutputs(for: pixels)
  let alone = try model.predictOutputs(for: Array(pixels.suffix(model.inputCount)))
  require(both.count == 2 * model.outputCount, "as many outputs as the model has")
  require(
    both.suffix(model.outputCount).map(\.bitPattern) == alone.map(\.bitPattern),
    "an example's outputs do not depend on its batch")
  let probabilities = try model.predictProbabilities(for: pixels.map { Float($0) / 255 })
  require(probabilities.count == both.count, "as many probabilities as outputs")
}

/// Writes a model in an encoding that may round its values, or refuse them, and reads it again.
private func testEncoding(_ model: CompactModel, _ encoding: ValueEncoding) {
  guard let bytes = try? model.encoded(valuesAs: encoding) else { return }
  do throws(CompactModelError) {
    let again = try CompactModel(bytes: bytes)
    require(
      again.matrices.map(\.pattern) == model.matrices.map(\.pattern),
      "rounded values keep their places")
  } catch {
    fatalError("broken promise: what was written is read, but: \(error)")
  }
}

extension CompactModel {
  /// The model with few different weights, and standard deviations.
  fileprivate var quantised: CompactModel {
    var model = with(
      matrices: matrices.enumerated().map { index, matrix in
        let values = matrix.values.map {
          ($0 * 8).rounded(.awayFromZero) * (index == 0 ? 0.1 : 0.3)
        }
        return SparseMatrix(
          matrix.pattern,
          // The first matrix is on a grid, the others are not.
          values: index == 0 ? values : values.map { $0 * $0 * $0 + 0.01 },
          biases: matrix.biases.map { ($0 * 4).rounded() },
          standardDeviations: .init(
            weights: matrix.values.map { abs($0) + 0.01 }, biases: matrix.biases.map { abs($0) }))
      })
    model.origin.parameterCosts = matrices.map { Float($0.weightCount) }
    return model
  }

  /// A multilayer perceptron of the sizes given.
  fileprivate static func random(
    sizes: [Int], density: Double, activation: Activation, output: OutputMeaning,
    inputScaling: InputScaling, using generator: inout SplitMix64
  ) -> CompactModel {
    random(
      .multilayerPerceptron(sizes, activation: activation), density: density, output: output,
      inputScaling: inputScaling, using: &generator)
  }

  /// A network with weights at random; each row has one at least.
  fileprivate static func random(
    _ network: Network, density: Double, output: OutputMeaning, inputScaling: InputScaling,
    using generator: inout SplitMix64
  ) -> CompactModel {
    let matrices = network.parameters.map { parameter in
      let shape = parameter.weights
      let width = shape.channels * shape.taps
      var rowStarts: [UInt32] = [0]
      var columns: [UInt32] = []
      for row in 0..<shape.rows {
        let first = shape.firstColumn(ofRow: row)
        columns += (0..<width).filter { column in
          column == row % width || generator.nextUniform() < density
        }.map { UInt32(first + $0) }
        rowStarts.append(UInt32(columns.count))
      }
      return SparseMatrix(
        SparsePattern(columnCount: shape.columnCount, rowStarts: rowStarts, columns: columns),
        values: columns.map { _ in Float(generator.nextUniform() - 0.5) },
        biases: (0..<shape.rows).map { _ in Float(generator.nextUniform() - 0.5) })
    }
    let possible = network.parameters.reduce(0) { $0 + $1.weights.count }
    return CompactModel(
      network: network, matrices: matrices, output: output, inputScaling: inputScaling,
      origin: Origin(
        denseWeightCount: possible,
        denseBiasCount: network.parameters.reduce(0) { $0 + $1.weights.rows },
        removedCount: possible - matrices.reduce(0) { $0 + $1.weightCount }, criterion: "snr"))
  }
}
