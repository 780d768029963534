import BBBNetwork
import BBBZlib
import Foundation
import TestSupport
import Testing

@testable import BBBInference

@Suite struct CompactModelFileTests {
  let model = CompactModel.random(sizes: [60, 40, 10], density: 0.1, seed: 11)

  @Test(arguments: [0, 0.02, 0.1, 0.5, 1])
  func `a file of float32 values gives back the model bit for bit`(density: Double) throws {
    let model = CompactModel.random(sizes: [300, 70, 10], density: density, seed: 12)
    #expect(try CompactModel(bytes: try model.encoded()) == model)
  }

  @Test func `a file of float16 values gives back each value rounded to nearest`() throws {
    let restored = try CompactModel(bytes: try model.encoded(valuesAs: .float16))
    #expect(restored.layers.map(\.columns) == model.layers.map(\.columns))
    for (restored, original) in zip(restored.layers, model.layers) {
      for (restored, original) in zip(
        restored.values + restored.biases, original.values + original.biases)
      {
        #expect(abs(restored - original) <= abs(original) * 0x1p-11 + 0x1p-25)
      }
    }
  }

  @Test func `weights that compress further than readers accept are not written`() throws {
    let count = 800
    let layer = ChainLayer(
      inputCount: count, rowStarts: (0...count).map { UInt32($0 * count) },
      columns: (0..<count * count).map { UInt32($0 % count) },
      values: [Float](repeating: 1, count: count * count),
      biases: [Float](repeating: 0, count: count), activation: .none)
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(
        denseWeightCount: count * count, denseBiasCount: count, removedCount: 0, criterion: "snr"))
    let error = #expect(throws: CompactModelError.self) { try model.encoded() }
    #expect(error?.code == .notEncodable)
  }

  @Test func `the same model gives the same bytes`() throws {
    #expect(try model.encoded() == model.encoded())
  }

  @Test func `the file begins as the specification says`() throws {
    let bytes = try model.encoded()
    #expect(bytes.prefix(10) == [0x89, 0x42, 0x42, 0x42, 0x5A, 0x0D, 0x0A, 0x1A, 2, 2])
    // One graph section, and one for each of two layers.
    #expect(bytes[10...11] == [3, 0])
    let summed = Array(bytes[..<12] + bytes[16..<(16 + 3 * 15)])
    let checksum = crc32(summed.span.bytes)
    let written = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
    #expect(written == Array(bytes[12..<16]))
  }

  @Test func `values beyond float16 are refused for float16 and kept in float32`() throws {
    let layer = ChainLayer(
      inputCount: 1, rowStarts: [0, 1], columns: [0], values: [70_000], biases: [0],
      activation: .none)
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(denseWeightCount: 1, denseBiasCount: 1, removedCount: 0, criterion: "snr"))
    #expect(try CompactModel(bytes: model.encoded()) == model)
    #expect(throws: CompactModelError.self) { try model.encoded(valuesAs: .float16) }
  }

  @Test func `an ancillary section of unknown kind is skipped, any other refused`() throws {
    var sections = try CompactModelContainer(try model.encoded()).sections
    var added = sections[1]
    added.kind = 0x85
    sections.insert(added, at: 2)
    #expect(try CompactModel(bytes: CompactModelContainer.encode(sections)) == model)
    sections[2].kind = 0x08
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.code == .unsupportedVersion)
  }

  @Test func `a file cut short at any length is refused`() throws {
    let bytes = try model.encoded()
    for length in 0..<bytes.count {
      #expect(throws: CompactModelError.self) {
        try CompactModel(bytes: Array(bytes.prefix(length)))
      }
    }
  }

  @Test func `a file with any one bit flipped is refused`() throws {
    let original = try model.encoded()
    var generator = SeededGenerator(seed: 13)
    for _ in 0..<1000 {
      var bytes = original
      let bit = Int.random(in: 0..<(bytes.count * 8), using: &generator)
      bytes[bit >> 3] ^= 1 << (bit & 7)
      // The minor version is free to change; the checksum covers it all the same.
      #expect(throws: CompactModelError.self, "bit \(bit)") { try CompactModel(bytes: bytes) }
    }
  }

  @Test func `bytes behind the last section are refused`() throws {
    #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: try model.encoded() + [0])
    }
  }

  @Test func `a file that is something else is named as such`() {
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: Array("PK\u{3}\u{4} a zip archive".utf8), path: "model.pt")
    }
    #expect(error?.code == .notACompactModel)
    #expect(error?.description.hasPrefix("model.pt: ") == true)
  }

  @Test func `a missing file is an error that names it`() {
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(contentsOfFile: "no-such-file.bbbz")
    }
    #expect(error?.code == .inaccessible)
    #expect(error?.description.contains("no-such-file.bbbz") == true)
  }

  /// Forged descriptions, each consistent with its checksums.
  @Test(arguments: ForgedNetwork.allCases)
  func `a forged graph section is refused`(forgery: ForgedNetwork) throws {
    var sections = try CompactModelContainer(try model.encoded()).sections
    var description = try CompactModelFile(bytes: try model.encoded()).description
    forgery.apply(to: &description)
    let network = GraphSection.encode(description)
    sections[0].byteCount = network.count
    sections[0].stored = deflate(network.span.bytes, container: .zlib)[...]
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.code == .malformed)
  }

  enum ForgedNetwork: CaseIterable {
    case moreWeightsThanPlaces
    case oneWeightMore
    case oneOutputLess
    case hugeInputCount
    case missingMatrix
    case infiniteScale
    case otherEncoding
    case negativeScale

    func apply(to model: inout ModelDescription) {
      func network(_ sizes: [Int]) -> Network {
        .multilayerPerceptron(sizes, activation: .relu)
      }
      switch self {
      case .moreWeightsThanPlaces: model.matrices[0].weightCount = 60 * 40 + 1
      case .oneWeightMore: model.matrices[0].weightCount += 1
      case .oneOutputLess: model.network = network([60, 39, 10])
      case .hugeInputCount: model.network = network([1 << 21, 40, 10])
      case .missingMatrix: model.network = network([60, 40])
      case .infiniteScale: model.inputFactor = .infinity
      case .otherEncoding: model.matrices[0].valueEncoding = .float16
      case .negativeScale: model.inputFactor = -1
      }
    }
  }

  @Test func `a section that inflates to more than it declares is refused`() throws {
    var sections = try CompactModelContainer(try model.encoded()).sections
    let zeros = [UInt8](repeating: 0, count: 1 << 24)
    sections[2].stored = deflate(zeros.span.bytes, container: .zlib)[...]
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.message.contains("longer than declared") == true)
  }

  @Test func `sections that together inflate to far more than the file are refused`() throws {
    var sections = try CompactModelContainer(try model.encoded()).sections
    for index in sections.indices {
      var section = sections[index]
      section.kind = 0x90
      section.byteCount = 1000 * section.stored.count
      sections.append(section)
    }
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(
        bytes: CompactModelContainer.encode(sections + sections + sections + sections))
    }
    #expect(
      error?.message.contains("more than a trained network") == true, "\(error?.message ?? "")")
  }

  @Test func `a folder, a pipe and a device are not read`() throws {
    for path in ["/", "/dev/zero"] {
      let error = #expect(throws: CompactModelError.self) {
        try CompactModel(contentsOfFile: path)
      }
      #expect(error?.code == .inaccessible)
    }
    try withTemporaryFolder { folder in
      mkfifo(folder + "/pipe", 0o600)
      let error = #expect(throws: CompactModelError.self) {
        try CompactModel(contentsOfFile: folder + "/pipe")
      }
      #expect(error?.message.contains("not a regular file") == true)
    }
  }

  @Test func `a section that declares more than deflate can express is refused before inflating`()
    throws
  {
    var sections = try CompactModelContainer(try model.encoded()).sections
    sections[2].byteCount = Int(UInt32.max)
    let error = #expect(throws: CompactModelError.self) {
      try CompactModel(bytes: CompactModelContainer.encode(sections))
    }
    #expect(error?.message.contains("deflate can express") == true)
  }
}

