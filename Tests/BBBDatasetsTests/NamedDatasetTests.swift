import BBBDatasets
import BBBTensors
import Foundation
import TestSupport
import Testing

/// CIFAR-10 and Fashion-MNIST, in the forms that their files are found in.
struct NamedDatasetTests {
  /// A label and 3,072 bytes, as CIFAR-10's binary version has them; the bytes of an image tell its number.
  static func batch(_ labels: [UInt8], first: UInt8 = 0) -> [UInt8] {
    labels.enumerated().flatMap { [$1] + [UInt8](repeating: first + UInt8($0), count: 3072) }
  }

  static func load(
    _ name: DatasetName, _ split: Dataset.Split, in folder: String
  ) throws -> Dataset {
    try Dataset(
      named: name, split: split, locator: DatasetLocator(explicitFolder: folder, environment: [:])
    )
  }

  @Test(arguments: ["", "/cifar10", "/cifar-10-batches-bin", "/cifar10/cifar-10-batches-bin"])
  func `CIFAR-10's binary files are found where archives put them`(subfolder: String) throws {
    try withTemporaryFolder { folder in
      try write(Self.batch([3, 9]), to: folder + subfolder + "/test_batch.bin")
      for number in 1...5 {
        try write(
          Self.batch([UInt8(number)], first: UInt8(10 * number)),
          to: folder + subfolder + "/data_batch_\(number).bin")
      }
      let test = try Self.load(.cifar10, .test, in: folder)
      #expect(test.name == "cifar10" && test.exampleShape == [3, 32, 32])
      #expect(test.labels == [3, 9])
      #expect(
        test.inputs
          == .bytes([UInt8](repeating: 0, count: 3072) + [UInt8](repeating: 1, count: 3072)))
      let train = try Self.load(.cifar10, .train, in: folder)
      #expect(train.labels == [1, 2, 3, 4, 5])
      guard case .bytes(let bytes) = train.inputs else { return #expect(Bool(false)) }
      #expect((0..<5).map { bytes[$0 * 3072] } == [10, 20, 30, 40, 50])
    }
  }

  @Test(arguments: [
    ([UInt8](), "has 0 bytes"), (batch([1]).dropLast(), "has 3072 bytes"),
    (batch([1, 10]), "the label of image 1 is 10"),
  ])
  func `a damaged batch is refused`(content: [UInt8], message: String) throws {
    try withTemporaryFolder { folder in
      try write(content, to: folder + "/test_batch.bin")
      let error = try #require(throws: DatasetError.self) {
        try Self.load(.cifar10, .test, in: folder)
      }
      #expect(error.description.hasPrefix(folder + "/test_batch.bin: " + message), "\(error)")
    }
  }

  @Test(arguments: ["test.npz", "cifar10.npz"], [[2, 32, 32, 3], [2, 3, 32, 32]])
  func `arrays stand in for files`(name: String, shape: [Int]) throws {
    try withTemporaryFolder { folder in
      let tensors = [
        Tensor(
          name: "x_test", shape: shape, bytes: [UInt8](repeating: 7, count: shape.reduce(1, *))),
        // A column, as Keras has the labels of CIFAR-10.
        Tensor(name: "y_test", shape: [2, 1], bytes: [4, 5]),
      ]
      try FileManager.default.createDirectory(
        atPath: folder + "/cifar10", withIntermediateDirectories: true)
      try NPZEncoder.encode(tensors).write(to: URL(filePath: folder + "/cifar10/" + name))
      let dataset = try Self.load(.cifar10, .test, in: folder)
      #expect(dataset.labels == [4, 5] && dataset.exampleShape == Array(shape.dropFirst()))
    }
  }

  @Test func `arrays of another dataset are refused`() throws {
    try withTemporaryFolder { folder in
      let tensors = [
        Tensor(name: "x", shape: [1, 28, 28], bytes: [UInt8](repeating: 7, count: 784)),
        Tensor(name: "y", shape: [1], bytes: [4]),
      ]
      try NPZEncoder.encode(tensors).write(to: URL(filePath: folder + "/cifar10.npz"))
      let error = try #require(throws: DatasetError.self) {
        try Self.load(.cifar10, .test, in: folder)
      }
      #expect(error.message.contains("not those of cifar10 (3072)"), "\(error)")
    }
  }

  @Test func `what is not there is named with all its forms`() throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: DatasetError.self) {
        try Self.load(.cifar10, .test, in: folder)
      }
      for part in ["test_batch.bin, or cifar10.npz", "'bbbprune data cifar10'"] {
        #expect(error.description.contains(part), "\(error)")
      }
    }
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `MNIST's files are not taken for Fashion-MNIST's`() throws {
    let error = try #require(throws: DatasetError.self) {
      try Self.load(.fashionMNIST, .test, in: SharedFolder.data + "/mnist")
    }
    #expect(error.message.contains("is a file of MNIST, not of fashion-mnist"), "\(error)")
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `reads CIFAR-10 as arrays`() throws {
    let dataset = try Self.load(.cifar10, .test, in: SharedFolder.data)
    #expect(dataset.count == 10_000 && dataset.exampleShape == [3, 32, 32])
    #expect((0..<10).allSatisfy { label in dataset.labels.count { $0 == label } == 1000 })
  }
}
