import BBBDatasets
import TestSupport
import Testing

struct DatasetTests {
  static let bytes = Dataset.Inputs.bytes([1, 2, 3, 4, 5, 6])

  @Test func `counts examples and their numbers`() throws {
    let dataset = try Dataset(
      name: "tiny", inputs: Self.bytes, exampleShape: [1, 3], labels: [0, 4])
    #expect(dataset.count == 2)
    #expect(dataset.inputCount == 3)
    #expect(dataset.inputsPath == "tiny")
  }

  @Test(arguments: [
    (Dataset.Inputs.bytes([1, 2, 3]), [3], [0, 1], "2 labels, but x holds 3 numbers"),
    (.bytes([1, 2, 3, 4]), [3], [0], "4 numbers, 3 to an example"),
    (.bytes([]), [3], [], "holds no labels"),
    (.bytes([1, 2]), [1], [0, -1], "label 1 is -1"),
    (.bytes([]), [0], [0], "the shape 0 is not possible"),
    (.bytes([1]), [-1, -1], [0], "the shape -1×-1 is not possible"),
    (.bytes([1]), [Int.max, 2], [0], "is not possible"),
    (.floats([1, 2, 3, .nan]), [2], [0, 1], "input 1 of example 1 is nan"),
    (.floats([1, .infinity]), [2], [0], "input 1 of example 0 is inf"),
  ])
  func `refuses parts that do not fit`(
    inputs: Dataset.Inputs, shape: [Int], labels: [Int], message: String
  ) throws {
    let error = try #require(throws: DatasetError.self) {
      try Dataset(name: "x", inputs: inputs, exampleShape: shape, labels: labels)
    }
    #expect(error.message.contains(message), "\(error.message)")
  }

  @Test func `names the first label that the network cannot predict`() throws {
    let dataset = try Dataset(
      name: "x", inputs: Self.bytes, exampleShape: [2], labels: [0, 9, 10], labelsPath: "l.idx")
    try dataset.checkTargets(for: .classes, outputCount: 11)
    let error = try #require(throws: DatasetError.self) {
      try dataset.checkTargets(for: .classes, outputCount: 10)
    }
    #expect(error.code == .mismatched)
    #expect(
      error.description.hasPrefix("l.idx: label 2 is 10, but the network has 10 classes"))
  }

  @Test func `names both sizes when images do not fit the network`() throws {
    let dataset = try Dataset(
      name: "x", inputs: Self.bytes, exampleShape: [3, 2], labels: [0], inputsPath: "i.idx")
    try dataset.checkInputs(inputCount: 6)
    let error = try #require(throws: DatasetError.self) { try dataset.checkInputs(inputCount: 784) }
    #expect(
      error.description.hasPrefix(
        "i.idx: an example has 3×2 = 6 numbers, but the network takes 784"))
  }

  @Test func `reads a pair of IDX files of any size`() throws {
    try withTemporaryFolder { folder in
      try write(TinyDigits.imagesFile, to: folder + "/i")
      try write(TinyDigits.labelsFile, to: folder + "/l")
      let dataset = try Dataset(imagesPath: folder + "/i", labelsPath: folder + "/l")
      #expect(dataset.exampleShape == [2, 3])
      #expect(dataset.inputs == .bytes(TinyDigits.pixels))
      #expect(dataset.labels == [3, 1, 0, 9])
      #expect(dataset.name == folder + "/i")
    }
  }

  @Test(arguments: [
    (TinyDigits.imagesFile, idx(shape: [5], elements: [0, 1, 2, 3, 4]), "holds 5 labels, but"),
    (TinyDigits.labelsFile, TinyDigits.labelsFile, "rank 1, which are not images"),
    (TinyDigits.imagesFile, TinyDigits.imagesFile, "rank 3, which are not labels"),
    (
      idx(shape: [1, 1], elements: [0]),
      idx(type: 0x0D, shape: [1], elements: [0x3F, 0, 0, 0]),
      "real numbers where classes are expected"
    ),
  ])
  func `refuses a pair of IDX files that do not belong together`(
    images: [UInt8], labels: [UInt8], message: String
  ) throws {
    try withTemporaryFolder { folder in
      try write(images, to: folder + "/i")
      try write(labels, to: folder + "/l")
      let error = try #require(throws: DatasetError.self) {
        try Dataset(imagesPath: folder + "/i", labelsPath: folder + "/l")
      }
      #expect(error.message.contains(message), "\(error.message)")
    }
  }
}
