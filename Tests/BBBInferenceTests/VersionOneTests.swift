import BBBNetwork
import BBBZlib
import TestSupport
import Testing

@testable import BBBInference

/// Files of version 1, which are written here only.
@Suite struct VersionOneTests {
  /// The file that version 1.2 wrote: the sections of the matrices are the same.
  static func file(of model: CompactModel, valuesAs encoding: ValueEncoding?) throws -> [UInt8] {
    let bytes = try model.encoded(valuesAs: encoding)
    let description = try CompactModelFile(bytes: bytes).description
    let chain = try #require(Chain(model.network))
    var writer = ByteWriter()
    ModelHead.write(
      description.output, inputFactor: description.inputFactor, description.origin, to: &writer)
    writer.appendVariableLength(model.inputCount)
    writer.appendVariableLength(model.matrices.count)
    for (index, matrix) in model.matrices.enumerated() {
      let written = description.matrices[index]
      for code in [
        1, chain.activations[index].code, written.connectionCoding.rawValue,
        written.valueEncoding.code,
      ] { writer.append(code) }
      writer.appendVariableLength(matrix.rowCount)
      writer.appendVariableLength(matrix.weightCount)
    }
    var sections = try CompactModelContainer(bytes).sections
    sections[0] = CompactModelContainer.Section(
      kind: .network, parameter: 0,
      [PayloadSegment(content: .repetitive, bytes: writer.bytes)])
    return versionOne(try CompactModelContainer.encode(sections))
  }

  /// The same sections with another version and checksum.
  private static func versionOne(_ file: [UInt8]) -> [UInt8] {
    var file = file
    (file[8], file[9]) = (1, 2)
    let table = 16 + 15 * (Int(file[10]) + Int(file[11]) << 8)
    let checksum = crc32(Array(file[..<12] + file[16..<table]).span.bytes)
    for byte in 0..<4 { file[12 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * byte)) }
    return file
  }

  @Test(arguments: [[60, 10], [60, 40, 10], [300, 70, 50, 40, 10]], [0.05, 0.3, 1])
  func `is read, and a file of version 2 is hardly longer`(
    sizes: [Int], density: Double
  ) throws {
    for (activation, scaling) in [
      (Activation.relu, InputScaling.pixels),
      (.tanh, try NetworkMeaningFileTests.normalised()),
    ] {
      let random = CompactModel.random(
        sizes: sizes, density: density, seed: 91, inputScaling: scaling
      ).inCodingOrder()
      let model = CompactModel(
        network: .multilayerPerceptron(sizes, activation: activation), matrices: random.matrices,
        output: .classes, inputScaling: scaling, origin: random.origin)
      for encoding in [ValueEncoding.float32, nil] {
        let old = try Self.file(of: model, valuesAs: encoding)
        #expect(try CompactModel(bytes: old) == model)
        let new = try model.encoded(valuesAs: encoding)
        #expect(new.count <= old.count + 8, "\(new.count) and \(old.count)")
      }
    }
  }

  @Test func `sections and descriptions of one version are not those of the other`() throws {
    let model = CompactModel.random(sizes: [60, 40, 10], density: 0.2, seed: 92)
    for file in [
      Self.versionOne(try model.encoded()),
      try CompactModelContainer.encode(
        CompactModelContainer(Self.file(of: model, valuesAs: nil)).sections),
    ] {
      let error = #expect(throws: CompactModelError.self) { try CompactModel(bytes: file) }
      #expect(error?.code == .malformed)
    }
  }
}
