import BBBTensors
import Foundation
import Testing

/// What the package carries: `bbbprune sweep` without a checkpoint.
@Suite final class IncludedCheckpointTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
  }

  deinit { commandLine.removeFolder() }

  @Test func `sweep without arguments measures the network for the synthetic digits`() throws {
    let outcome = try commandLine.run("sweep", "--sparsity", "0,0.95", "--json", "-")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("synthetic-digits"))
    let data = Data(outcome.output.utf8)
    let curve = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let points = try #require(curve["points"] as? [[String: Any]])
    let errors = points.compactMap { $0["error"] as? Double }
    // The paper's claim: 95 % of the weights go at no cost. (Plain SGD errs 1.5 to 2.5 %.)
    #expect(errors.count == 2 && errors.allSatisfy { $0 < 0.02 }, "\(errors)")
    #expect(abs(errors[0] - errors[1]) < 0.001, "\(errors)")
  }

  @Test func `images of one's own need a checkpoint of one's own`() throws {
    let outcome = try commandLine.run("sweep", "--images", "x.npz")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("Say which network to measure on these images"))
  }

  @Test(arguments: ["synthetic-digits", "mnist"])
  func `each file is the paper's network, trained on what its name says`(name: String) throws {
    let path = CommandLine.executable.deletingLastPathComponent()
      .appending(path: "bbbprune_BBBFixtures.resources/\(name).safetensors").path
    let file = try TensorFile(contentsOf: path)
    #expect(file.metadata["dataset"] == name)
    #expect(file.metadata["arch"] == "784-1200-1200-10 relu")
    #expect(file.byteCount < 10_000_000)
  }

  static let data = ProcessInfo.processInfo.environment["BBBPRUNE_DATA"]

  @Test(.enabled(if: data != nil, "set BBBPRUNE_DATA to a folder that holds MNIST"))
  func `the network for MNIST errs on MNIST as often as documented`() throws {
    let outcome = try commandLine.run(
      "sweep", "--dataset", "mnist", "--data", try #require(Self.data), "--sparsity", "0.95")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" 1.44 "), "\(outcome.output)")
  }
}
