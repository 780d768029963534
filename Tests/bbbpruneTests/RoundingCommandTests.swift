import BBBInference
import Foundation
import TestSupport
import Testing

/// `export --calibrate`, end to end: one price for removing and rounding.
@Suite(
  "export --calibrate",
  .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
final class RoundingCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  private var mnist: String { "--data \(SharedFolder.data)" }

  /// Test errors of 10,000 unpruned, and about the bytes of a file rounded by σ whose outputs diverge more.
  @Test(
    "finds a small file whose error is that of the unpruned network",
    arguments: [("torchbnn_mlp.pt", 305, 6900), ("bayesian_torch_flipout.pth", 247, 8900)])
  func usual(name: String, unpruned: Int, bytes: Int) throws {
    let checkpoint = SharedFolder.checkpoint(name)
    let report = try commandLine.object(
      of: "export \(checkpoint) --calibrate mnist \(mnist) -o m.bbbz")
    #expect(report["criterion"] as? String == "conditional")
    #expect(try #require(report["bytes"] as? Int) < bytes)
    let rounding = try #require(report["rounding"] as? [String: Any])
    #expect(rounding["compared_on"] as? String == "mnist, training")
    #expect(rounding["examples"] as? Int == 1000)
    let limit = try #require(rounding["divergence_limit"] as? Double)
    #expect(limit > 1e-4 && limit < 0.002)
    #expect(try #require(rounding["divergence"] as? Double) <= limit)
    let model = try commandLine.object(of: "evaluate m.bbbz --dataset mnist \(mnist)")
    #expect(try #require(model["errors"] as? Int) <= unpruned + 25)
    // A sparsity that it has anyway changes nothing.
    let floor = try commandLine.object(
      of: "export \(checkpoint) --sparsity 0.5 --calibrate mnist \(mnist) -o floor.bbbz")
    #expect(floor["bytes"] as? Int == report["bytes"] as? Int)
  }

  @Test("keeps to the divergence, the bytes and the sparsity that are asked for")
  func goals() throws {
    let checkpoint = SharedFolder.checkpoint("blitz_mlp.pt")
    let options = "--calibrate mnist --calibrate-count 1000 \(mnist)"
    func export(_ goal: String) throws -> (bytes: Int, divergence: Double, sparsity: Double) {
      let report = try commandLine.object(
        of: "export \(checkpoint) \(options) \(goal) -o m.bbbz")
      let rounding = try #require(report["rounding"] as? [String: Any])
      return (
        try #require(report["bytes"] as? Int), try #require(rounding["divergence"] as? Double),
        try #require(report["sparsity"] as? Double)
      )
    }
    let coarse = try export("--max-divergence 0.02")
    let fine = try export("--max-divergence 0.001")
    #expect(coarse.divergence <= 0.02 && fine.divergence <= 0.001)
    #expect(2 * coarse.bytes < fine.bytes)
    let small = try export("--max-bytes 8000")
    #expect((6000...8000).contains(small.bytes))
    let sparse = try export("--sparsity 0.98")
    #expect(sparse.sparsity >= 0.98)
    let refused = try commandLine.run(
      "export \(checkpoint) \(options) --sparsity 0.99 --max-divergence 0.0001 -o none.bbbz"
        .components(separatedBy: " "))
    #expect(refused.exitCode == 65)
    #expect(refused.errors.contains("allow more with '--max-divergence', or a lower '--sparsity'"))
    #expect(try !commandLine.contents().contains("none.bbbz"))
  }

  @Test("holds σ of what is left, if that is asked for")
  func uncertainty() throws {
    let checkpoint = SharedFolder.checkpoint("bayesian_torch_flipout.pth")
    _ = try commandLine.output(
      of: "export \(checkpoint) --calibrate mnist \(mnist) --keep-uncertainty -o m.bbbz")
    let inspected = try commandLine.object(of: "inspect m.bbbz")
    #expect(inspected["has_uncertainty"] as? Bool == true)
    let scores = try commandLine.object(
      of: "evaluate m.bbbz --dataset mnist \(mnist) --samples 5")
    #expect(scores["samples"] as? Int == 5)
  }

  @Test("rounds a network without σ, too")
  func withoutDeviations() throws {
    let graph = SharedFolder.graph("ivon_lenet5.onnx")
    let report = try commandLine.object(
      of:
        "export \(graph) --calibrate mnist --calibrate-count 1000 \(mnist) --output classes -o m.bbbz"
    )
    #expect(try #require(report["bytes"] as? Int) * 20 < #require(report["dense_bytes"] as? Int))
    let model = try commandLine.object(of: "evaluate m.bbbz --dataset mnist \(mnist)")
    #expect(try #require(model["errors"] as? Int) <= 110)
  }

  @Test(
    "says what goes with what",
    arguments: [
      ("--max-divergence 0.01 --sparsity 0.5 -o m.bbbz", "add '--calibrate mnist'"),
      ("--max-bytes 1000 --sparsity 0.5 -o m.bbbz", "add '--calibrate mnist'"),
      ("--calibrate mnist --max-bytes 0 -o m.bbbz", "a number of bytes"),
      ("--calibrate mnist --max-divergence 0 -o m.bbbz", "nats above 0"),
      ("--calibrate mnist --max-divergence 1 --max-bytes 10 -o m.bbbz", "Give one of"),
      ("--calibrate mnist --no-condition --max-bytes 10 -o m.bbbz", "without '--no-condition'"),
      ("--calibrate mnist --max-bytes 10 -o m.safetensors", "rounded .bbbz files"),
      ("--calibrate mnist --max-bytes 10 --precision 0.01 -o m.bbbz", "leave out '--precision'"),
      ("--calibrate mnist --units -o m.bbbz", "Say how much to remove"),
      ("--calibrate mnist -o m.npz", "Say how much to remove"),
    ])
  func refusals(options: String, sentence: String) throws {
    let outcome = try commandLine.run(
      "export x.safetensors \(options)".components(separatedBy: " "))
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
  }
}
