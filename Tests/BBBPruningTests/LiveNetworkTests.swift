import BBBInference
import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite("What pruning leaves of a network")
struct LiveNetworkTests {
  @Test(
    "computes what the masked dense network does, for any network and mask", arguments: 0..<400)
  func exactness(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let network = RandomNetworks.make(using: &generator)
    let sample = PrunedSample(network, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    let compact = ReferenceNetwork(model.network, model.matrices.map(\.reference))
    for _ in 0..<3 {
      let input = (0..<network.inputCount).map { _ in Double.random(in: -2...2, using: &generator) }
      let expected = sample.masked.output(for: input)
      let found = compact.output(for: input)
      let scale = expected.map(\.magnitude).max() ?? 0
      for (one, other) in zip(expected, found) {
        // Constants and biases are floats.
        #expect(abs(one - other) <= 1e-5 * (1 + scale), "seed \(seed), \(network)")
      }
    }
  }

  @Test("holds no unit that nothing depends on, and no constant one but where it must be added")
  func minimality() throws {
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let network = RandomNetworks.make(using: &generator)
      // A channel that goes with all of another value's stays, even if these go.
      guard !network.spreadsChannel else { continue }
      let sample = PrunedSample(network, using: &generator)
      let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
      let spaces = model.network.unitSpaces
      // A unit is read by a weight, or is an operand or an output.
      var isRead = [Bool](repeating: false, count: spaces.unitCount)
      for space in spaces.spaces where space.isFixed {
        for unit in space.units { isRead[unit] = true }
      }
      for (index, parameter) in model.network.parameters.enumerated()
      where !parameter.isConstant(in: model.network) {
        let columns = MatrixColumns(of: parameter, in: model.network, spaces)
        let source = spaces.channels[model.network.nodes[parameter.node].inputs[0].index]
        for column in model.matrices[index].pattern.columns {
          isRead[source[columns.channels[Int(column)]].unit] = true
        }
      }
      #expect(!isRead.contains(false), "seed \(seed), \(network)")
    }
  }

