import BBBDatasets
import Crypto
import Foundation
import TestSupport
import Testing

struct UnlabelledExamplesTests {
  @Test func `the built-in letters are the same bytes on every platform`() throws {
    let letters = UnlabelledExamples.syntheticLetters()
    #expect(letters.count == 10_000 && letters.inputCount == 784)
    guard case .bytes(let bytes) = letters.inputs else {
      Issue.record("letters are not bytes")
      return
    }
    let digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    #expect(digest == "04e42b58bdc1f122722f4b2df2b726e84b0d5fc80c622da42cd473b4b7e15d8a")
  }

  @Test func `letters have about the ink of the digits`() {
    func ink(_ inputs: Dataset.Inputs, count: Int) -> Double {
      guard case .bytes(let bytes) = inputs else { return 0 }
      return bytes.reduce(0) { $0 + Double($1) } / Double(count) / 255
    }
    let letters = ink(UnlabelledExamples.syntheticLetters(count: 600).inputs, count: 600)
    let digits = ink(Dataset.syntheticDigits(.test).inputs, count: 10_000)
    #expect(letters > 0.7 * digits && letters < 1.8 * digits)
  }

  @Test func `noise fills the range of the examples, evenly`() throws {
    let bytes = try Dataset(
      name: "few", inputs: .bytes([10, 30] + Array(repeating: 20, count: 20_000)),
      exampleShape: [2], labels: Array(repeating: 0, count: 10_001))
    let noise = UnlabelledExamples.noise(like: bytes)
    guard case .bytes(let values) = noise.inputs else {
      Issue.record("noise of bytes is not bytes")
      return
    }
    #expect(noise.count == 10_001 && Set(values) == Set(10...30))
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    #expect(abs(mean - 20) < 0.2)
    let floats = try Dataset(
      name: "few", inputs: .floats([-1.5, 2]), exampleShape: [1], labels: [0, 1])
    guard case .floats(let numbers) = UnlabelledExamples.noise(like: floats).inputs else {
      Issue.record("noise of floats is not floats")
      return
    }
    #expect(numbers.count == 2 && numbers.allSatisfy { -1.5...2 ~= $0 })
    #expect(
      UnlabelledExamples.noise(like: floats, seed: 1).inputs
        != UnlabelledExamples.noise(like: floats).inputs)
  }

  /// Reads a file of these bytes.
  private func read(_ bytes: [UInt8], _ check: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/examples.idx"
      try Data(bytes).write(to: URL(filePath: path))
      try check(path)
    }
  }

  @Test func `a file of inputs needs no labels`() throws {
    // IDX: unsigned bytes, rank 3, two images of 1×3.
    try read([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]) { path in
      let examples = try UnlabelledExamples(contentsOf: path)
      #expect(examples.inputs == .bytes([1, 2, 3, 4, 5, 6]))
      #expect(examples.exampleShape == [1, 3] && examples.count == 2 && examples.name == path)
      try examples.checkInputs(inputCount: 3)
      let error = #expect(throws: DatasetError.self) { try examples.checkInputs(inputCount: 784) }
      #expect(error?.description.hasPrefix("\(path): an example has 1×3 = 3 numbers") == true)
    }
  }

  @Test func `labels alone are refused`() throws {
    try read([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]) { path in
      let error = #expect(throws: DatasetError.self) {
        try UnlabelledExamples(contentsOf: path)
      }
      #expect(error?.description.contains("rank 1") == true)
    }
  }
}
