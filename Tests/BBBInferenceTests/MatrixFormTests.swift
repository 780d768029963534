import BBBKernels
import BBBNetwork
import CBBBKernels
import NetworkReference
import TestSupport
import Testing

@_spi(Benchmarks) @testable import BBBInference

/// The kernels, one matrix at a time: every form on every instruction set against sums in Double.
@Suite struct MatrixFormTests {
  /// Sizes that are not multiples of any vector, slice, group or panel; no input, one, no weight.
  static let shapes: [(inputs: Int, outputs: Int, density: Double)] = [
    (1, 1, 1), (3, 2, 0.5), (17, 33, 0.2), (100, 33, 0.1), (784, 50, 0.02), (65, 129, 0.9),
    (20, 10, 0),
  ]

  @Test(arguments: InstructionSet.available, shapes)
  func `all forms of a layer compute its sums`(
    set: InstructionSet, shape: (inputs: Int, outputs: Int, density: Double)
  ) {
    for activation in [Activation.none, .relu] {
      check(layer(shape, activation), set)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `rows without weights give their biases, between rows that have some`(set: InstructionSet) {
    check(
      ChainLayer(
        inputCount: 3, rowStarts: [0, 0, 2, 2, 3, 3], columns: [0, 2, 1], values: [1.5, -2, 3],
        biases: [1, 2, -3, 4, -5], activation: .relu), set)
  }

  @Test(arguments: InstructionSet.available, [1, 8, 37])
  func `many bands, in some of which a row has one weight or none`(
    set: InstructionSet, outputs: Int
  ) {
    var columns: [UInt32] = []
    var rowStarts: [UInt32] = [0]
    for output in 0..<outputs {
      switch output % 3 {
      case 0: columns += stride(from: UInt32(output % 5), to: 2500, by: 5)
      case 1: columns += UInt32(0)..<40
      default: columns += [7, 640, 1251, 1862]
      }
      rowStarts.append(UInt32(columns.count))
    }
    var generator = SeededGenerator(seed: 5)
    for activation in [Activation.none, .relu] {
      let layer = ChainLayer(
        inputCount: 2500, rowStarts: rowStarts, columns: columns,
        values: columns.map { _ in Float.random(in: -1...1, using: &generator) },
        biases: (0..<outputs).map { _ in Float.random(in: -1...1, using: &generator) },
        activation: activation)
      let columns = ArrangedPattern(layer.matrix.pattern).transposed().pattern
      #expect(InputBands(columns).ranges.count > 2)
      check(layer, set)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `more units than 16 bits can number`(set: InstructionSet) {
    check(layer((70_001, 5, 0.001), .none), set)
    check(layer((5, 70_001, 0.3), .relu), set)
  }

  @Test(arguments: [65_534, 65_535, 65_536])
  func `the number of the padding fits, at the end of 16 bits`(inputs: Int) {
    check(layer((inputs, 7, 0.001), .none), .best)
    check(layer((7, inputs, 0.3), .none), .best)
  }

  private func layer(
    _ shape: (inputs: Int, outputs: Int, density: Double), _ activation: Activation
  ) -> ChainLayer {
    var generator = SeededGenerator(seed: 3)
    return ChainLayer.random(
      inputs: shape.inputs, outputs: shape.outputs, density: shape.density,
      activation: activation, using: &generator)
  }

  /// Runs the layer in each of its forms on the same examples.
  private func check(_ layer: ChainLayer, _ set: InstructionSet) {
    var generator = SeededGenerator(seed: 4)
    let examples = (0..<Workspace.wideTile).map { _ in
      // A third of the inputs is zero.
      (0..<layer.inputCount).map { _ in
        max(-0.3, Float.random(in: -1...1, using: &generator)) + 0.3
      }
    }
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(denseWeightCount: 0, denseBiasCount: 0, removedCount: 0, criterion: "snr"))
    let expected = examples.prefix(3).map {
      ReferenceNetwork(model).output(for: $0.map(Double.init))
    }
    var answers: [[Float]] = []
    for choice in [FormChoice.sparse, .dense] {
      for width in [1, Workspace.narrowTile, Workspace.wideTile]
      where width <= model.plan.structure.program.widestTile {
        answers.append(outputs(of: model.running(choice), examples, width: width, set))
      }
    }
    for answer in answers {
      #expect(answer == answers[0])
      for (actual, expected) in zip(answer, expected.joined()) {
        #expect(abs(Double(actual) - expected) < 1e-4 * max(1, abs(expected)))
      }
    }
  }

  /// The outputs of the first three examples, by tiles of a width or one by one.
  private func outputs(
    of model: CompactModel, _ examples: [[Float]], width: Int, _ set: InstructionSet
  ) -> [Float] {
    var workspace = Workspace(for: model)
    var outputs = [Float](repeating: .nan, count: width * model.outputCount)
    let inputs = Array(examples.prefix(width).joined())
    if width > 1 {
      outputs.withUnsafeMutableBufferPointer {
        model.computeTile(inputs.span, count: width, width: width, into: $0, &workspace, set)
      }
      return Array(outputs.prefix(3 * model.outputCount))
    }
    return examples.prefix(3).flatMap { example in
      outputs.withUnsafeMutableBufferPointer {
        model.computeExample(example.span, into: $0, &workspace, set)
      }
      return outputs
    }
  }
}