  @Test(
    "computes what the masked dense network does, with attention, and where channels are added to others",
    arguments: [
      Transformers.vision,
      "input 2 2 3; a = convolution 2 1x1; flat = flatten; b = linear 12; add b flat; c = linear 3",
      "input 2 2 3; a = convolution 2 1x1; flat = flatten; b = linear 12; add flat b; c = linear 3",
      "input 2 2 3; a = convolution 5 1x1; softmax axis 2; b = convolution 5 1x1; normalise axis 1 axis 2; "
        + "c = convolution 2 1x1; flatten; softmax axis 0",
    ])
  func attention(text: String) throws {
    let network = try Network(text: text)
    for seed in 0..<100 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sample = PrunedSample(network, using: &generator)
      let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
      let compact = ReferenceNetwork(model.network, model.matrices.map(\.reference))
      let input = (0..<network.inputCount).map { _ in Double.random(in: -2...2, using: &generator) }
      for (one, other) in zip(sample.masked.output(for: input), compact.output(for: input)) {
        #expect(abs(one - other) <= 1e-5 * (1 + abs(one)), "seed \(seed), \(text)")
      }
    }
  }

  @Test("of channels that a softmax or a normalisation makes equal is their number")
  func equalNumbers() throws {
    for (operation, constant) in [("softmax axis 1", 1.0 / 6), ("normalise axis 1", 0)] {
      let network = try Network(
        text: "input 2 6; a = convolution 3 1; \(operation); b = convolution 1 1")
      var generator = SeededGenerator(seed: 4)
      var keeps = Mask(repeating: true, count: 9)
      // The first unit has no weights.
      for position in 0..<2 { keeps[position] = false }
      let sample = PrunedSample(network, keeps: keeps, using: &generator)
      let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
      #expect(model.matrices[0].biases.count == 2)
      let (bias, weight) = (sample.dense.matrices[1].biases[0], sample.dense.matrices[1].weights[0])
      #expect(abs(Double(model.matrices[1].biases[0] - bias) - Double(weight) * constant) < 1e-6)
    }
  }

  @Test("of a multilayer perceptron is without units that have no weights on one side")
  func chain() throws {
    let network = try Network(text: "3-4-2 relu")
    var generator = SeededGenerator(seed: 1)
    // Unit 0 has no incoming weights, unit 1 no outgoing ones.
    var keeps = Mask(repeating: true, count: 20)
    for position in [0, 1, 2, 12 + 1, 12 + 5] { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    #expect(model.network.layerSizes?.sizes == [3, 2, 2])
    #expect(model.matrices.map(\.weightCount) == [6, 4])
    let dense = sample.dense.matrices
    let constant = max(0, dense[0].biases[0])
    #expect(
      model.matrices[1].biases
        == [
          Float(Double(dense[1].biases[0]) + Double(dense[1].weights[0]) * Double(constant)),
          Float(Double(dense[1].biases[1]) + Double(dense[1].weights[4]) * Double(constant)),
        ])
  }

  @Test("keeps a constant channel where a convolution pads it, and folds it elsewhere")
  func borders() throws {
    for (padding, unitsLeft) in [("", 1), (" pad 1", 2)] {
      let network = try Network(
        text: "input 1 4 4; a = convolution 2 3x3 pad 1; sigmoid; b = convolution 1 3x3\(padding)")
      var generator = SeededGenerator(seed: 2)
      var keeps = Mask(repeating: true, count: 36)
      for position in 0..<9 { keeps[position] = false }
      let sample = PrunedSample(network, keeps: keeps, using: &generator)
      let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
      #expect(model.matrices[0].biases.count == unitsLeft)
    }
  }

  @Test(
    "takes a matrix whole that several nodes use: what is constant for one of them is not for another"
  )
  func sharing() throws {
    let network = try Network(
      text: "input 2; a = linear 2; tanh; b = linear 2 sharing a; c = linear 1")
    var generator = SeededGenerator(seed: 6)
    // Row 0 has no weights: the second time it is used, it reads a constant in row 0's place.
    var keeps = Mask(repeating: true, count: 6)
    for position in [0, 1] { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    #expect(model.network.parameters[0].users == [0, 2])
    #expect(model.matrices[0].pattern.rowStarts == [0, 0, 2])
    #expect(model.matrices[0].biases == sample.dense.matrices[0].biases)
    // c reads a constant, and is used once.
    #expect(model.matrices[1].weightCount == 1)
    for input in [[1.0, 2], [-3, 0.5]] {
      let expected = sample.masked.output(for: input)[0]
      let found = ReferenceNetwork(model.network, model.matrices.map(\.reference))
        .output(for: input)[0]
      #expect(abs(expected - found) < 1e-6)
    }
  }

  @Test("folds what is computed of constants, and products with channels that are 0")
  func arithmetic() throws {
    let network = try Network(
      text: """
        input 2; a = linear 3; b = linear 3 without-bias from input; p = multiply a b; q = maximum a p; c = linear 1
        """)
    var generator = SeededGenerator(seed: 3)
    // b's rows 0 and 1 have no weights, and a's row 1 has none.
    var keeps = Mask(repeating: true, count: 15)
    for position in [2, 3, 6, 7, 8, 9] { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    let dense = sample.dense.matrices
    // Unit 1 is the maximum of a constant and of 0.
    #expect(model.network.parameters.map(\.weights.rows) == [2, 2, 1])
    #expect(
      model.matrices[2].biases
        == [
          Float(
            Double(dense[2].biases[0]) + Double(dense[2].weights[1])
              * Double(max(0, dense[0].biases[1])))
        ])
  }

  @Test("keeps a row without weights where another that it is added to has some")
  func residual() throws {
    let network = try Network(
      text: "input 2; a = linear 2; b = linear 2 from a; add a b; c = linear 1")
    var generator = SeededGenerator(seed: 3)
    var keeps = Mask(repeating: true, count: 10)
    // b's row 0 has no weights, but a's unit 0 is read.
    for position in [4, 5] { keeps[position] = false }
    let sample = PrunedSample(network, keeps: keeps, using: &generator)
    let model = LiveNetwork(sample.dense, sample.pruning).model(sample.dense.matrices)
    #expect(model.matrices[1].pattern.rowCounts == [0, 2])
    #expect(model.network.parameters.map(\.weights.rows) == [2, 2, 1])
  }
}

