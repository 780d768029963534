import BBBTensors
import Foundation
import Testing

/// `bbbprune train --network`.
@Suite final class TrainedNetworkTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeTrainingDataset(to: commandLine.folder.appending(path: "data"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  private func train(_ network: String, _ options: String = "") throws -> CommandLine.Outcome {
    try commandLine.run(
      ["train", "--dataset", "mnist", "--data", "data", "--minibatch", "8", "--network", network]
        + options.split(separator: " ").map(String.init) + ["-o", "model.safetensors"])
  }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: commandLine.folder.appending(path: "network.txt"))
  }

  @Test func `sizes and an activation are learned, and read again as such`() throws {
    let outcome = try train(
      "4-20-2 tanh",
      "--epochs 40 --learning-rate 0.01 --initial-rho -6 --validation 4 --json run.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("validation error  0.00 % (0 of 4)"), "\(outcome.output)")
    let file = try TensorFile(contentsOf: commandLine.path("model.safetensors"))
    #expect(file.metadata["arch"] == "4-20-2 tanh" && file.metadata["activation"] == "tanh")
    let text = "input 4; fc1 = linear 20; fc1-tanh = tanh; fc2 = linear 2"
    #expect(file.metadata["network"] == text)
    let data = try Data(contentsOf: URL(filePath: commandLine.path("run.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(json["layer_sizes"] as? [Int] == [4, 20, 2] && json["network"] as? String == text)
    let sweep = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0")
    #expect(
      sweep.exitCode == 0 && sweep.output.contains(" 0.00 "), "\(sweep.output)\(sweep.errors)")
    let smaller = try commandLine.run(
      "export", "model.safetensors", "--units", "--sparsity", "0.5", "--compact", "-o",
      "small.safetensors")
    #expect(smaller.exitCode == 0, "\(smaller.errors)")
    let small = try TensorFile(contentsOf: commandLine.path("small.safetensors"))
    #expect(small.metadata["arch"] == "4-10-2 tanh")
    #expect(
      small.metadata["network"] == "input 4; fc1 = linear 10; fc1-tanh = tanh; fc2 = linear 2")
  }

  @Test func `branches are learned, go on after an interruption, and are pruned and run`()
    throws
  {
    try write(
      """
      # A residual block.
      input 1 2 2
      flatten
      a = linear 8
      x = relu
      b = linear 8
      y = silu
      s = add x y
      out = linear 2 from s
      """)
    let options =
      "--epochs 40 --learning-rate 0.01 --initial-rho -6 --validation 4 --keep-state"
    let outcome = try train("network.txt", options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("validation error  0.00 % (0 of 4)"), "\(outcome.output)")
    #expect(
      outcome.output.contains("of a network of 7 operations (112 weights)"), "\(outcome.output)")
    let file = try TensorFile(contentsOf: commandLine.path("model.safetensors"))
    #expect(
      Set(file.tensors.map(\.name)).isSuperset(of: ["a.weight.mu", "b.bias.rho", "out.weight.mu"]))
    #expect(file.metadata["arch"] == nil && file.metadata["activation"] == nil)
    // The state is the whole run's.
    let again = try commandLine.shell(
      """
      mv model.safetensors first.safetensors
      $BBBPRUNE train --resume model.safetensors.state --data data && cmp model.safetensors first.safetensors
      """)
    #expect(again.exitCode == 0, "\(again.errors)\(again.output)")
    let inspection = try commandLine.run("inspect", "model.safetensors")
    #expect(inspection.exitCode == 0 && inspection.output.contains("\n  s = add x y\n"))
    let export = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.5", "-o", "model.bbbz")
    #expect(export.exitCode == 0, "\(export.errors)")
    let evaluation = try commandLine.run(
      "evaluate", "model.bbbz", "--dataset", "mnist", "--data", "data")
    #expect(evaluation.exitCode == 0, "\(evaluation.errors)")
  }

  @Test func `sizes that are no network's are refused`() throws {
    let outcome = try train("4-3-2")
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors.contains(
        "'--network 4-3-2': sizes are followed by one activation, such as '4-3-2 relu'."),
      "\(outcome.errors)")
  }

  @Test func `what is no network, or is not trained, is refused in one sentence`() throws {
    let missing = try train("other.txt")
    #expect(missing.exitCode == 66)
    #expect(missing.sentence?.hasPrefix("other.txt: cannot be read as text") == true)
    try write("input 4\nfc1 = linaer 3")
    let misspelled = try train("network.txt")
    #expect(misspelled.exitCode == 65)
    #expect(
      misspelled.sentence?.hasPrefix("network.txt: line 2: 'linaer' is no operation") == true,
      "\(misspelled.errors)")
    try write("input 1 2 2; conv1 = convolution 2 2x2; flatten; out = linear 2")
    let convolution = try train("network.txt")
    #expect(convolution.exitCode == 64)
    #expect(
      convolution.sentence?
        .hasPrefix("network.txt: 'conv1' is a convolution, which cannot be trained yet") == true,
      "\(convolution.errors)")
    let other = try train("5-2")
    #expect(
      other.sentence == "the network has 5 inputs, but an example has 4; give the network as many")
    let both = try train("4-2", "--hidden 3")
    #expect(both.exitCode == 64 && both.errors.contains("leave out '--hidden'"), "\(both.errors)")
  }
}