/// Models whose weights have few different values, as quantisation leaves them.
@Suite struct QuantisedModelFileTests {
  /// A model on a grid of 20 levels.
  static func model(density: Double, costs: [Float] = [3, 0.5]) -> CompactModel {
    let model = CompactModel.random(sizes: [300, 70, 10], density: density, seed: 61)
      .inCodingOrder()
    var origin = model.origin
    origin.parameterCosts = costs
    func rounded(_ values: [Float]) -> [Float] {
      values.map { ($0 * 10).rounded() == 0 ? 0.1 : ($0 * 10).rounded() * 0.1 }
    }
    return CompactModel(
      layers: model.layers.map { layer in
        ChainLayer(
          inputCount: layer.inputCount, rowStarts: layer.rowStarts, columns: layer.columns,
          values: rounded(layer.values), biases: rounded(layer.biases),
          activation: layer.activation)
      }, output: .classes, inputScaling: InputScaling(factor: 1.0 / 126) ?? .identity,
      origin: origin)
  }

  @Test(arguments: [0.02, 0.1, 0.5, 1])
  func `a file of levels gives back the model bit for bit, and what it cost`(
    density: Double
  ) throws {
    let model = Self.model(density: density)
    let file = try model.encoded(valuesAs: nil)
    #expect(try CompactModel(bytes: file) == model)
    #expect(try CompactModelSummary(bytes: file).layers[0].valueEncoding == .levels)
    #expect(try CompactModelSummary(bytes: file).layers.map(\.expectedCost) == [3, 0.5])
  }

