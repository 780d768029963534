import BBBNetwork
import BBBZlib
import TestSupport
import Testing

@testable import BBBInference

/// What a file says of a network: activations, meanings of outputs, normalised inputs.
struct NetworkMeaningFileTests {
  static func model(
    activation: Activation = .relu, output: OutputMeaning = .classes,
    inputScaling: InputScaling = .pixels, outputCount: Int = 2
  ) -> CompactModel {
    var generator = SeededGenerator(seed: 41)
    return CompactModel(
      layers: [
        .random(
          inputs: 12, outputs: 7, density: 0.5, activation: activation, fillsOutputs: true,
          using: &generator),
        .random(
          inputs: 7, outputs: outputCount, density: 0.7, activation: .none, using: &generator),
      ], output: output, inputScaling: inputScaling,
      origin: .init(denseWeightCount: 98, denseBiasCount: 9, removedCount: 50, criterion: "snr"))
  }

  static func normalised(
    means: [Double] = [0.1307], deviations: [Double] = [0.3081]
  ) throws -> InputScaling {
    try #require(InputScaling(factor: 1.0 / 255, means: means, deviations: deviations))
  }

  @Test(arguments: Activation.allCases)
  func `every activation is kept`(activation: Activation) throws {
    let model = Self.model(activation: activation)
    let bytes = try model.encoded()
    #expect(try CompactModel(bytes: bytes) == model)
  }

  @Test(
    arguments: [
      (.classes, 2), (.numbers(noiseDeviation: nil), 2), (.binary, 1),
      (.numbers(noiseDeviation: 0.25), 3), (.meanAndLogVariance, 4),
    ] as [(OutputMeaning, Int)])
  func `the meaning of the outputs is kept`(
    output: OutputMeaning, outputCount: Int
  ) throws {
    let model = Self.model(output: output, outputCount: outputCount)
    let bytes = try model.encoded()
    #expect(try CompactModel(bytes: bytes).output == output)
  }

  @Test(
    arguments: [
      ([0.1307], [0.3081]), ([], [2]), ([0.5], []), ([1, 2, 3], [4, 5, 6]), ([1], [2, 3]),
    ]
      as [([Double], [Double])])
  func `means and deviations of the inputs are kept`(
    means: [Double], deviations: [Double]
  ) throws {
    let scaling = try Self.normalised(means: means, deviations: deviations)
    let bytes = try Self.model(inputScaling: scaling).encoded()
    #expect(try CompactModel(bytes: bytes).inputScaling == scaling)
    let summary = try CompactModelSummary(bytes: bytes)
    #expect(summary.sections.map(\.kind) == ["graph", "inputScaling", "parameter", "parameter"])
    #expect(summary.sections[1].parameter == nil)
  }

  @Test(arguments: [
    [], [0, 0], [1], Self.numbers([0.5], [-1]), Self.numbers([.infinity], []),
    Self.numbers([1, 2], [1, 2, 3]), Self.numbers([1, 2, 3, 4, 5], []), Self.numbers([1], []) + [0],
    [0xFF, 0xFF, 0xFF, 0x7F],
  ])
  func `a scaling that is not possible is refused`(content: [UInt8]) throws {
    var sections = try CompactModelContainer(
      try Self.model(inputScaling: Self.normalised()).encoded()
    ).sections
    sections[1].byteCount = content.count
    sections[1].stored = deflate(content.span.bytes, container: .zlib)[...]
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.code == .malformed)
  }

  private static func numbers(_ means: [Double], _ deviations: [Double]) -> [UInt8] {
    [means, deviations].flatMap { numbers in
      [UInt8(numbers.count)]
        + numbers.flatMap { number in
          (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
        }
    }
  }

  @Test func `a scaling elsewhere than behind the graph section is refused`() throws {
    let sections = try CompactModelContainer(
      try Self.model(inputScaling: Self.normalised()).encoded()
    ).sections
    for order in [[0, 2, 1, 3], [0, 2, 3, 1], [0, 1, 1, 2, 3]] {
      #expect(throws: CompactModelError.self) {
        try CompactModel(bytes: CompactModelContainer.encode(order.map { sections[$0] }))
      }
    }
  }

  @Test(
    arguments: [
      (.binary, 2), (.meanAndLogVariance, 3), (.numbers(noiseDeviation: -1), 2),
      (.numbers(noiseDeviation: .infinity), 2),
    ] as [(OutputMeaning, Int)])
  func `outputs that cannot mean what the file says are refused`(
    output: OutputMeaning, outputCount: Int
  ) throws {
    let bytes = try Self.model(outputCount: outputCount).encoded()
    var sections = try CompactModelContainer(bytes).sections
    var description = try CompactModelFile(bytes: bytes).description
    description.output = output
    let network = GraphSection.encode(description)
    sections[0].byteCount = network.count
    sections[0].stored = deflate(network.span.bytes, container: .zlib)[...]
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.code == .malformed)
  }

  @Test func `codes of later versions are refused by name`() throws {
    let bytes = try Self.model().encoded()
    let sections = try CompactModelContainer(bytes).sections
    let network = try CompactModelContainer.inflated(sections[0])
    let changes: [(position: Int, code: UInt8, what: String)] = [
      (0, 99, "output kind 99"), (network.count - 6, 104, "activation 40"),
      (network.count - 5, 50, "operation 50"),
    ]
    for (position, code, what) in changes {
      var changed = network
      changed[position] = code
      var forged = sections
      forged[0].stored = deflate(changed.span.bytes, container: .zlib)[...]
      let error = #expect(throws: CompactModelError.self) {
        try CompactModel(bytes: CompactModelContainer.encode(forged))
      }
      #expect(error?.code == .unsupportedVersion)
      #expect(error?.message.contains(what) == true)
    }
  }

  @Test func `bytes are normalised by the numbers of their channel, floats are taken as they are`()
    throws
  {
    let scaling = try Self.normalised(means: [0.1, 0.2, 0.3], deviations: [0.5, 1, 2])
    let model = Self.model(inputScaling: scaling)
    let pixels: [UInt8] = (0..<24).map { $0 * 10 }
    let floats = pixels.enumerated().map { index, pixel in
      Float((Double(pixel) / 255 - [0.1, 0.2, 0.3][index % 12 / 4]) / [0.5, 1, 2][index % 12 / 4])
    }
    let fromPixels = try model.predictOutputs(for: pixels)
    let fromFloats = try model.predictOutputs(for: floats)
    for (one, other) in zip(fromPixels, fromFloats) { #expect(abs(one - other) < 1e-5) }
    // A single example is computed in another form than a batch.
    #expect(try model.predictOutputs(for: Array(pixels.prefix(12))) == Array(fromPixels.prefix(2)))
  }
}
