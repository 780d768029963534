import BBBNetwork
import BBBTensors
import Foundation
import TestSupport
import Testing

/// Networks that the command line is told of, end to end.
@Suite("--network") final class NetworkFileTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    var generator = SeededGenerator(seed: 61)
    func tensor(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) -> Tensor {
      Tensor(
        name: name, shape: shape,
        floats: (0..<shape.reduce(1, *)).map { _ in Float.random(in: range, using: &generator) })
    }
    let tensors = [
      tensor("conv.weight.mu", [3, 1, 3, 3], -1...1),
      tensor("conv.weight.rho", [3, 1, 3, 3], -4 ... -2),
      tensor("conv.bias.mu", [3], -1...1), tensor("conv.bias.rho", [3], -4 ... -2),
      tensor("fc.weight.mu", [4, 12], -1...1), tensor("fc.weight.rho", [4, 12], -4 ... -2),
      tensor("fc.bias.mu", [4], -1...1), tensor("fc.bias.rho", [4], -4 ... -2),
    ]
    for (name, metadata) in [("silent", [:]), ("said", ["network": Self.text])] {
      try SafetensorsEncoder.encode(tensors, metadata: metadata)
        .write(to: URL(filePath: commandLine.path("\(name).safetensors")))
    }
    try Data(Self.text.utf8).write(to: URL(filePath: commandLine.path("network.txt")))
    let inputs = (0..<20 * 36).map { _ in Float.random(in: 0...1, using: &generator) }
    try NPZEncoder.encode([
      Tensor(name: "x", shape: [20, 1, 6, 6], floats: inputs),
      Tensor(name: "y", shape: [20], bytes: (0..<20).map { UInt8($0 % 4) }),
    ]).write(to: URL(filePath: commandLine.path("examples.npz")))
  }

  deinit { commandLine.removeFolder() }

  private static let text =
    "input 1 6 6; conv = convolution 3 3x3; relu; max-pool 2x2; flatten; fc = linear 4"

  @Test("is printed by inspect as it is written")
  func inspect() throws {
    for arguments in [["silent.safetensors", "--network", "network.txt"], ["said.safetensors"]] {
      let outcome = try commandLine.run(["inspect"] + arguments + ["--json", "report.json"])
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains("\n  conv = convolution 3 3x3\n  relu\n"), "\(outcome.output)")
      let data = try Data(contentsOf: URL(filePath: commandLine.path("report.json")))
      let report = try #require(
        try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(try report["network"] as? String == Network(text: Self.text).description)
    }
  }

  @Test("is run by evaluate and predict, whoever describes it")
  func runs() throws {
    let said = try commandLine.run("predict", "said.safetensors", "--input", "examples.npz")
    let told = try commandLine.run(
      "predict", "silent.safetensors", "--network", "network.txt", "--input", "examples.npz")
    #expect(said.exitCode == 0 && told.exitCode == 0, "\(said.errors) \(told.errors)")
    #expect(said.output == told.output && !said.output.isEmpty)
    let evaluated = try commandLine.run(
      "evaluate", "said.safetensors", "--images", "examples.npz", "--one-pass")
    #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
  }

  @Test("loses whole channels, and the smaller tensors describe their own network")
  func units() throws {
    let outcome = try commandLine.run(
      "export", "said.safetensors", "--units", "--compact", "--keep-uncertainty", "--sparsity",
      "0.34",
      "-o", "smaller.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let smaller = try TensorFile(contentsOf: commandLine.path("smaller.safetensors"))
    #expect(smaller["conv.weight.mu"]?.shape == [2, 1, 3, 3])
    #expect(smaller["fc.weight.mu"]?.shape == [4, 8])
    let evaluated = try commandLine.run(
      "evaluate", "smaller.safetensors", "--images", "examples.npz")
    #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
  }

  @Test(
    "that cannot be read, or does not fit, is refused in one sentence",
    arguments: [
      ("input 1 6 6\nconv = convolution 3", "network.txt: line 2: the line ends where"),
      (
        "input 1 6 6; conv = convolution 3 5x5; flatten; fc = linear 4",
        "silent.safetensors: --network does not fit: conv 3×1×5×5 of the network"
      ),
    ])
  func refusals(text: String, sentence: String) throws {
    try Data(text.utf8).write(to: URL(filePath: commandLine.path("network.txt")))
    let outcome = try commandLine.run("inspect", "silent.safetensors", "--network", "network.txt")
    #expect(outcome.exitCode != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    let missing = try commandLine.run("inspect", "silent.safetensors", "--network", "nowhere.txt")
    #expect(missing.exitCode != 0 && missing.errors.contains("nowhere.txt: cannot be read"))
  }
}

