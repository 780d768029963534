import BBBTensors
import Foundation
import Testing

/// The built-in digits on the command line.
@Suite final class SyntheticDigitsTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    // 784-10, and all outputs 0: the first class wins.
    try SmallProblem.writeCheckpoint(
      to: commandLine.path("zero.safetensors"),
      [
        Tensor(name: "fc.weight_mu", shape: [10, 784], floats: .init(repeating: 0, count: 7840)),
        Tensor(name: "fc.weight_rho", shape: [10, 784], floats: .init(repeating: -2, count: 7840)),
        Tensor(name: "fc.bias_mu", shape: [10], floats: .init(repeating: 0, count: 10)),
        Tensor(name: "fc.bias_rho", shape: [10], floats: .init(repeating: -2, count: 10)),
      ])
  }

  deinit { commandLine.removeFolder() }

  @Test func `the ten thousand for testing need no files, and are called synthetic`() throws {
    let outcome = try commandLine.run(
      "evaluate", "zero.safetensors", "--dataset", "synthetic-digits", "--json", "-")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let result = try #require(json as? [String: Any])
    #expect(result["dataset"] as? String == "synthetic-digits")
    #expect(result["images"] as? Int == 10000)
    #expect(result["errors"] as? Int == 9000)
  }

  @Test func `beside digits, doubt is measured on letters unless others are named`() throws {
    let outcome = try commandLine.run(
      "sweep", "zero.safetensors", "--dataset", "synthetic-digits", "--sparsity", "0",
      "--uncertainty", "--samples", "1", "--json", "-")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let curve = try #require(json as? [String: Any])
    #expect(curve["ood"] as? String == "synthetic-letters")
    // A network that knows nothing is as unsure of the ones as of the others.
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points.map { $0["auroc"] as? Double } == [0.5])
  }

  @Test func `a folder for them is a mistake`() throws {
    let outcome = try commandLine.run(
      "sweep", "zero.safetensors", "--dataset", "synthetic-digits", "--data", ".")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("synthetic-digits"))
  }
}
