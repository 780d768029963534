import BBBNetwork
import BBBZlib
import Foundation
import Testing

@testable import BBBInference

/// Files that `bbbprune export` wrote once, which every later version must read.
struct GoldenFileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../fixtures/golden").standardizedFileURL

  private static func model(_ name: String) throws -> CompactModel {
    try CompactModel(contentsOfFile: folder.appending(path: "\(name).bbbz").path)
  }

  /// A regression of three channels of two inputs each.
  private static var numbers: CompactModel {
    CompactModel(
      layers: [
        ChainLayer(
          inputCount: 6, rowStarts: [0, 2, 3, 5], columns: [0, 3, 5, 1, 2],
          values: [1, -0.5, 2, 0.25, -4], biases: [0.5, 0, -1], activation: .tanh),
        ChainLayer(
          inputCount: 3, rowStarts: [0, 2, 3], columns: [0, 2, 1], values: [1.5, -2, 3],
          biases: [0.25, 8], activation: .none),
      ], output: .numbers(noiseDeviation: 0.25),
      inputScaling: InputScaling(
        factor: 1.0 / 255, means: [0.5, 0.25, 0.125], deviations: [0.25]) ?? .identity,
      origin: .init(denseWeightCount: 24, denseBiasCount: 5, removedCount: 16, criterion: "snr"))
  }

  /// One probability, behind units with a sigmoid.
  private static var binary: CompactModel {
    CompactModel(
      layers: [
        ChainLayer(
          inputCount: 3, rowStarts: [0, 1, 3], columns: [2, 0, 1], values: [1, -0.5, 2],
          biases: [0.5, 0], activation: .sigmoid),
        ChainLayer(
          inputCount: 2, rowStarts: [0, 2], columns: [0, 1], values: [1.5, -2], biases: [0.25],
          activation: .none),
      ], output: .binary, inputScaling: .identity,
      origin: .init(denseWeightCount: 8, denseBiasCount: 3, removedCount: 3, criterion: "magnitude")
    )
  }

  @Test(arguments: [
    ("version-1.0-float32", Float(0.1)), ("version-1.0-float16", 0.0999755859375),
    ("version-1.1-float32", 0.1),
  ])
  func `a file of an earlier version is read as what it was`(
    name: String, tenth: Float
  ) throws {
    let model = try Self.model(name)
    #expect(
      model.layers == [
        ChainLayer(
          inputCount: 5, rowStarts: [0, 4, 7, 9], columns: [0, 1, 2, 4, 2, 3, 4, 0, 4],
          values: [2, -1.5, 0.25, 8, -4, 3, 0.5, 0.125, 1], biases: [0.5, -0.25, 1],
          activation: .relu),
        ChainLayer(
          inputCount: 3, rowStarts: [0, 3, 5], columns: [0, 1, 2, 0, 2],
          values: [1, -2, 0.75, 0.5, -1], biases: [tenth, -tenth], activation: .none),
      ])
    #expect(model.inputScaling == InputScaling(factor: 1.0 / 126))
    #expect(model.output == .classes)
    #expect(
      model.origin
        == .init(denseWeightCount: 28, denseBiasCount: 6, removedCount: 14, criterion: "snr"))
  }

  @Test func `a quantised file is read with its costs and standard deviations`() throws {
    let model = try Self.model("version-1.1-quantised")
    // σ of the weights is 0.01 and of the biases 1, to a quarter of an octave.
    let weight = Float(exp2(-6.75))
    #expect(
      model.layers == [
        ChainLayer(
          inputCount: 5, rowStarts: [0, 4, 7, 9], columns: [0, 1, 2, 4, 2, 3, 4, 0, 4],
          values: [2, -1.5, 0.25, 8, -4, 3, 0.5, 0.125, 1], biases: [0.5, -0.25, 1],
          activation: .relu,
          standardDeviations: .init(
            weights: Array(repeating: weight, count: 9), biases: [1, 1, 1])),
        ChainLayer(
          inputCount: 3, rowStarts: [0, 3, 5], columns: [0, 1, 2, 0, 2],
          values: [1, -2, 0.75, 0.5, -1], biases: [0, 0], activation: .none,
          standardDeviations: .init(weights: Array(repeating: weight, count: 5), biases: [1, 1])),
      ])
    // Two biases of ±0.1 with σ = 1 became 0.
    #expect(model.origin.parameterCosts[0] == 0)
    #expect(abs(model.origin.parameterCosts[1] - 0.01) < 1e-6)
  }

  /// CRC-32 of all numbers of the layers, as they were when the files were written.
  @Test(arguments: [
    ("version-1.1-ordered-gaps", 0x5D37_91B5 as UInt32), ("version-1.1-bits", 0x103F_7E5A),
    ("version-1.1-ordered-by-input", 0x5038_05D1),
  ])
  func `larger files in other codings are read as what they were`(
    name: String, checksum: UInt32
  ) throws {
    var numbers: [UInt32] = []
    for layer in try Self.model(name).layers {
      numbers.append(UInt32(layer.inputCount))
      numbers += layer.rowStarts + layer.columns
      numbers += (layer.values + layer.biases).map(\.bitPattern)
    }
    let bytes = numbers.flatMap { (number: UInt32) -> [UInt8] in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    #expect(crc32(bytes.span.bytes) == checksum)
  }

  @Test func `a file of version 1.2 is read with its activation, scaling and noise`() throws {
    let model = try Self.model("version-1.2-numbers")
    #expect(model == Self.numbers)
    let binary = try Self.model("version-1.2-binary")
    #expect(binary == Self.binary)
  }

  /// The network of the golden file of version 2: every operation.
  static var graph: CompactModel {
    get throws {
      let network = try Network(
        text: """
          input 2 5 4
          conv1 = convolution 3 3x2 pad 1:0x1 stride 1x2
          conv1-relu = relu
          conv2 = convolution 3 1x1 groups 3 without-bias
          add4 = add conv2 conv1-relu
          max-pool5 = max-pool 2x1 stride 1 from conv1
          average-pool6 = average-pool 2x1 stride 1 from add4
          concatenate7 = concatenate max-pool5 average-pool6
          tanh8 = tanh
          average-pool9 = average-pool 2x3 stride 2 pad 1 counting-padding
          flatten10 = flatten
          fc3 = linear 2
          """)
      return CompactModel(
        network: network, matrices: network.parameters.map(matrix), output: .classes,
        inputScaling: .pixels,
        origin: .init(
          denseWeightCount: 101, denseBiasCount: 5, removedCount: 60, criterion: "magnitude"))
    }
  }

  private static func matrix(_ parameter: Parameter) -> SparseMatrix {
    let (rows, columns) = (parameter.weights.rows, parameter.weights.columnCount)
    let first = parameter.weights
    let places = (0..<rows * columns).filter { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let group =
        first.firstColumn(ofRow: row)..<first.firstColumn(ofRow: row)
        + first.channels * first.taps
      return group.contains(column) && (place % 3 == 0 || first.groups > 1)
    }
    let starts = (0...rows).map { row in UInt32(places.count { $0 < row * columns }) }
    return SparseMatrix(
      SparsePattern(
        columnCount: columns, rowStarts: starts,
        columns: places.map { UInt32($0 % columns) }),
      values: places.map { Float($0 % 7 - 3) / 4 + 0.125 },
      biases: (0..<rows).map { parameter.hasBias ? Float($0) / 2 - 0.5 : 0 })
  }

  /// The network of the golden file of version 2.1: what came with it.
  static var attention: CompactModel {
    get throws {
      let network = try Network(
        text: """
          input 2 3 4
          conv1 = convolution 4 1x1
          reshape2 = reshape 2 2 12
          product3 = product reshape2 reshape2 transposing first
          softmax4 = softmax axis 2
          product5 = product reshape2 softmax4 transposing second
          transpose6 = transpose 2 0 1
          normalise7 = normalise axis 1 axis 2 epsilon 0.001
          flatten8 = flatten
          fc2 = linear 2
          """)
      return CompactModel(
        network: network, matrices: network.parameters.map(matrix), output: .classes,
        inputScaling: .pixels,
        origin: .init(
          denseWeightCount: 104, denseBiasCount: 6, removedCount: 50, criterion: "magnitude"))
    }
  }

  @Test func `a file of version 2.1 is read with what came with it`() throws {
    let model = try Self.model("version-2.1-attention")
    #expect(try model == Self.attention)
    let outputs = try model.predictOutputs(for: (0..<24).map { UInt8($0 * 10) })
    for (output, expected) in zip(outputs, [1.3775998, -0.5233227] as [Float]) {
      #expect(abs(output - expected) < 1e-5)
    }
  }

  @Test func `a file of version 2.2 is read with the matrices that several operations use`() throws
  {
    let model = try Self.model("version-2.2-sharing")
    #expect(
      try model.network
        == Network(
          text: """
            input 3 4
            conv1 = convolution 3 1
            conv1-tanh = tanh
            convolution 3 1 stride 2 sharing conv1
            flatten
            fc2 = linear 6
            fc2-relu = relu
            linear 6 sharing fc2
            fc3 = linear 2
            """))
    #expect(model.matrices.map(\.weightCount) == [5, 23, 12])
    let outputs = try model.predictOutputs(for: (0..<12).map { Float($0 % 5 - 2) / 2 })
    for (output, expected) in zip(outputs, [-2.1875045, -0.9375045] as [Float]) {
      #expect(abs(output - expected) < 1e-5)
    }
  }

  @Test func `a file of version 2 is read with every operation`() throws {
    let model = try Self.model("version-2.0-graph")
    #expect(try model == Self.graph)
    let outputs = try model.predictOutputs(for: (0..<40).map { UInt8($0 * 6) })
    for (output, expected) in zip(outputs, [-0.7332924, 0.1138234] as [Float]) {
      #expect(abs(output - expected) < 1e-5)
    }
  }

  @Test func `every golden file is tested here`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.filter { $0.hasSuffix(".bbbz") }.count == 12)
  }
}
