import BBBInference
import BBBNetwork
import BBBTensors
import Foundation
import Testing

/// What is assumed of a network is said, can be said otherwise, and is kept.
@Suite final class SaidNetworkTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SafetensorsEncoder.encode(SmallProblem.tensors)
      .write(to: URL(filePath: commandLine.path("silent.safetensors")))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  private static let commands = [
    ["inspect"], ["sweep", "--dataset", "mnist", "--data", "data"],
    ["evaluate", "--dataset", "mnist", "--data", "data"],
    ["export", "--sparsity", "0.5", "--values", "float32", "-o", "m.bbbz"],
  ]

  /// Every command that has JSON of a checkpoint's network.
  private static let reports =
    commands + [["predict", "--input", "x.csv"], ["export", "--sparsity", "0.5", "-o", "m.npz"]]

  private func assumptions(_ command: [String], _ options: String...) throws -> [String] {
    try Data("a,b,c,d\n0.5,0.5,0,1\n".utf8).write(to: URL(filePath: commandLine.path("x.csv")))
    let outcome = try commandLine.run(command + options + ["--json", "report.json"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try Data(contentsOf: URL(filePath: commandLine.path("report.json")))
    let report = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    return try #require(report["assumptions"] as? [String])
  }

  @Test(arguments: reports)
  func `JSON has what nothing in the file says, item by item`(command: [String]) throws {
    #expect(
      try assumptions(command, "silent.safetensors") == [
        "layers follow one another as their sizes do (--layers)",
        "relu between layers (--activation)",
        "bytes divided by 255 (--input-scale)", "outputs are classes (--output)",
      ])
    #expect(
      try assumptions(
        command, "silent.safetensors", "--layers", "4,3,2", "--activation", "tanh", "--output",
        "classes") == ["bytes divided by 255 (--input-scale)"])
    #expect(
      try assumptions(
        command, "silent.safetensors", "--layers", "4,3,2", "--activation", "tanh", "--input-scale",
        "1/255", "--output", "classes"
      ).isEmpty)
  }

  @Test func `a model file assumes nothing, and its JSON says so`() throws {
    let outcome = try commandLine.run(
      "export", "silent.safetensors", "--sparsity", "0", "--values", "float32", "-o", "m.bbbz")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for command in [
      ["predict", "--input", "x.csv"], ["evaluate", "--dataset", "mnist", "--data", "data"],
    ] {
      #expect(try assumptions(command, "m.bbbz").isEmpty)
    }
  }

  @Test func `every curve of a sweep has the list, and the page's JSON too`() throws {
    let outcome = try commandLine.run(
      "sweep", "silent.safetensors", "--dataset", "mnist", "--data", "data", "--criterion",
      "snr,magnitude", "--sparsity", "0,0.5", "--ood", "noise", "--json", "curves.json", "--report",
      "page.html")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let text = try String(contentsOfFile: commandLine.path("curves.json"), encoding: .utf8)
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let curves = try #require(json?["curves"] as? [[String: Any]])
    #expect(curves.map { ($0["assumptions"] as? [String])?.count } == [4, 4])
    let page = try String(contentsOfFile: commandLine.path("page.html"), encoding: .utf8)
    #expect(page.contains("id=\"sweep\">\(text)</script>"))
  }

  @Test(arguments: commands)
  func `what nothing in the file says is named in one line`(command: [String]) throws {
    let outcome = try commandLine.run(command + ["silent.safetensors"])
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.errors == """
        assumed, since nothing in the file says so: layers follow one another as their sizes do (--layers), \
        relu between layers (--activation), bytes divided by 255 (--input-scale), outputs are classes \
        (--output)

        """)
  }

  @Test(arguments: commands)
  func `nothing is assumed where all is said`(command: [String]) throws {
    let outcome = try commandLine.run(
      command + [
        "silent.safetensors", "--layers", "4,3,2", "--activation", "tanh", "--input-scale", "1/255",
        "--input-mean",
        "0.1", "--input-deviation", "0.3", "--output", "classes",
      ])
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
  }

  @Test func `a model file keeps what was said`() throws {
    let outcome = try commandLine.run(
      "export", "silent.safetensors", "--sparsity", "0", "--values", "float32", "-o", "m.bbbz",
      "--activation", "gelu", "--input-scale", "1/126", "--input-mean", "0.1", "--input-deviation",
      "0.3", "--output", "numbers:0.5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let model = try CompactModel(contentsOfFile: commandLine.path("m.bbbz"))
    #expect(model.network.layerSizes?.activation == .gelu)
    #expect(model.output == .numbers(noiseDeviation: 0.5))
    #expect(
      model.inputScaling == InputScaling(factor: 1.0 / 126, means: [0.1], deviations: [0.3]))
    let text = try commandLine.run("inspect", "m.bbbz").output
    #expect(text.contains("less 0.1, divided by 0.3; gelu between layers; outputs are numbers:0.5"))
    #expect(
      try commandLine.run("inspect", "m.bbbz", "--activation", "tanh").errors.contains(
        "leave out the options for reading a checkpoint"))
  }

  @Test func `a file named by --output is told from what outputs are`() throws {
    let outcome = try commandLine.run(
      "export", "silent.safetensors", "--sparsity", "0", "-o", "m.bbbz", "--output", "n.bbbz")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("a file to write is named with '-o'"))
  }
}