extension NetworkFileTests {
  @Test("with attention is pruned and predicted by draws, and not by one pass, which is said")
  func attention() throws {
    let text =
      "input 1 6 6; conv = convolution 3 3x3; normalise axis 0; reshape 3 16; x = product reshape3 reshape3 transposing second; "
      + "y = product x reshape3 transposing first; reshape 3 4 4; softmax axis 2; max-pool 2x2; flatten; fc = linear 4"
    try Data(text.utf8).write(to: URL(filePath: commandLine.path("network.txt")))
    let network = ["--network", "network.txt"]
    let sentence = "normalise2' is a normalise, for whose means and variances there is no rule"
    let refused = try commandLine.run(
      ["evaluate", "silent.safetensors", "--images", "examples.npz", "--one-pass"] + network)
    #expect(refused.exitCode != 0 && refused.errors.contains(sentence), "\(refused.errors)")
    let drawn = try commandLine.run(
      ["evaluate", "silent.safetensors", "--images", "examples.npz", "--samples", "3"] + network)
    #expect(drawn.exitCode == 0, "\(drawn.errors)")
    let sweep = try commandLine.run(
      [
        "sweep", "silent.safetensors", "--images", "examples.npz", "--sparsity", "0,0.5",
        "--uncertainty", "--samples", "3", "--csv", "sweep.csv",
      ] + network)
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    #expect(
      sweep.errors.contains("note: there is no one-pass prediction in this sweep: '\(sentence)"),
      "\(sweep.errors)")
    let exported = try commandLine.run(
      ["export", "silent.safetensors", "--sparsity", "0.5", "-o", "model.bbbz"] + network)
    #expect(exported.exitCode == 0, "\(exported.errors)")
    let evaluated = try commandLine.run("evaluate", "model.bbbz", "--images", "examples.npz")
    #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
  }

  @Test("is kept by what a sweep and an export write, and the command shown next works")
  func files() throws {
    let sweep = try commandLine.run(
      "sweep", "silent.safetensors", "--network", "network.txt", "--images", "examples.npz",
      "--sparsity", "0,0.5", "--tolerance", "100", "--report", "report.html")
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    let next = try #require(sweep.output.split(separator: "next:\n  ").last.map(String.init))
    #expect(next.contains("--network network.txt"), "\(sweep.output)")
    let export = try commandLine.shell("$BBBPRUNE " + next.dropFirst("bbbprune ".count))
    #expect(export.exitCode == 0, "\(export.errors)")
    let inspection = try commandLine.run("inspect", "silent.bbbz")
    #expect(inspection.output.contains(" = convolution "), "\(inspection.output)")
    let uncertain = try commandLine.shell(
      """
      $BBBPRUNE export said.safetensors --sparsity 0.5 --keep-uncertainty -o m.bbbz &&
      $BBBPRUNE evaluate m.bbbz --images examples.npz --one-pass &&
      $BBBPRUNE evaluate m.bbbz --images examples.npz --samples 5
      """)
    #expect(uncertain.exitCode == 0, "\(uncertain.errors)")
  }

  @Test("is an input, which no output overwrites")
  func overwriting() throws {
    for arguments in [
      "export silent.safetensors --network network.txt --sparsity 0.5 -o c.npz --masks network.txt",
      "export silent.safetensors --network network.txt --sparsity 0.5 -o m.bbbz --json network.txt",
      "inspect silent.safetensors --network network.txt --json network.txt",
    ] {
      let outcome = try commandLine.run(arguments.split(separator: " ").map(String.init))
      #expect(outcome.exitCode == 64, "\(outcome.errors)")
    }
    #expect(
      try String(contentsOfFile: commandLine.path("network.txt"), encoding: .utf8) == Self.text)
  }

  @Test("is part of the dense tensors of a checkpoint that did not say it")
  func denseTensors() throws {
    let outcome = try commandLine.run(
      "export", "silent.safetensors", "--network", "network.txt", "--units", "--compact",
      "--keep-uncertainty", "--sparsity", "0.3", "-o", "small.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try TensorFile(contentsOf: commandLine.path("small.safetensors"))
    let network = try Network(text: try #require(file.metadata["network"]))
    #expect(network.parameters.map(\.name) == ["conv", "fc"])
    let again = try commandLine.run("predict", "small.safetensors", "--input", "examples.npz")
    #expect(again.exitCode == 0, "\(again.errors)")
  }

  @Test("has as many channels as means and deviations of channels")
  func channels() throws {
    let outcome = try commandLine.run(
      "predict", "silent.safetensors", "--network", "network.txt", "--input", "examples.npz",
      "--input-mean", "0.1,0.2")
    #expect(outcome.exitCode != 0)
    #expect(outcome.errors.contains("do not fit its input of 1: 1×6×6"), "\(outcome.errors)")
  }
}