  @Test func `the smallest exact encoding is chosen matrix by matrix`() throws {
    var model = CompactModel.random(sizes: [300, 70, 10], density: 0.3, seed: 62)
    #expect(
      try CompactModelSummary(bytes: model.encoded(valuesAs: nil)).layers.map(\.valueEncoding)
        == [.float32, .float32])
    model = try CompactModel(bytes: try model.encoded(valuesAs: .float16))
    #expect(
      try CompactModelSummary(bytes: model.encoded(valuesAs: nil)).layers.map(\.valueEncoding)
        == [.float16, .float16])
    // Ten values, two hundred times: a table is worth it.
    model = Self.model(density: 0.3)
    #expect(
      try CompactModelSummary(bytes: model.encoded(valuesAs: nil)).layers.map(\.valueEncoding)
        == [.levels, .levels])
  }

  /// Other writers may choose any escape.
  @Test(arguments: [1, 40, 100, 254])
  func `any escape of gaps is read, and its symbols measured`(escape: Int) throws {
    let ordered = CompactModel.random(sizes: [300, 200, 10], density: 0.05, seed: 65)
      .inCodingOrder()
    var sections = try CompactModelContainer(try ordered.encoded()).sections
    let payload = try CompactModelContainer.inflated(sections[1])
    let weights = ordered.matrices[0].pattern
    try #require(OrderedGaps.isOrdered(weights))
    let own = OrderedGaps.encode(weights, GapSymbols(escape: Int(payload[4]))).joined
    try #require(payload[4...].starts(with: own))
    let other = OrderedGaps.encode(weights, GapSymbols(escape: escape)).joined
    let forged = Array(payload[..<4]) + other + payload[(4 + own.count)...]
    sections[1].byteCount = forged.count
    sections[1].stored = deflate(forged.span.bytes, container: .zlib)[...]
    let file = try CompactModelContainer.encode(sections)
    #expect(try CompactModel(bytes: file) == ordered)
    let entropy = try CompactModelSummary(bytes: file).layers[0].entropy.connections
    #expect(entropy > Double(ordered.layers[0].weightCount))
  }

  @Test func `levels are refused where there are too many`() throws {
    let model = CompactModel.random(sizes: [300, 70, 10], density: 0.3, seed: 63)
    let error = #expect(throws: CompactModelError.self) { try model.encoded(valuesAs: .levels) }
    #expect(error?.message.contains("256") == true)
  }

  @Test func `a quantised file comes close to the static entropy of its symbols`() throws {
    let model = CompactModel.random(sizes: [784, 600, 500, 10], density: 0.02, seed: 64)
      .inCodingOrder()
    let quantised = CompactModel(
      layers: model.layers.map { layer in
        ChainLayer(
          inputCount: layer.inputCount, rowStarts: layer.rowStarts, columns: layer.columns,
          values: layer.values.map { ($0 * 8).rounded(.awayFromZero) / 8 },
          biases: layer.biases.map { _ in 0 }, activation: layer.activation)
      }, output: .classes, inputScaling: .identity, origin: model.origin)
    let summary = try CompactModelSummary(bytes: try quantised.encoded(valuesAs: nil))
    let bound = summary.layers.reduce(0) { $0 + $1.entropy.total } / 8
    #expect(Double(summary.byteCount) < 1.05 * bound)
    // Everything but positions, values and biases.
    let network = try #require(summary.sections.first { $0.kind == "graph" }).storedByteCount
    #expect(summary.headerByteCount + network + summary.layers.count * 16 < 200)
  }
}
