import BBBDatasets
import BBBTensors
import Foundation
import TestSupport
import Testing

/// What inputs are made of the numbers in a file.
struct ArrayFileTests {
  /// An NPY file, version 1.0, as `numpy.save` writes it.
  private func npy(_ type: String, shape: String, _ elements: [UInt8]) -> [UInt8] {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let count = UInt16(header.utf8.count)
    return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + header.utf8
      + elements
  }

  private func inputs(
    _ bytes: [UInt8], named name: String = "x.npy", leavingOut columns: [String] = []
  ) throws -> Dataset.Inputs {
    var result: Dataset.Inputs?
    try withTemporaryFolder { folder in
      try write(bytes, to: folder + "/" + name)
      result = try ArrayFile(inputsOf: folder + "/" + name, leavingOut: columns).inputs()
    }
    return try #require(result)
  }

  @Test(
    arguments: [
      ("|i1", [0x80, 0x7F], [-128, 127]),
      ("<i2", [0x00, 0x80, 0xFF, 0x7F], [-32768, 32767]),
      (">i2", [0x80, 0x00, 0x7F, 0xFF], [-32768, 32767]),
      ("<u2", [0xFF, 0xFF, 0x01, 0x00], [65535, 1]),
      ("<i4", [0xFE, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0], [-2, 1]),
      ("<u4", [0, 0, 0, 0x80, 1, 0, 0, 0], [2_147_483_648, 1]),
      ("<i8", [0xFE] + .init(repeating: 0xFF, count: 7) + [200, 0, 0, 0, 0, 0, 0, 0], [-2, 200]),
      ("<u8", [7, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0], [7, 255]),
      ("|b1", [0, 1], [0, 1]),
      ("<f2", [0x00, 0x3E, 0x00, 0xBC], [1.5, -1]),
      ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1.5, -2]),
    ] as [(String, [UInt8], [Float])])
  func `numbers of every type but unsigned bytes are taken as they are`(
    type: String, elements: [UInt8], numbers: [Float]
  ) throws {
    #expect(try inputs(npy(type, shape: "(1, 2)", elements)) == .floats(numbers))
  }

  @Test func `unsigned bytes are pixels`() throws {
    #expect(try inputs(npy("|u1", shape: "(1, 2)", [0, 255])) == .bytes([0, 255]))
    #expect(try inputs(idx(shape: [1, 2], elements: [0, 255]), named: "x") == .bytes([0, 255]))
  }

  @Test(
    arguments: [
      (UInt8(0x09), [0x80, 0x7F], [-128, 127]),
      (0x0B, [0x80, 0x00, 0x7F, 0xFF], [-32768, 32767]),
      (0x0C, [0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 1], [-2, 1]),
      (0x0D, [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0], [1.5, -2]),
      (0x0E, [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]),
    ] as [(UInt8, [UInt8], [Float])])
  func `IDX of every type is read`(type: UInt8, elements: [UInt8], numbers: [Float]) throws {
    #expect(
      try inputs(idx(type: type, shape: [1, 2], elements: elements), named: "x") == .floats(numbers)
    )
  }

  @Test func `a number that is not finite is named by example and place`() throws {
    let error = try #require(throws: DatasetError.self) {
      try inputs(npy("<f4", shape: "(2, 2)", [UInt8](repeating: 0, count: 14) + [0xC0, 0x7F]))
    }
    #expect(error.message.hasPrefix("number 1 of example 1 is nan"), "\(error)")
  }

  @Test func `the inputs of an archive need no labels beside them`() throws {
    try withTemporaryFolder { folder in
      let path = try ExampleFileTests.archive(
        [Tensor(name: "other", shape: [1], floats: [9]), ExampleFileTests.images("x_test")],
        in: folder)
      #expect(try ArrayFile(inputsOf: path).inputs() == .bytes([0, 1, 2, 3]))
      let examples = try UnlabelledExamples(contentsOf: path)
      #expect(examples.exampleShape == [1, 2])
      let alone = try ExampleFileTests.archive(
        [Tensor(name: "anything", shape: [1, 2], doubles: [1, 2])], in: folder)
      #expect(try ArrayFile(inputsOf: alone).inputs() == .floats([1, 2]))
      let unknown = try ExampleFileTests.archive(
        [ExampleFileTests.images("a"), ExampleFileTests.images("b")], in: folder)
      let error = try #require(throws: DatasetError.self) { try ArrayFile(inputsOf: unknown) }
      #expect(error.message.contains("a (2×1×2), b (2×1×2)"), "\(error)")
    }
  }

  @Test func `a table gives inputs, and labels in the last column or a named one`() throws {
    let text = Array("age,kind,size\n30,1,1.5\n40,0,2.5\n".utf8)
    #expect(try inputs(text, named: "t.csv") == .floats([30, 1, 1.5, 40, 0, 2.5]))
    #expect(try inputs(text, named: "t.csv", leavingOut: ["kind"]) == .floats([30, 1.5, 40, 2.5]))
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      try write(text, to: path)
      let dataset = try Dataset(examplesPath: path, split: .test, labelColumns: ["kind"])
      #expect(dataset.labels == [1, 0])
      #expect(dataset.inputs == .floats([30, 1.5, 40, 2.5]))
      let targets = try Dataset(examplesPath: path, split: .train, targets: .numbers)
      #expect(targets.targets == .numbers([1.5, 2.5], perExample: 1))
      #expect(targets.inputs == .floats([30, 1, 40, 0]))
      let two = try Dataset(
        examplesPath: path, split: .train, targets: .numbers, labelColumns: ["size", "age"])
      #expect(two.targets == .numbers([1.5, 30, 2.5, 40], perExample: 2))
      #expect(two.inputs == .floats([1, 0]))
      let fractions = try #require(throws: DatasetError.self) {
        try Dataset(examplesPath: path, split: .test)
      }
      #expect(fractions.description.contains("t.csv, column \"size\""), "\(fractions)")
      let nothing = try #require(throws: DatasetError.self) {
        try ArrayFile(inputsOf: path, leavingOut: ["age", "kind", "size"])
      }
      #expect(nothing.message.contains("at least one column of inputs"))
      // Two files: all columns of one are inputs, the other has the labels.
      let labels = folder + "/y.csv"
      try write(Array("id,class\n7,1\n8,0\n".utf8), to: labels)
      let both = try Dataset(imagesPath: path, labelsPath: labels, labelColumns: ["class"])
      #expect(both.labels == [1, 0] && both.inputCount == 3)
    }
  }

  @Test func `a table is recognised without its name, and other text is not`() throws {
    #expect(try inputs(Array("a,b\n1,2\n".utf8), named: "x.txt") == .floats([1, 2]))
    for text in [
      "version https://git-lfs.github.com/spec/v1\noid sha256:0,1\n", "{\"a\":1,\"b\":2}",
    ] {
      let error = try #require(throws: DatasetError.self) {
        try inputs(Array(text.utf8), named: "t.csv")
      }
      #expect(!error.message.contains("line 1"), "\(error)")
    }
    // The content decides, not the name.
    #expect(
      try inputs(npy("<f4", shape: "(1,)", [0, 0, 0x80, 0x3F]), named: "t.csv") == .floats([1]))
  }

  @Test func `only tables have columns`() throws {
    let error = try #require(throws: DatasetError.self) {
      try inputs(npy("<f4", shape: "(1,)", [0, 0, 0, 0]), leavingOut: ["y"])
    }
    #expect(error.message.contains("is no table, so it has no column \"y\""))
  }

  @Test func `whole numbers of other types can be taken as pixels, and look like them`() throws {
    let pixels = Dataset.Inputs.floats([0, 255, 17])
    #expect(pixels.lookLikePixels)
    #expect(try pixels.pixels(path: "x") == .bytes([0, 255, 17]))
    for others in [[0, 0.5, 200], [0, 256], [-1, 200], [0, 1, 2]] as [[Float]] {
      #expect(!Dataset.Inputs.floats(others).lookLikePixels)
    }
    let error = try #require(throws: DatasetError.self) {
      try Dataset.Inputs.floats([1, 0.5]).pixels(path: "x")
    }
    #expect(error.description.hasPrefix("x: number 1 (row-major) is 0.5, which is no pixel"))
  }
}
