import BBBInference
import BBBTensors
import Foundation
import Testing

/// From a checkpoint to a curve and a file that runs, by the commands of the README.
@Suite final class MainJobTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data/mnist"))
  }

  deinit { commandLine.removeFolder() }

  @Test func `inspect tells the convention, the pairs, the layout and the network`() throws {
    let outcome = try commandLine.run("inspect", "model.safetensors")
    #expect(outcome.exitCode == 0)
    for text in [
      "fc1.weight_mu", "fc1.weight_rho", "(out, in)", "σ = log(1 + exp ρ)", "4-3-2",
      "18 prunable",
    ] {
      #expect(outcome.output.contains(text), "\(text) in:\n\(outcome.output)")
    }
  }

  @Test func `inspect shows the histograms as text, JSON and SVG`() throws {
    let outcome = try commandLine.run(
      "inspect", "model.safetensors", "--plot", "weights.svg", "--json", "model.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    // σ is log(1 + exp -2) = 0.1269; eight means of 18 are 2 or 3, and two are 0.
    #expect(outcome.output.contains("20 log₁₀(|μ|/σ), of 18 weights"))
    #expect(outcome.output.contains("weights with μ = 0 (−∞ dB): 2\n"))
    #expect(outcome.output.contains("75 % cut-off: 23.95 dB"))
    #expect(outcome.output.contains("posterior means μ, and weights drawn"))
    let report = try json("model.json")
    let ratios = try #require(report["snr_histogram"] as? [String: Any])
    let counts = try #require(ratios["counts"] as? [Int])
    let outside = ["below", "above", "zero", "removed"].compactMap { ratios[$0] as? Int }
    #expect(outside.count == 4 && outside[2] == 2)
    #expect((counts + outside).reduce(0, +) == 18)
    #expect((ratios["edges_db"] as? [Double])?.count == counts.count + 1)
    #expect(
      (ratios["cutoffs"] as? [[String: Any]])?.map { $0["sparsity"] as? Double } == [0.75, 0.95])
    let weights = try #require(report["weight_histogram"] as? [String: Any])
    for name in ["means", "draws"] {
      let series = try #require(weights[name] as? [String: Any])
      let shares = try #require(series["shares"] as? [Double])
      let ends = ["below", "above"].compactMap { series[$0] as? Double }
      #expect(abs((shares + ends).reduce(0, +) - 1) < 1e-9)
    }
    let svg = try String(contentsOfFile: commandLine.path("weights.svg"), encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
  }

  @Test func `sweep measures every sparsity, and writes the curve as CSV, JSON and SVG`() throws {
    let outcome = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity",
      "0,0.5,0.56,0.9", "--criterion", "snr", "--csv", "curve.csv", "--json", "curve.json",
      "--plot", "curve.svg")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("What 'export' writes by default"))
    #expect(outcome.output.contains("4 examples are too few"))
    let curve = try json("curve.json")
    #expect(
      Set(curve.keys) == [
        "checkpoint", "convention", "criterion", "dataset", "weights", "tolerance",
        "assumptions", "points",
      ])
    let points = try #require(curve["points"] as? [[String: Any]])
    let ownKeys: Set = ["removed", "threshold", "threshold_db"]
    let fileKeys: Set = [
      "sparsity", "kept", "errors", "images", "error", "error_low", "error_high", "nll", "ece",
      "brier", "aurc", "p_value", "bytes", "ratio", "error_increase", "error_increase_low",
      "error_increase_high", "nll_increase", "constant",
    ]
    #expect(
      Set(points[0].keys) == ownKeys.union(fileKeys).union(fileKeys.map { "export_" + $0 }))
    // Of the two weights left at 0.9 none leads from an input to an output.
    #expect(points.map { $0["constant"] as? Bool } == [false, false, false, true])
    // 18 weights: 0, 9, 10 and 16 go. With the eight strong ones left nothing is lost.
    #expect(points.map { $0["removed"] as? Int } == [0, 9, 10, 16])
    #expect(points.map { $0["images"] as? Int } == [4, 4, 4, 4])
    #expect(points.prefix(3).map { $0["errors"] as? Int } == [0, 0, 0])
    let csv = try String(contentsOfFile: commandLine.path("curve.csv"), encoding: .utf8)
    #expect(csv.split(separator: "\n").count == 5)
    let svg = try String(contentsOfFile: commandLine.path("curve.svg"), encoding: .utf8)
    #expect(svg.contains("<svg") && svg.contains("</svg>"))
  }

  @Test func `sweep averages the predictions of drawn networks, the same for any threads`() throws {
    let monteCarloKeys: Set = ["mc_errors", "mc_error", "mc_nll"]
    var curves: [[String: Any]] = []
    for options in [["--threads", "1"], ["--threads", "3"], ["--seed", "1"]] {
      let outcome = try commandLine.run(
        [
          "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity",
          "0,0.56,0.9", "--prune-biases", "--samples", "20", "--csv", "curve.csv", "--json",
          "curve.json",
        ] + options)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("Monte Carlo") && outcome.output.contains("over 20 draws"))
      let csv = try String(contentsOfFile: commandLine.path("curve.csv"), encoding: .utf8)
      #expect(csv.contains(",mc_errors,mc_error,mc_nll,mc_ece,"))
      curves.append(try json("curve.json"))
    }
    #expect(curves[0]["samples"] as? Int == 20 && curves[0]["seed"] as? Int == 0)
    let points = try curves.map { try #require($0["points"] as? [[String: Any]]) }
    for point in points[0] { #expect(monteCarloKeys.isSubset(of: point.keys)) }
    // σ is log(1 + exp −2) = 0.127, small beside the strong weights of 2 and 3.
    #expect(points[0][0]["mc_errors"] as? Int == 0)
    let likelihoods = points.map { $0.map { $0["mc_nll"] as? Double } }
    #expect(likelihoods[0] == likelihoods[1] && likelihoods[0] != likelihoods[2])
    #expect(points[0][0]["nll"] as? Double == points[2][0]["nll"] as? Double)
    for count in ["-1", "1001", "many"] {
      let refused = try commandLine.run(
        "sweep", "model.safetensors", "--dataset", "mnist", "--samples=\(count)")
      #expect(refused.exitCode == 64 && refused.errors.contains("--samples"))
    }
  }

  @Test(arguments: [
    ("", ["--values", "float32"], [String]()), ("export_", [], []), ("export_", [], ["--units"]),
    ("export_", [], ["--criterion", "magnitude"]), ("export_", [], ["--prune-biases"]),
  ])
  func `the files of a sweep are those that export writes, in full and by default`(
    prefix: String, values: [String], pruning: [String]
  ) throws {
    _ = try commandLine.run(
      ["sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0.5"]
        + pruning + ["--json", "curve.json"])
    let points = try #require(try json("curve.json")["points"] as? [[String: Any]])
    _ = try commandLine.run(
      ["export", "model.safetensors", "--sparsity", "0.5", "-o", "model.bbbz"] + values + pruning
        + ["--json", "export.json"])
    let written = try json("export.json")
    for key in ["bytes", "kept", "sparsity", "ratio"] {
      #expect(points[0][prefix + key] as? Double == written[key] as? Double, "\(key)")
    }
    _ = try commandLine.run(
      "evaluate", "model.bbbz", "--dataset", "mnist", "--data", "data", "--json", "evaluation.json")
    let evaluation = try json("evaluation.json")
    #expect(points[0][prefix + "nll"] as? Double == evaluation["nll"] as? Double)
  }

  @Test func `a sweep of few examples promises nothing, and a tolerance can be given`() throws {
    func output(_ options: String...) throws -> CommandLine.Outcome {
      try commandLine.run(
        ["sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0,1"]
          + options)
    }
    #expect(try !output().output.contains("significant"))
    #expect(
      try json(from: output("--tolerance", "5", "--json", "-"))["tolerance"] as? Double == 0.05)
    for value in ["0", "-1", "101", "nan"] {
      let refused = try output("--tolerance=\(value)")
      #expect(refused.exitCode == 64 && refused.errors.contains("--tolerance"))
    }
    let points = try #require(
      try json(from: output("--json", "-"))["points"] as? [[String: Any]])
    #expect(points.map { $0["constant"] as? Bool } == [false, true])
    #expect(points.map { $0["export_constant"] as? Bool } == [false, true])
  }

  @Test func `several criteria give several curves`() throws {
    let outcome = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--steps", "3",
      "--criterion", "snr,magnitude,sigma,random", "--json", "-")
    let curves = try #require(try parse(outcome.output)["curves"] as? [[String: Any]])
    #expect(
      curves.map { $0["criterion"] as? String } == ["snr", "magnitude", "sigma", "random"])
  }

  @Test(arguments: ["float32", "float16"])
  func `an exported model is inspected, evaluated and run`(values: String) throws {
    let export = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.5", "--values", values, "-o", "model.bbbz")
    #expect(export.exitCode == 0, "\(export.errors)")
    let inspect = try commandLine.run("inspect", "model.bbbz")
    #expect(inspect.output.contains("connections") && inspect.output.contains(" \(values) "))
    let evaluation = try commandLine.run(
      "evaluate", "model.bbbz", "--dataset", "mnist", "--data", "data", "--json", "-")
    let result = try parse(evaluation.output)
    #expect(result["errors"] as? Int == 0 && result["images"] as? Int == 4)
    #expect(result["bytes"] as? Int != nil && result["nll"] as? Double != nil)
  }

  @Test func `export quantises, and inspect tells what that costs`() throws {
    let export = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.25", "--precision", "0.1", "-o",
      "model.bbbz", "--json", "export.json")
    #expect(export.exitCode == 0, "\(export.errors)")
    let written = try json("export.json")
    // Ten of 18 weights have |μ|/σ below ⅔: less than their bits are worth, whatever the floor says.
    #expect(written["sparsity_asked"] as? Double == 0.25)
    #expect(written["kept"] as? Int == 8 && written["removed"] as? Int == 10)
    let inspected = try commandLine.run("inspect", "model.bbbz", "--json", "-")
    let report = try parse(inspected.output)
    let layers = try #require(report["layers"] as? [[String: Any]])
    let costs = layers.compactMap { $0["expected_cost"] as? Double }
    let total = try #require(report["expected_cost"] as? Double)
    #expect(abs(costs.reduce(0, +) - total) < 1e-6)
    #expect(abs(total - (try #require(written["expected_cost"] as? Double))) < 1e-6)
    let evaluation = try commandLine.run(
      "evaluate", "model.bbbz", "--dataset", "mnist", "--data", "data", "--json", "-")
    #expect(try parse(evaluation.output)["errors"] as? Int == 0)
  }

  @Test func `a search finds the smallest file that errs no more, and says why`() throws {
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--max-error-increase", "0", "--dataset", "mnist", "--data",
      "data", "-o", "model.bbbz", "--json", "search.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("chosen") && outcome.output.contains("held out"))
    #expect(outcome.output.contains("So few examples can show no rise at all."))
    let search = try #require(try json("search.json")["search"] as? [String: Any])
    let points = try #require(search["points"] as? [[String: Any]])
    let chosen = try #require(search["chosen"] as? [String: Any])
    let within = points.filter { $0["errors"] as? Int == 0 && $0["constant"] as? Bool == false }
      .compactMap { $0["bytes"] as? Int }
    #expect(chosen["bytes"] as? Int == within.min())
    let file = try Data(contentsOf: URL(filePath: commandLine.path("model.bbbz")))
    #expect(chosen["bytes"] as? Int == file.count)
    for part in ["searched", "held_out"] {
      #expect((search[part] as? [String: Any])?["images"] as? Int == 2)
    }
    #expect((search["held_out"] as? [String: Any])?["holds_allowance"] as? Bool == false)
  }

  @Test func `a model that keeps its uncertainty can be drawn from`() throws {
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.5", "--keep-uncertainty", "-o", "m.bbbz")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let model = try CompactModel(contentsOfFile: commandLine.path("m.bbbz"))
    #expect(model.hasUncertainty)
    // σ is log(1 + exp -2) everywhere, rounded to a quarter of an octave.
    for deviation in model.matrices.flatMap({ $0.standardDeviations?.weights ?? [] }) {
      #expect(abs(log2(deviation / 0.126928)) <= 0.126)
    }
    #expect(model.draw(0, seed: 1) != model.draw(1, seed: 1))
    let drawn = try commandLine.run(
      "evaluate", "m.bbbz", "--dataset", "mnist", "--data", "data", "--samples", "30", "--json", "-"
    )
    #expect(try parse(drawn.output)["samples"] as? Int == 30)
    #expect(try parse(drawn.output)["errors"] as? Int == 0)
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "means.bbbz")
    let refused = try commandLine.run(
      "evaluate", "means.bbbz", "--dataset", "mnist", "--data", "data", "--samples", "30")
    #expect(refused.exitCode == 65 && refused.errors.contains("--keep-uncertainty"))
  }

  @Test func `a checkpoint is evaluated as it is`() throws {
    let outcome = try commandLine.run(
      "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "data", "--json", "-")
    #expect(try parse(outcome.output)["errors"] as? Int == 0)
  }

  @Test func `predict gives each input's class, and writes the probabilities`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let images = Tensor(
      name: "images", shape: [4, 2, 2], bytes: SmallProblem.images.flatMap { $0 })
    try NPYEncoder.encode(images).write(to: URL(filePath: commandLine.path("images.npy")))
    let outcome = try commandLine.run(
      "predict", "m.bbbz", "--input", "images.npy", "-o", "probabilities.npy")
    let rows = outcome.output.split(separator: "\n").dropFirst()
    #expect(rows.map { $0.split(separator: "\t")[1] } == ["0", "0", "1", "1"])
    let written = try TensorFile(contentsOf: commandLine.path("probabilities.npy")).tensors[0]
    #expect(written.shape == [4, 2])
    let model = try CompactModel(contentsOfFile: commandLine.path("m.bbbz"))
    let expected = try model.predictProbabilities(for: SmallProblem.images.flatMap { $0 })
    #expect(try written.floats() == expected)
  }

  @Test func `floats are taken as already scaled, and --input-scale scales them`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let pixels = SmallProblem.images.flatMap { $0 }
    let bytes = Tensor(name: "x", shape: [4, 4], bytes: pixels)
    try NPYEncoder.encode(bytes).write(to: URL(filePath: commandLine.path("bytes.npy")))
    let floats = Tensor(name: "x", shape: [4, 4], floats: pixels.map(Float.init))
    try NPYEncoder.encode(floats).write(to: URL(filePath: commandLine.path("floats.npy")))
    let fromBytes = try commandLine.run("predict", "m.bbbz", "--input", "bytes.npy", "--raw")
    let fromFloats = try commandLine.run(
      "predict", "m.bbbz", "--input", "floats.npy", "--raw", "--input-scale", "1/255")
    #expect(fromBytes.output == fromFloats.output)
    #expect(fromBytes.output.split(separator: "\n").count == 5)
  }

  @Test func `export writes dense tensors as the checkpoint has them, and masks apart`() throws {
    let original = try TensorFile(contentsOf: commandLine.path("model.safetensors"))
    for (name, masks) in [("pruned.safetensors", "masks.npz"), ("pruned.npz", "m.safetensors")] {
      let outcome = try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--keep-uncertainty", "-o", name,
        "--masks", masks)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let file = try TensorFile(contentsOf: commandLine.path(name))
      #expect(Set(file.tensors.map(\.name)) == Set(original.tensors.map(\.name)))
      let mask = try TensorFile(contentsOf: commandLine.path(masks))
      #expect(Set(mask.tensors.map(\.name)) == ["fc1.weight_mu.mask", "fc2.weight_mu.mask"])
      let stays = try #require(mask["fc1.weight_mu.mask"]).bytes()
      let means = try #require(file["fc1.weight_mu"]).floats()
      #expect(zip(stays, means).allSatisfy { ($0 == 0) == ($1 == 0) })
      // What is exported can be read again, removed weights and all.
      #expect(try commandLine.run("inspect", name).exitCode == 0)
    }
  }

  @Test(arguments: [
    ("-o m.bbbz --masks masks.npz", "--masks"),
    ("-o m.npz --masks masks.pt", ".safetensors or .npz"),
    ("-o m.npz --masks m.npz", "both write"),
  ])
  func `masks that make no sense are refused`(arguments: String, word: String) throws {
    let outcome = try commandLine.shell(
      "$BBBPRUNE export model.safetensors --sparsity 0.5 \(arguments)")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains(word), "\(outcome.errors)")
  }

  @Test func `the same command gives the same file, whatever the number of threads`() throws {
    for threads in ["1", "2", "5"] {
      _ = try commandLine.run(
        "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--threads", threads,
        "--json", "\(threads).json")
    }
    let files = try ["1", "2", "5"].map {
      try Data(contentsOf: URL(filePath: commandLine.path("\($0).json")))
    }
    #expect(files[0] == files[1] && files[1] == files[2])
  }

  @Test func `own images and labels may be NPY, or together NPZ`() throws {
    let images = Tensor(
      name: "x", shape: [4, 4],
      floats: SmallProblem.images.flatMap { $0.map { Float($0) / 255 } })
    try NPYEncoder.encode(images).write(to: URL(filePath: commandLine.path("x.npy")))
    let labels = Tensor(name: "y", shape: [4], bytes: SmallProblem.labels)
    try NPYEncoder.encode(labels).write(to: URL(filePath: commandLine.path("y.npy")))
    let outcome = try commandLine.run(
      "evaluate", "model.safetensors", "--images", "x.npy", "--labels", "y.npy", "--json", "-")
    #expect(try parse(outcome.output)["errors"] as? Int == 0, "\(outcome.errors)")
    try NPZEncoder.encode([
      Tensor(name: "x_test", shape: [4, 4], bytes: SmallProblem.images.flatMap { $0 }),
      Tensor(name: "y_test", shape: [4], bytes: SmallProblem.labels),
    ]).write(to: URL(filePath: commandLine.path("own.npz")))
    let both = try commandLine.run(
      "evaluate", "model.safetensors", "--images", "own.npz", "--json", "-")
    #expect(try parse(both.output)["errors"] as? Int == 0, "\(both.errors)")
  }

  @Test func `help shows examples, version a number, and shells get completions`() throws {
    #expect(try commandLine.run("--help").output.contains("Examples:"))
    for command in ["train", "inspect", "sweep", "export", "evaluate", "predict", "data"] {
      let help = try commandLine.run(command, "--help").output
      let examples = help.split(separator: "\n", omittingEmptySubsequences: false)
        .drop { $0 != "Examples:" }.dropFirst().prefix { !$0.isEmpty }
      #expect(!examples.isEmpty)
      // A command that wraps cannot be pasted.
      #expect(examples.allSatisfy { ($0 + " ").hasPrefix("  bbbprune \(command) ") }, "\(help)")
    }
    let version = try commandLine.run("--version").output
    #expect(version.split(separator: ".").count == 3)
    for shell in ["bash", "zsh", "fish"] {
      let script = try commandLine.run("--generate-completion-script", shell)
      #expect(script.exitCode == 0 && script.output.contains("bbbprune"))
    }
  }

  private func json(from outcome: CommandLine.Outcome) throws -> [String: Any] {
    try parse(outcome.output)
  }

  private func json(_ name: String) throws -> [String: Any] {
    try parse(try String(contentsOfFile: commandLine.path(name), encoding: .utf8))
  }

  private func parse(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
