import Testing

@testable import BBBTensors

struct TensorFileErrorTests {
  @Test func `a message without a file stands by itself`() {
    #expect(TensorFileError(.unsupported, path: "", "too large").description == "too large")
    #expect(TensorFileError(.unsupported, path: "a.npz", "x").description == "a.npz: x")
  }

  @Test func `damage has one wording`() {
    let error = TensorFileError.damaged(path: "a.pt", "tensor \"w\" has no bytes")
    #expect(error.code == .malformed)
    #expect(
      error.description == "a.pt: tensor \"w\" has no bytes; the file is damaged, save it again")
  }

  @Test(arguments: [
    ("fc1.weight", "fc1.weight"), ("a\u{1B}[2J\n", "a\u{FFFD}[2J\u{FFFD}"),
    ("\u{9B}31m\r\n", "\u{FFFD}31m\u{FFFD}\u{FFFD}"), ("σ\u{7F}é", "σ\u{FFFD}é"), ("", ""),
  ])
  func `control characters are replaced and nothing else`(text: String, expected: String) {
    #expect(text.withoutControlCharacters == expected)
  }

  @Test func `an endless message is cut`() {
    let message = String(repeating: "x", count: 1_000_000).asMessage
    #expect((1000...10_000).contains(message.count))
  }

  @Test(arguments: [([], "scalar"), ([7], "7"), ([64, 784], "64×784"), ([6, 1, 5, 5], "6×1×5×5")])
  func `shapes are written as people write them`(shape: [Int], text: String) {
    #expect(shapeText(shape) == text)
  }
}
