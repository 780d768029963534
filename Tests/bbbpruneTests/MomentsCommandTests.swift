import BBBTensors
import Foundation
import TestSupport
import Testing

/// `moments`, and what takes its file in place of inputs.
@Suite("moments")
final class MomentsCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  /// A network on the built-in digits, with the moments of its inputs.
  private func train(_ options: String = "") throws {
    _ = try commandLine.output(
      of: "train --dataset synthetic-digits --hidden 12 --epochs 1 -o model.safetensors"
        + options)
  }

  @Test("of training are those of the command, and are no part of the posterior")
  func training() throws {
    try train(" --validation 0 --input-moments")
    let with = try commandLine.object(of: "inspect model.safetensors")
    let names = try #require(with["other_tensors"] as? [[String: Any]]).compactMap {
      $0["name"] as? String
    }
    #expect(Set(names.map { String($0.prefix(14)) }) == ["input_moments."])
    let report = try commandLine.object(
      of:
        "moments model.safetensors --calibrate synthetic-digits --calibrate-count 1000000 -o all.npz"
    )
    let distribution = try commandLine.object(
      of: "export model.safetensors --calibrate all.npz -o one.bbbz")
    let own = try commandLine.object(
      of: "export model.safetensors --calibrate model.safetensors -o other.bbbz")
    #expect(report["inputs"] as? Int == 784)
    // What a checkpoint carries can be taken out of it, as it is.
    _ = try commandLine.output(
      of: "moments model.safetensors --calibrate model.safetensors -o own.safetensors")
    let taken = try TensorFile(
      contentsOf: commandLine.folder.appending(path: "own.safetensors").path)
    let carried = try TensorFile(
      contentsOf: commandLine.folder.appending(path: "model.safetensors").path)
    for name in names { #expect(try taken[name]?.doubles() == carried[name]?.doubles()) }
    #expect(taken.metadata.isEmpty, "nothing says what data they are of")
    // The same examples in another order: sums differ in the last digits.
    let bytes = try #require(own["bytes"] as? Int)
    #expect(abs(Double(try #require(distribution["bytes"] as? Int) - bytes)) < 0.1 * Double(bytes))
    let conditioning = try #require(own["conditioning"] as? [String: Any])
    #expect(
      conditioning["examples_of"] as? String
        == "a Gaussian with the moments in model.safetensors")
  }

  @Test(
    "stand in for the inputs",
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func standIn() throws {
    // Unpruned 239 errors of 10,000; 1,070 of a network that is only cut.
    let checkpoint = SharedFolder.checkpoint("blitz_mlp.pt")
    let data = "--data \(SharedFolder.data)"
    _ = try commandLine.output(
      of: "moments \(checkpoint) --calibrate mnist \(data) -o moments.safetensors")
    _ = try commandLine.output(
      of: "export \(checkpoint) --sparsity 0.95 --calibrate moments.safetensors -o m.bbbz")
    let model = try commandLine.object(of: "evaluate m.bbbz --dataset mnist \(data)")
    #expect(try #require(model["errors"] as? Int) <= 275)
  }

  @Test(
    "says what is wrong",
    arguments: [
      ("moments model.safetensors -o m.npz", "add '--calibrate mnist'"),
      (
        "moments model.safetensors --calibrate synthetic-digits -o m.bbbz",
        "end in .safetensors or .npz"
      ),
      ("export model.safetensors --calibrate other.npz -o m.bbbz", "the moments of 3 inputs"),
      ("export model.safetensors --calibrate broken.npz -o m.bbbz", "make them anew"),
    ])
  func refusals(command: String, sentence: String) throws {
    try train()
    try commandLine.writeNPZ(
      [("mean", [3], [0, 0, 0]), ("covariance", [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])],
      to: "other.npz")
    try commandLine.writeNPZ(
      [("mean", [2], [0, 0]), ("covariance", [2, 2], [1, 2, 3, 4])], to: "broken.npz")
    let outcome = try commandLine.run(command.components(separatedBy: " "))
    #expect(outcome.exitCode != 0)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(try !commandLine.contents().contains("m.bbbz"))
  }

  @Test("warns where examples could be told from their covariance")
  func few() throws {
    try train()
    let outcome = try commandLine.run(
      "moments model.safetensors --calibrate synthetic-digits --calibrate-count 100 -o few.npz"
        .components(separatedBy: " "))
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("could be told from their covariance"))
  }
}

extension CommandLine {
  /// Writes moments as an archive.
  fileprivate func writeNPZ(
    _ moments: [(name: String, shape: [Int], values: [Float])], to name: String
  ) throws {
    let tensors =
      moments.map { Tensor(name: "input_moments." + $0.name, shape: $0.shape, floats: $0.values) }
      + [Tensor(name: "input_moments.examples", shape: [1], floats: [9])]
    try NPZEncoder.encode(tensors).write(to: folder.appending(path: name))
  }
}
