import BBBDatasets
import BBBTensors
import Foundation
import TestSupport
import Testing

/// Examples and their labels, given one file.
struct ExampleFileTests {
  static func archive(_ tensors: [Tensor], in folder: String) throws -> String {
    let path = folder + "/own.npz"
    try NPZEncoder.encode(tensors).write(to: URL(fileURLWithPath: path))
    return path
  }

  static func images(_ name: String, first: UInt8 = 0) -> Tensor {
    Tensor(name: name, shape: [2, 1, 2], bytes: [first, 1, 2, 3])
  }

  static func labels(_ name: String, first: UInt8 = 7) -> Tensor {
    Tensor(name: name, shape: [2], bytes: [first, 8])
  }

  @Test(arguments: [
    ("x", "y"), ("X", "y"), ("images", "labels"), ("inputs", "targets"), ("data", "labels"),
    ("x_test", "y_test"), ("test_images", "test_labels"),
  ])
  func `an archive holds both under one of the usual pairs of names`(
    inputs: String, labels: String
  ) throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive(
        [Tensor(name: "other", shape: [1], floats: [1]), Self.labels(labels), Self.images(inputs)],
        in: folder)
      let dataset = try Dataset(examplesPath: path, split: .test)
      #expect(dataset.inputs == .bytes([0, 1, 2, 3]))
      #expect(dataset.exampleShape == [1, 2])
      #expect(dataset.labels == [7, 8])
      #expect(dataset.name == path)
      #expect(dataset.files == [path])
      #expect(UnlabelledExamples(dataset).file == path)
    }
  }

  @Test(arguments: [(Dataset.Split.train, UInt8(10)), (.test, 20)])
  func `the split chooses between pairs, and goes before a pair for both`(
    split: Dataset.Split, first: UInt8
  ) throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive(
        [
          Self.images("x"), Self.labels("y"),
          Self.images("x_train", first: 10), Self.labels("y_train", first: 10),
          Self.images("x_test", first: 20), Self.labels("y_test", first: 20),
        ], in: folder)
      let dataset = try Dataset(examplesPath: path, split: split, name: "mine")
      #expect(dataset.inputs == .bytes([first, 1, 2, 3]))
      #expect(dataset.labels == [Int(first), 8])
      #expect(dataset.name == "mine")
    }
  }

  @Test func `labels may be a column`() throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive(
        [Self.images("x"), Tensor(name: "y", shape: [2, 1], bytes: [4, 5])], in: folder)
      #expect(try Dataset(examplesPath: path, split: .train).labels == [4, 5])
    }
  }

  @Test func `classes may be whole floats, as losses of one output want them`() throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive(
        [Self.images("x"), Tensor(name: "y", shape: [2], floats: [0, 1])], in: folder)
      #expect(try Dataset(examplesPath: path, split: .test).targets == .classes([0, 1]))
    }
  }

  @Test func `without such a pair the arrays are listed, and the names that would do`() throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive([Self.images("x_train"), Self.labels("answers")], in: folder)
      let error = try #require(throws: DatasetError.self) {
        try Dataset(examplesPath: path, split: .test)
      }
      #expect(error.code == .unsupported)
      for part in [
        path, "the test split", "x_train (2×1×2), answers (2)", "images and labels",
        "x_test and y_test",
      ] {
        #expect(error.description.contains(part), "\(error)")
      }
    }
  }

  @Test(arguments: [
    (
      Tensor(name: "x", shape: [2, 1], floats: [1, .nan]), labels("y"), "array \"x\"",
      "example 1 is nan"
    ),
    (images("x"), Tensor(name: "y", shape: [3], bytes: [1, 2, 3]), "array \"y\"", "3 labels"),
    (images("x"), Tensor(name: "y", shape: [2], floats: [1, 2.5]), "own.npz", "number 1 is 2.5"),
    (
      images("x"), Tensor(name: "y", shape: [2, 3], bytes: .init(repeating: 0, count: 6)), "\"y\"",
      "rank 2"
    ),
    (Tensor(name: "x", shape: [2], bytes: [1, 2]), labels("y"), "\"x\"", "rank 1"),
    (
      Tensor(name: "x", shape: [0, 2], bytes: []), Tensor(name: "y", shape: [0], bytes: []),
      "\"y\"",
      "no labels"
    ),
  ])
  func `an array that does not fit is named`(
    inputs: Tensor, labels: Tensor, place: String, message: String
  ) throws {
    try withTemporaryFolder { folder in
      let path = try Self.archive([inputs, labels], in: folder)
      let error = try #require(throws: DatasetError.self) {
        try Dataset(examplesPath: path, split: .test)
      }
      #expect(error.description.contains(place), "\(error)")
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test(arguments: [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"),
    ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
    ("images", "labels"),
  ])
  func `IDX images find their labels beside them`(images: String, labels: String) throws {
    try withTemporaryFolder { folder in
      // The folder's own name must not be taken for that of the file.
      let place = folder + "/images-idx3/"
      try write(TinyDigits.imagesFile, to: place + images)
      try write(TinyDigits.labelsFile, to: place + labels)
      let dataset = try Dataset(examplesPath: place + images, split: .train)
      #expect(dataset.labels == [3, 1, 0, 9])
      #expect(dataset.targetsPath == place + labels)
      #expect(dataset.files == [place + images, place + labels])
    }
  }

  @Test(arguments: [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte (plain or .gz)"),
    ("digits", "does not tell where its labels are"),
  ])
  func `IDX images whose labels are not found`(name: String, message: String) throws {
    try withTemporaryFolder { folder in
      try write(TinyDigits.imagesFile, to: folder + "/" + name)
      let error = try #require(throws: DatasetError.self) {
        try Dataset(examplesPath: folder + "/" + name, split: .train)
      }
      #expect(error.code == .notFound)
      #expect(error.description.contains(message), "\(error)")
    }
  }
}
