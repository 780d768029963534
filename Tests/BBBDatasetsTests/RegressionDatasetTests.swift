import BBBDatasets
import BBBTensors
import TestSupport
import Testing

struct RegressionDatasetTests {
  @Test func `counts inputs and targets per example`() throws {
    let dataset = try RegressionDataset(
      name: "tiny", count: 2, inputs: [1, 2, 3, 4, 5, 6], targets: [0.5, -0.5])
    #expect(dataset.inputCount == 3)
    #expect(dataset.targetCount == 1)
  }

  @Test(arguments: [
    (Tensor(name: "x", shape: [2], floats: [0.25, -1]), 1),
    (Tensor(name: "x", shape: [2, 1], doubles: [0.25, -1]), 1),
    (Tensor(name: "x", shape: [2, 2, 1], bytes: [1, 2, 3, 4]), 2),
  ])
  func `reads floats and integers of any rank`(inputs: Tensor, inputCount: Int) throws {
    try withTemporaryFolder { folder in
      let targets = Tensor(name: "y", shape: [2, 3], doubles: [1, 2, 3, 4, 5, 6.5])
      let path = try ExampleFileTests.archive([inputs, targets], in: folder)
      let dataset = try RegressionDataset(examplesPath: path, split: .train)
      #expect(dataset.count == 2)
      #expect(dataset.inputCount == inputCount)
      #expect(dataset.inputs == (inputCount == 1 ? [0.25, -1] : [1, 2, 3, 4]))
      #expect(dataset.targetCount == 3)
      #expect(dataset.targets == [1, 2, 3, 4, 5, 6.5])
    }
  }

  @Test(arguments: [
    (2, [Float(1), 2, 3], [Float(1), 2], "holds 3 inputs for 2 examples"),
    (2, [1, 2], [], "holds 0 targets for 2 examples"),
    (0, [], [], "for 0 examples"),
    (-1, [1], [1], "for -1 examples"),
    (2, [1, 2, 3, .nan], [1, 2], "number 1 of the inputs of example 1 is nan"),
    (2, [1, 2], [.infinity, 2], "number 0 of the targets of example 0 is inf"),
  ])
  func `refuses parts that do not fit`(
    count: Int, inputs: [Float], targets: [Float], message: String
  ) throws {
    let error = try #require(throws: DatasetError.self) {
      try RegressionDataset(name: "x", count: count, inputs: inputs, targets: targets)
    }
    #expect(error.description.hasPrefix("x: "))
    #expect(error.message.contains(message), "\(error)")
  }

  @Test(arguments: [
    (Tensor(name: "y", shape: [3], floats: [1, 2, 3]), "as many targets as inputs"),
    (Tensor(name: "y", shape: [2], doubles: [1, 1e300]), "example 1 is inf"),
    (Tensor(name: "y", shape: [], floats: [1]), "as many targets as inputs"),
    (Tensor(name: "z", shape: [2], floats: [1, 2]), "x (2), z (2)"),
  ])
  func `refuses targets that do not fit the inputs`(targets: Tensor, message: String) throws {
    try withTemporaryFolder { folder in
      let path = try ExampleFileTests.archive(
        [Tensor(name: "x", shape: [2], floats: [1, 2]), targets], in: folder)
      let error = try #require(throws: DatasetError.self) {
        try RegressionDataset(examplesPath: path, split: .train)
      }
      #expect(error.description.contains(path) && error.description.contains(message), "\(error)")
    }
  }
}
