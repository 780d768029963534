import Foundation
import TestSupport
import Testing

/// The default file of every shared network errs hardly more than the float32 file of the same sparsity, though nothing is
/// given but the checkpoint: docs/default-export.md.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct DefaultExportMarginTests {
  private static let classifiers = [
    "checkpoints/bbb_mix1200.safetensors", "checkpoints/bbb_mix400.safetensors",
    "checkpoints/torchbnn_mlp.pt", "checkpoints/torchbnn_mlp_legacy.pt",
    "checkpoints/blitz_mlp.pt", "checkpoints/bayesian_torch_mlp_nested.pth",
    "checkpoints/bayesian_torch_flipout.pth", "checkpoints/numpyro_autonormal.npz",
    "checkpoints/pyro_autonormal_guide.pt", "checkpoints/ivon_mlp.pt",
    "cases/bayesian-torch-three-epochs-784-44-10.pth",
    "cases/default-export-destroys-784-90-10-f16.pth",
    "cases/mnist-trained-on-normalize-0.1307-0.3081.pth"
      + " --input-mean 0.1307 --input-deviation 0.3081",
    "cases/moped-all-snr-equal-784-32-10.pth",
  ]

  @Test(arguments: classifiers)
  func `error rates are within 0.15 points, or 0.3 where pruning itself costs 2`(
    checkpoint: String
  ) throws {
    let commandLine = try CommandLine()
    defer { commandLine.removeFolder() }
    let sweep = try commandLine.object(
      of: "sweep \(SharedFolder.path ?? "")/\(checkpoint) --sparsity 0,0.5,0.75,0.9,0.95 "
        + "--dataset mnist --data \(SharedFolder.data)")
    let points = try #require(sweep["points"] as? [[String: Any]])
    #expect(points.count == 5)
    let unpruned = try #require(points.first?["errors"] as? Int)
    for point in points {
      let exact = try #require(point["errors"] as? Int)
      let written = try #require(point["export_errors"] as? Int)
      let allowed = exact > unpruned + 200 ? 30 : 15
      #expect(written <= exact + allowed, "at \(point["sparsity"] ?? "")")
    }
  }
}