extension Network {
  /// Whether arithmetic lets one channel go with several.
  fileprivate var spreadsChannel: Bool {
    nodes.contains { node in
      guard case .arithmetic = node.operation else { return false }
      return Set(node.inputs.map { shape(of: $0).extents[0] }).count > 1
    }
  }
}

/// A network with random weights and a random mask.
struct PrunedSample {
  let dense: DenseNetwork
  let pruning: Pruning
  /// The same weights with zeros where they are removed.
  let masked: ReferenceNetwork

  /// Makes weights, and a mask that empties many rows and columns unless one is given.
  init(
    _ network: Network, keeps: Mask? = nil, using generator: inout some RandomNumberGenerator
  ) {
    let shapes = network.parameters.map { parameter in
      var shape = parameter.weights
      guard keeps == nil else { return shape }
      let orders: [WeightShape.Order] =
        [.outputInput] + (shape.groups == 1 ? [.inputOutput] : [])
        + (shape.taps > 1 ? [.transposedConvolution] : [])
      shape.order = orders.randomElement(using: &generator) ?? .outputInput
      return shape
    }
    let matrices = zip(network.parameters, shapes).map { parameter, shape in
      let scale = 1.5 / Float(max(shape.channels * shape.taps, 1)).squareRoot()
      return DenseMatrix(
        shape: shape,
        weights: (0..<shape.count).map { _ in Float.random(in: -scale...scale, using: &generator) },
        biases: (0..<shape.rows).map { _ in
          parameter.hasBias ? Float.random(in: -0.5...0.5, using: &generator) : 0
        })
    }
    var segments: [Ranking.Segment] = []
    var count = 0
    for (index, shape) in shapes.enumerated() {
      segments.append(
        Ranking.Segment(parameter: index, isBias: false, positions: count..<count + shape.count))
      count += shape.count
    }
    let keeps = keeps ?? Self.mask(shapes, using: &generator)
    dense = DenseNetwork(network, matrices)
    pruning = Pruning(
      criterion: .signalToNoiseRatio, segments: segments, keeps: keeps,
      removedCount: count - keeps.keptCount, threshold: nil)
    masked = ReferenceNetwork(
      network,
      matrices.indices.map { index in
        let mask = keeps.part(segments[index].positions)
        return ReferenceNetwork.weights(
          zip(matrices[index].weights, mask).map { $1 ? Double($0) : 0 },
          biases: matrices[index].biases.map(Double.init), shapes[index])
      })
  }

  private static func mask(
    _ shapes: [WeightShape], using generator: inout some RandomNumberGenerator
  ) -> Mask {
    Mask(
      shapes.flatMap { shape in
        let density = Double.random(in: 0.05...0.9, using: &generator)
        let emptyRows = (0..<shape.rows).map { _ in
          Double.random(in: 0..<1, using: &generator) < 0.3
        }
        let emptyColumns = (0..<shape.columnCount).map { _ in
          Double.random(in: 0..<1, using: &generator) < 0.2
        }
        return (0..<shape.count).map { position in
          let (row, column) = shape.place(at: position)
          return !emptyRows[row] && !emptyColumns[column]
            && Double.random(in: 0..<1, using: &generator) < density
        }
      })
  }
}

extension DenseNetwork {
  /// A network of given weights.
  init(_ network: Network, _ matrices: [DenseMatrix]) {
    self.init(
      network: network, matrices: matrices, posteriorParameters: Array(matrices.indices),
      inputScaling: .identity, output: .numbers(noiseDeviation: nil))
  }
}

extension SparseMatrix {
  /// As the reference computes with it.
  var reference: ReferenceNetwork.Weights {
    var weights = [Double](repeating: 0, count: pattern.rowCount * pattern.columnCount)
    for row in 0..<pattern.rowCount {
      for entry in pattern.entries(ofRow: row) {
        weights[row * pattern.columnCount + Int(pattern.columns[entry])] = Double(values[entry])
      }
    }
    return ReferenceNetwork.Weights(weights: weights, biases: biases.map(Double.init))
  }
}
