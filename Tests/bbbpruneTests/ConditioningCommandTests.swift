import Foundation
import TestSupport
import Testing

/// `--calibrate`, end to end: what is left takes over.
@Suite(
  "--calibrate",
  .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
final class ConditioningCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  private var mnist: String { "--data \(SharedFolder.data)" }

  /// The errors of 10,000 that the networks may make when 95 and 98 % are removed; cut alone they make 1259 and 4024, 137 and 882.
  @Test(
    "lets the weights that are left take over, as a sweep shows beside the network that is only cut",
    arguments: [("ivon_mlp.pt", [300, 340]), ("ivon_lenet5.pt", [92, 115])])
  func sweep(name: String, limits: [Int]) throws {
    let isGraph = name.contains("lenet5")
    let checkpoint = isGraph ? SharedFolder.graph(name) : SharedFolder.checkpoint(name)
    let network = isGraph ? " --network \(SharedFolder.graph("ivon_lenet5.onnx"))" : ""
    let report = try commandLine.object(
      of:
        "sweep \(checkpoint)\(network) --dataset mnist \(mnist) --calibrate mnist --sparsity 0,0.95,0.98"
    )
    #expect(report["criterion"] as? String == "conditional")
    let calibration = try #require(report["calibration"] as? [String: Any])
    #expect(calibration["count"] as? Int == 4000)
    let points = try #require(report["points"] as? [[String: Any]])
    for (point, limit) in zip(points.dropFirst(), limits) {
      let errors = try #require(point["errors"] as? Int)
      #expect(errors <= limit)
      #expect(try #require(point["cut_errors"] as? Int) > errors)
      let divergence = try #require(point["divergence"] as? Double)
      #expect(try #require(point["predicted_divergence"] as? Double) < divergence)
    }
    #expect(points[0]["divergence"] as? Double == 0)
    #expect(points[0]["cut_errors"] as? Int == points[0]["errors"] as? Int)
  }

  @Test("gives the same file for any number of threads, the one that the sweep has measured")
  func sameFile() throws {
    let checkpoint = SharedFolder.checkpoint("bayesian_torch_flipout.pth")
    let options = "--calibrate mnist --calibrate-count 600 \(mnist)"
    for threads in [1, 2] {
      _ = try commandLine.output(
        of: "export \(checkpoint) --sparsity 0.9 \(options) --threads \(threads) -o \(threads).bbbz"
      )
    }
    let files = try [1, 2].map {
      try Data(contentsOf: URL(filePath: commandLine.path("\($0).bbbz")))
    }
    #expect(files[0] == files[1])
    let model = try commandLine.object(of: "inspect 1.bbbz")
    #expect(model["criterion"] as? String == "conditional, conditioned on 600 examples")
    let report = try commandLine.object(
      of: "sweep \(checkpoint) --dataset mnist \(options) --sparsity 0.5,0.9")
    let points = try #require(report["points"] as? [[String: Any]])
    #expect(points.last?["export_bytes"] as? Int == files[0].count)
  }

  @Test("puts the new means into tensors and graphs, which predict what the .bbbz does")
  func otherFormats() throws {
    let checkpoint = SharedFolder.checkpoint("ivon_mlp.pt")
    let options = "--sparsity 0.95 --calibrate mnist --calibrate-count 500 \(mnist)"
    for (output, values) in [
      ("m.bbbz", " --values float32"), ("m.safetensors", " --keep-uncertainty"),
      ("m.onnx", " --compact"),
    ] {
      _ = try commandLine.output(of: "export \(checkpoint) \(options)\(values) -o \(output)")
    }
    let model = try commandLine.object(of: "evaluate m.bbbz --dataset mnist \(mnist)")
    for file in ["m.safetensors", "m.onnx"] {
      let other = try commandLine.object(
        of: "evaluate \(file) --dataset mnist \(mnist) --input-scale 1/255 --output classes")
      #expect(other["errors"] as? Int == model["errors"] as? Int, "\(file)")
    }
  }

  @Test("goes with every criterion, with units and without")
  func criteria() throws {
    let checkpoint = SharedFolder.checkpoint("blitz_mlp.pt")
    let options = "--calibrate mnist --calibrate-count 500 \(mnist)"
    for criterion in ["--criterion snr", "--criterion magnitude", "--units"] {
      let report = try commandLine.object(
        of: "sweep \(checkpoint) --dataset mnist \(options) \(criterion) --sparsity 0,0.9")
      let points = try #require(report["points"] as? [[String: Any]])
      let point = try #require(points.last)
      #expect(
        try #require(point["errors"] as? Int) < #require(point["cut_errors"] as? Int),
        "\(criterion)")
      #expect(point["predicted_divergence"] is NSNull)
    }
  }
}
