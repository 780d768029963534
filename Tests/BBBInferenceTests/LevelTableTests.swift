import Testing

@testable import BBBInference

@Suite struct LevelTableTests {
  /// As many different values as there are codes.
  private static func fullTable(_ value: (Int) -> Float) -> [Float] { (0..<256).map(value) }

  @Test func `values on a grid need its step and the number of zero only`() {
    let step: Float = 0.037
    let values = [-3, 1, 2, -1, 5].map { Float($0) * step }
    #expect(LevelTable(values) == .grid(step: step, zero: 3))
    #expect(LevelTable(values)?.codes(values) == [0, 4, 5, 2, 8])
  }

  @Test func `a grid is found though its first level is not used`() {
    let values: [Float] = [-0.75, 0.5, 1.25]
    #expect(LevelTable(values) == .grid(step: 0.25, zero: 3))
  }

  @Test func `zeros alone are a grid`() {
    #expect(LevelTable([0, 0])?.codes([0, 0]) == [0, 0])
    #expect(LevelTable([]) != nil)
  }

  @Test func `other values that float16 holds take two bytes each, the rest four`() {
    #expect(LevelTable([0.5, 0.625, 17]) == .grid(step: 0.125, zero: 0))
    #expect(LevelTable([0.5, 0.6254883, 17]) == .float16([0.5, 0.6254883, 17]))
    #expect(LevelTable([0.1, 0.31, 17.77]) == .float32([0.1, 0.31, 17.77]))
  }

  @Test func `more than 256 different values have no table`() {
    #expect(LevelTable((0..<257).map { Float($0) * Float.pi / 7 + Float($0 * $0) }) == nil)
    #expect(LevelTable((0..<256).map(Float.init)) == .grid(step: 1, zero: 0))
    // Level 256 of a grid would need a ninth bit.
    #expect(LevelTable([1, 256]) == .float16([1, 256]))
    #expect(LevelTable([-128, -1, 128]) == .float16([-128, -1, 128]))
  }

  @Test(arguments: [
    [Float(-0.3), 0.1, 0.2], [0.5, 0.6254883, 17], [0.1, 0.31, 17.77], [0], [-2, -1],
    [1e-30, 3e38],
    fullTable { Float($0 - 100) }, fullTable { Float($0 * ($0 + 1)) / 64 },
    fullTable { Float.pi * Float($0 * $0 - 999) },
  ])
  func `a table is read back, and its values bit for bit`(values: [Float]) throws {
    let table = try #require(LevelTable(values))
    let bytes = table.encoded
    var reader = ByteReader(bytes[...], subject: "table")
    let restored = try LevelTable(&reader)
    #expect(restored == table && reader.remainingCount == 0)
    #expect(try restored.values(table.codes(values)[...]) == values)
  }

  @Test func `a code beyond the table, and a table of a later version, are refused`() {
    #expect(throws: CompactModelError.self) {
      try LevelTable.float16([1, 2]).values([0, 2])
    }
    let error = #expect(throws: CompactModelError.self) {
      var reader = ByteReader([9, 0, 0, 0, 0, 0], subject: "table")
      _ = try LevelTable(&reader)
    }
    #expect(error?.code == .unsupportedVersion)
  }
}
