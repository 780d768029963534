import Foundation
import Testing

@testable import BBBInference

/// Files that `bbbprune export` wrote once, which every later version must read.
struct GoldenFileTests {
  @Test(arguments: [("version-1-float32", Float(0.1)), ("version-1-float16", 0.0999755859375)])
  func `a file of an earlier version is read as what it was`(
    name: String, tenth: Float
  ) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "bbbz", subdirectory: "Fixtures"))
    let model = try CompactModel(contentsOfFile: url.path)
    #expect(
      model.layers == [
        SparseLayer(
          inputCount: 5, rowStarts: [0, 4, 7, 9], columns: [0, 1, 2, 4, 2, 3, 4, 0, 4],
          values: [2, -1.5, 0.25, 8, -4, 3, 0.5, 0.125, 1], biases: [0.5, -0.25, 1],
          activation: .rectifiedLinear),
        SparseLayer(
          inputCount: 3, rowStarts: [0, 3, 5], columns: [0, 1, 2, 0, 2],
          values: [1, -2, 0.75, 0.5, -1], biases: [tenth, -tenth], activation: .none),
      ])
    #expect(model.inputScale == 1.0 / 126)
    #expect(model.outputKind == .classes)
    #expect(
      model.origin
        == .init(denseWeightCount: 28, denseBiasCount: 6, removedCount: 14, criterion: "snr"))
  }
}
