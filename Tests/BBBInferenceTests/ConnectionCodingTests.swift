import TestSupport
import Testing

@testable import BBBInference

@Suite struct ConnectionCodingTests {
  /// Two inputs and four outputs; input 0 reaches output 2, input 1 reaches outputs 0, 1 and 3.
  let small = SparsePattern(columnCount: 4, rowStarts: [0, 1, 4], columns: [2, 0, 1, 3])

  @Test func `gaps: counts, then the fuller group first, each weight as the number skipped`() {
    let bytes = ConnectionCoding.gapsByInput.variants(small)[0].joined
    #expect(bytes == [1, 3] + [0, 0, 1] + [2])
  }

  @Test func `bits: counts, then the fuller group first, lowest bit first`() {
    let bytes = ConnectionCoding.bitsByInput.variants(small)[0].joined
    #expect(bytes == [1, 3] + [0b0100_1011])
  }

  @Test func `a gap of 255 or more takes several bytes`() {
    let weights = SparsePattern(columnCount: 1000, rowStarts: [0, 3], columns: [254, 510, 999])
    let bytes = ConnectionCoding.gapsByInput.variants(weights)[0].joined
    // Skipped: 254; 255 = 255 + 0; 488 = 255 + 233. The count 3 takes two bytes (1000 > 255).
    #expect(bytes == [3, 0] + [254] + [255, 0] + [255, 233])
  }

  @Test(arguments: ConnectionCoding.allCases, [0, 0.01, 0.3, 1])
  func `decoding gives back what was encoded`(coding: ConnectionCoding, density: Double) throws {
    var generator = SeededGenerator(seed: 7)
    for (inputs, outputs) in [(1, 1), (13, 300), (700, 9)] {
      let layer = ChainLayer.random(
        inputs: inputs, outputs: outputs, density: density, using: &generator)
      let byOutput = ArrangedPattern(layer.matrix.pattern)
      let weights = (coding.groupsAreInputs ? byOutput.transposed() : byOutput).pattern
      guard coding.canEncode(weights) else { continue }
      for variant in coding.variants(weights) {
        let decoded = try coding.decode(
          variant.joined,
          extents: coding.extents(MatrixExtents(rows: outputs, columns: inputs, taps: 1)),
          weightCount: layer.weightCount)
        #expect(decoded.groups == weights)
      }
    }
  }

  /// Each lie about the layer above, and the words that give it away.
  @Test(
    arguments: [
      ("too short for the counts", [1], "too short for the counts"),
      (
        "a count beyond the positions", [1, 5, 0, 0, 0, 0, 2], "more weights than the layer allows"
      ),
      ("counts that do not add up", [1, 2, 0, 0, 2], "add up to 3"),
      ("missing gaps", [1, 3, 0, 0], "too short for its weights"),
      ("a gap that ends early", [1, 3, 0, 0, 1, 255], "ends inside a unit"),
      ("a position outside", [1, 3, 0, 0, 2, 2], "outside the layer"),
      ("trailing bytes", [1, 3, 0, 0, 1, 2, 0], "left"),
    ] as [(String, [UInt8], String)])
  func `gaps that lie are refused`(lie: String, bytes: [UInt8], words: String) {
    let error = #expect(throws: CompactModelError.self) {
      try ConnectionCoding.gapsByInput.decode(bytes, extents: (2, 4), weightCount: 4)
    }
    #expect(error?.message.contains(words) == true, "\(lie): \(error?.message ?? "")")
  }

  @Test(
    arguments: [
      ("a missing byte", [1, 3], "too short"),
      ("a spare byte", [1, 3, 0b0100_1011, 0], "left"),
      ("a bit too many", [1, 3, 0b0100_1111], "too many bits"),
      ("a bit too few", [1, 3, 0b0100_0011], "too few bits"),
    ] as [(String, [UInt8], String)])
  func `bits that lie are refused`(lie: String, bytes: [UInt8], words: String) {
    let error = #expect(throws: CompactModelError.self) {
      try ConnectionCoding.bitsByInput.decode(bytes, extents: (2, 4), weightCount: 4)
    }
    #expect(error?.message.contains(words) == true, "\(lie): \(error?.message ?? "")")
  }

  @Test func `padding bits must be zero`() {
    // Three positions in two groups: six bits, two of padding.
    let error = #expect(throws: CompactModelError.self) {
      try ConnectionCoding.bitsByInput.decode(
        [1, 0, 0b1000_0001], extents: (2, 3), weightCount: 1)
    }
    #expect(error?.message.contains("padding") == true)
  }
}

extension ConnectionCoding {
  /// Reads connections that should fill the bytes.
  func decode(
    _ bytes: [UInt8], extents: (groups: Int, positions: Int), weightCount: Int
  ) throws -> Connections {
    var reader = ByteReader(bytes[...], subject: "connections")
    let connections = try decode(&reader, extents: extents, weightCount: weightCount)
    guard reader.remainingCount == 0 else {
      throw CompactModelError(.malformed, "\(reader.remainingCount) bytes are left")
    }
    return connections
  }
}
