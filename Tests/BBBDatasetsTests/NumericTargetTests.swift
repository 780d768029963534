import BBBDatasets
import BBBNetwork
import BBBTensors
import Foundation
import TestSupport
import Testing

/// Datasets whose examples have numbers to predict.
struct NumericTargetTests {
  private static let numbers = OutputMeaning.numbers(noiseDeviation: nil)

  private func dataset(_ targets: Dataset.Targets) throws -> Dataset {
    try Dataset(
      name: "x", inputs: .floats([1, 2, 3, 4]), exampleShape: [2], targets: targets,
      targetsPath: "y.npy")
  }

  @Test func `numbers belong to examples row by row`() throws {
    let dataset = try dataset(.numbers([0.5, -0.5, 1, 2, 3, 4], perExample: 3))
    #expect(dataset.count == 2)
    #expect(dataset.labels.isEmpty)
    try dataset.checkTargets(for: Self.numbers, outputCount: 3)
    try dataset.checkTargets(for: .meanAndLogVariance, outputCount: 6)
  }

  @Test(arguments: [
    (
      Tensor(name: "x", shape: [2], floats: [0.25, -1]), [Int](), Dataset.Inputs.floats([0.25, -1])
    ),
    (Tensor(name: "x", shape: [2, 1], doubles: [0.25, -1]), [], .floats([0.25, -1])),
    (Tensor(name: "x", shape: [2, 2, 1], bytes: [1, 2, 3, 4]), [2, 1], .bytes([1, 2, 3, 4])),
  ])
  func `an archive's targets are floats or integers`(
    inputs: Tensor, shape: [Int], expected: Dataset.Inputs
  ) throws {
    try withTemporaryFolder { folder in
      for (targets, numbers) in [
        (Tensor(name: "y", shape: [2, 3], doubles: [1, 2, 3, 4, 5, 6.5]), [1, 2, 3, 4, 5, 6.5]),
        (Tensor(name: "y", shape: [2], bytes: [7, 9]), [7, 9]),
      ] as [(Tensor, [Float])] {
        let path = try ExampleFileTests.archive([inputs, targets], in: folder)
        let dataset = try Dataset(examplesPath: path, split: .train, targets: .numbers)
        #expect(dataset.count == 2)
        #expect(dataset.exampleShape == (shape.isEmpty ? [1] : shape))
        #expect(dataset.inputs == expected)
        #expect(dataset.targets == .numbers(numbers, perExample: numbers.count / 2))
      }
    }
  }

  @Test(arguments: [
    (Dataset.Targets.numbers([1, 2, 3], perExample: 2), "3 targets, 2 to an example"),
    (.numbers([], perExample: 1), "holds 0 targets"),
    (.numbers([1], perExample: 0), "0 to an example"),
    (.numbers([1, 2, 3], perExample: 1), "holds 3 targets, but x holds 4 numbers"),
    (.numbers([1, .infinity], perExample: 1), "target 0 of example 1 is inf"),
    (.numbers([1, 2, 3, .nan], perExample: 2), "target 1 of example 1 is nan"),
  ])
  func `refuses numbers that do not fit`(targets: Dataset.Targets, message: String) throws {
    let error = try #require(throws: DatasetError.self) { try dataset(targets) }
    #expect(error.path == "y.npy" && error.message.contains(message), "\(error)")
  }

  @Test(arguments: [
    (Tensor(name: "y", shape: [3], floats: [1, 2, 3]), "3 targets, but"),
    (Tensor(name: "y", shape: [2], doubles: [1, 1e300]), "example 1 is inf"),
    (Tensor(name: "y", shape: [], floats: [1]), "rank 0"),
    (Tensor(name: "z", shape: [2], floats: [1, 2]), "x (2), z (2)"),
  ])
  func `refuses an archive's targets that do not fit its inputs`(
    targets: Tensor, message: String
  ) throws {
    try withTemporaryFolder { folder in
      let path = try ExampleFileTests.archive(
        [Tensor(name: "x", shape: [2], floats: [1, 2]), targets], in: folder)
      let error = try #require(throws: DatasetError.self) {
        try Dataset(examplesPath: path, split: .train, targets: .numbers)
      }
      #expect(error.description.contains(path) && error.description.contains(message), "\(error)")
    }
  }

  @Test(arguments: [
    (
      Dataset.Targets.classes([0, 1]), numbers, 1, "holds classes, but the network predicts numbers"
    ),
    (
      .numbers([1, 2], perExample: 1), .binary, 1, "real-valued targets, but the network's outputs"
    ),
    (
      .numbers([1, 2], perExample: 1), numbers, 3,
      "1 target for each example, but the network predicts 3"
    ),
    (.numbers([1, 2], perExample: 1), .meanAndLogVariance, 4, "the network predicts 2"),
    (
      .classes([1, 2]), .binary, 1, "label 1 is 2, but the network tells two classes apart, 0 and 1"
    ),
    (.classes([0, 3]), .classes, 3, "label 1 is 3, but the network has 3 classes"),
  ])
  func `refuses targets that a network's outputs cannot meet`(
    targets: Dataset.Targets, output: OutputMeaning, outputCount: Int, message: String
  ) throws {
    let dataset = try dataset(targets)
    let error = try #require(throws: DatasetError.self) {
      try dataset.checkTargets(for: output, outputCount: outputCount)
    }
    #expect(error.path == "y.npy" && error.message.contains(message), "\(error)")
  }
}
