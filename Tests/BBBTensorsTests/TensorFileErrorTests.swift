import Testing

@testable import BBBTensors

struct TensorFileErrorTests {
  @Test func `damage has one wording`() {
    let error = TensorFileError.damaged(path: "a.pt", "tensor \"w\" has no bytes")
    #expect(error.code == .malformed)
    #expect(
      error.description == "a.pt: tensor \"w\" has no bytes; the file is damaged, save it again")
  }

  @Test(arguments: [([], "scalar"), ([7], "7"), ([64, 784], "64×784"), ([6, 1, 5, 5], "6×1×5×5")])
  func `shapes are written as people write them`(shape: [Int], text: String) {
    #expect(shapeText(shape) == text)
  }
}
