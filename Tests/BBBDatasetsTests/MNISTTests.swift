import BBBDatasets
import Foundation
import TestSupport
import Testing

struct MNISTTests {
  // The sums are NumPy's, over the elements behind the headers.
  @Test(
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: [
      (Dataset.Split.test, 10000, [7, 2, 1, 0, 4, 1, 4, 9, 5, 9], 44434, 264_923_200),
      (.train, 60000, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], 267236, 1_567_298_545),
    ])
  func `reads the real files`(
    split: Dataset.Split, count: Int, firstLabels: [Int], labelSum: Int, pixelSum: Int
  ) throws {
    let dataset = try Dataset.mnist(
      split, locator: DatasetLocator(explicitFolder: SharedFolder.data, environment: [:]))
    #expect(dataset.count == count)
    #expect(dataset.exampleShape == [28, 28])
    #expect(Array(dataset.labels.prefix(10)) == firstLabels)
    #expect(dataset.labels.reduce(0, +) == labelSum)
    guard case .bytes(let pixels) = dataset.inputs else {
      Issue.record("pixels are bytes")
      return
    }
    #expect(pixels.reduce(0) { $0 + Int($1) } == pixelSum)
    try dataset.checkTargets(for: .classes, outputCount: 10)
    try dataset.checkInputs(inputCount: 784)
  }
}
