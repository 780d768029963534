import BBBTensors
import Foundation
import Testing

/// A network of which only the last layer is Bayesian, on the command line.
@Suite final class CertainLayerCommandTests {
  let commandLine: CommandLine

  /// The small problem's network; the first layer is ordinary, with 12 certain weights.
  static let tensors =
    zip(["fc1.weight", "", "fc1.bias", ""], SmallProblem.tensors).compactMap { name, tensor in
      name.isEmpty ? nil : CertainLayerCommandTests.renamed(tensor, name)
    } + SmallProblem.tensors.dropFirst(4)

  private static func renamed(_ tensor: Tensor, _ name: String) -> Tensor {
    var tensor = tensor
    tensor.name = name
    return tensor
  }

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("mixed.safetensors"), Self.tensors)
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  private static let data = ["--dataset", "mnist", "--data", "data"]

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try commandLine.run(arguments + ["--json", "-"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test func `inspect tells certain weights from prunable ones`() throws {
    let outcome = try commandLine.run("inspect", "mixed.safetensors")
    #expect(outcome.output.contains("weights: 6 prunable, 12 certain (σ = 0), and 5 biases"))
    #expect(outcome.errors.contains("certain (σ = 0): fc1;"))
    let report = try json(["inspect", "mixed.safetensors"])
    #expect(report["weights"] as? Int == 6 && report["certain_weights"] as? Int == 12)
    #expect(report["layer_sizes"] as? [Int] == [4, 3, 2])
    let ratios = try #require(report["snr_histogram"] as? [String: Any])
    let counts = try #require(ratios["counts"] as? [Int])
    let outside = ["below", "above", "zero", "removed"].compactMap { ratios[$0] as? Int }
    #expect((counts + outside).reduce(0, +) == 6)
  }

  @Test func `a sweep removes uncertain weights only`() throws {
    let curve = try json(
      ["sweep", "mixed.safetensors", "--sparsity", "0,0.5,1", "--criterion", "snr"] + Self.data)
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points.map { $0["removed"] as? Int } == [0, 3, 6])
    #expect(points[0]["errors"] as? Int == 0)
    let magnitudes = try json(
      [
        "sweep", "mixed.safetensors", "--sparsity", "1", "--criterion", "magnitude",
        "--prune-certain-weights",
      ] + Self.data)
    let all = try #require(magnitudes["points"] as? [[String: Any]])
    #expect(all.last?["removed"] as? Int == 18)
  }

  @Test func `an exported model computes what the checkpoint does`() throws {
    let before = try json(["evaluate", "mixed.safetensors"] + Self.data)
    for values in [["--values", "float32"], []] {
      let export = try json(
        ["export", "mixed.safetensors", "--sparsity", "0.3", "-o", "mixed.bbbz"] + values)
      #expect(export["weights"] as? Int == 6)
      #expect(export["dense_bytes"] as? Int == 4 * (18 + 5))
      let after = try json(["evaluate", "mixed.bbbz"] + Self.data)
      #expect(after["errors"] as? Int == 0)
      let likelihoods = try [before, after].map { try #require($0["nll"] as? Double) }
      #expect(abs(likelihoods[0] - likelihoods[1]) < 0.01, "\(likelihoods)")
    }
  }

  @Test func `dense tensors keep certain weights bit for bit`() throws {
    let outcome = try commandLine.run(
      "export", "mixed.safetensors", "--sparsity", "1", "-o", "pruned.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try TensorFile(contentsOf: commandLine.path("pruned.safetensors"))
    for (name, tensor) in zip(["fc1.weight", "fc1.bias"], Self.tensors) {
      #expect(try file[name]?.floats() == tensor.floats())
    }
    #expect(try file["fc2.weight_mu"]?.floats().allSatisfy { $0 == 0 } == true)
  }

  @Test func `certain weights are pruned only by criteria that do not ask for σ`() throws {
    let outcome = try commandLine.run(
      "export", "mixed.safetensors", "--sparsity", "0.5", "--prune-certain-weights", "-o",
      "mixed.bbbz")
    #expect(outcome.exitCode != 0)
    #expect(outcome.errors.contains("add '--criterion magnitude'"))
    let units = try commandLine.run(
      "export", "mixed.safetensors", "--sparsity", "0.5", "--units", "-o", "mixed.bbbz")
    #expect(units.exitCode != 0)
    #expect(units.sentence != nil || units.errors.contains("the weights of fc1 are certain"))
  }
}
