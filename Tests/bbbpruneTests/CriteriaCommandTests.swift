import BBBTensors
import Foundation
import Testing

/// Criteria that need a prior, sparsities that are found, whole units, and weights pruned by ρ := 0.
@Suite final class CriteriaCommandTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  private let data = ["--dataset", "mnist", "--data", "data"]

  private func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: commandLine.path(name)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `without a prior, the sentence says how to give one or do without`() throws {
    let auto = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "auto", "-o", "m.bbbz")
    #expect(auto.exitCode == 65)
    let sentence = try #require(auto.sentence)
    for word in ["model.safetensors", "--prior", "--sparsity gap"] {
      #expect(sentence.contains(word), "\(sentence)")
    }
    for criterion in ["bmr", "complexity"] {
      let outcome = try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--criterion", criterion, "-o", "m.bbbz"
      )
      #expect(outcome.exitCode == 65)
      #expect(outcome.sentence?.contains("'--criterion \(criterion)' needs it") == true)
    }
    #expect(try !commandLine.contents().contains("m.bbbz"))
  }

  @Test(arguments: ["mixture:0.5,0.1,1", "mixture:1.5,1,0.1", "gaussian:0", "gaussian:-1"])
  func `a prior that makes no sense is refused`(prior: String) throws {
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "auto", "--prior", prior, "-o", "m.bbbz")
    #expect(outcome.exitCode == 64 && outcome.errors.contains("'--prior': "))
  }

  @Test func `auto removes the weights with ΔF of at most 0, and says so`() throws {
    // σ = log(1 + e⁻²) = 0.127: of 18 weights, all but those of 2 and 3 go under N(0, 0.5²).
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "auto", "--prior", "gaussian:0.5",
      "--values", "float32", "-o", "m.bbbz", "--json", "m.json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("auto: 10 of 18 weights (55.5556 %) have ΔF ≤ 0"))
    let report = try json("m.json")
    #expect(report["removed"] as? Int == 10 && report["criterion"] as? String == "bmr")
    // Another criterion removes as many.
    let other = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "auto", "--prior", "gaussian:0.5",
      "--criterion", "magnitude", "--values", "float32", "-o", "m.bbbz", "--json", "m.json")
    #expect(other.exitCode == 0)
    #expect(try json("m.json")["removed"] as? Int == 10)
    #expect(try json("m.json")["criterion"] as? String == "magnitude")
  }

  @Test func `where nothing can go, or there is no gap, it says so and writes nothing`() throws {
    let none = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "auto", "--prior", "mixture:0.5,1,e^-6", "-o",
      "m.bbbz")
    #expect(none.exitCode == 65)
    #expect(none.sentence?.contains("narrow component makes 0 very probable") == true)
    let gap = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "gap", "-o", "m.bbbz")
    #expect(gap.exitCode == 65 && gap.sentence?.contains("no gap") == true)
    #expect(try !commandLine.contents().contains("m.bbbz"))
  }

  @Test func `a prior that the metadata name need not be given`() throws {
    try SafetensorsEncoder.encode(SmallProblem.tensors, metadata: ["prior": "N(0, 0.5^2)"])
      .write(to: URL(filePath: commandLine.path("named.safetensors")))
    let outcome = try commandLine.run(
      "export", "named.safetensors", "--sparsity", "auto", "-o", "m.bbbz")
    #expect(outcome.exitCode == 0 && outcome.errors.contains("auto: 10 of 18 weights"))
    let inspected = try commandLine.run("inspect", "named.safetensors")
    #expect(inspected.output.contains("prior N(0, 0.5^2)"))
  }

  @Test func `all criteria are swept, without a prior those that need none`() throws {
    let arguments = ["sweep", "model.safetensors"] + data
    let without = try commandLine.run(
      arguments + ["--criterion", "all", "--sparsity", "0,0.5", "--csv", "all.csv"])
    #expect(without.exitCode == 0)
    #expect(without.errors.contains("left out: bmr and complexity"))
    func criteria() throws -> [String] {
      let text = try String(contentsOfFile: commandLine.path("all.csv"), encoding: .utf8)
      var names: [String] = []
      for line in text.split(separator: "\n").dropFirst() {
        let name = String(line.prefix { $0 != "," })
        if names.last != name { names.append(name) }
      }
      return names
    }
    #expect(try criteria() == ["snr", "snr-magnitude", "magnitude", "sigma", "random"])
    let with = try commandLine.run(
      arguments + [
        "--criterion", "all", "--sparsity", "0,0.5,auto", "--prior", "gaussian:0.5", "--csv",
        "all.csv", "--plot", "all.svg",
      ])
    #expect(with.exitCode == 0 && with.errors.contains("auto: 10 of 18"))
    #expect(
      try criteria() == [
        "snr", "snr-magnitude", "bmr", "complexity", "magnitude", "sigma", "random",
      ])
    // A row for the sparsity that auto found, 10 of 18.
    #expect(with.output.contains("55.5556"))
    #expect(try commandLine.contents().contains("all.svg"))
  }

  @Test func `whole units: a model, smaller tensors, and a sweep of them`() throws {
    // The third unit is noise.
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--units", "--sparsity", "0.34", "--compact",
      "--keep-uncertainty", "-o", "small.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("2 of 3 hidden units left: fc1 2"))
    let small = try TensorFile(contentsOf: commandLine.path("small.safetensors"))
    #expect(small["fc1.weight_mu"]?.shape == [2, 4] && small["fc2.weight_rho"]?.shape == [2, 2])
    #expect(try small["fc2.weight_mu"]?.floats() == [3, -3, -3, 3])
    let evaluated = try commandLine.run(["evaluate", "small.safetensors"] + data)
    #expect(evaluated.output.contains("0 of 4"))
    let sweep = try commandLine.run(
      ["sweep", "model.safetensors", "--units", "--sparsity", "0,0.34,1", "--json", "-"] + data)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(sweep.output.utf8)) as? [String: Any])
    let points = try #require(object["points"] as? [[String: Any]])
    #expect(points.map { $0["units"] as? Int } == [3, 2, 0])
    // The weights of the third unit are 6 of 18.
    #expect(points.map { $0["removed"] as? Int } == [0, 6, 18])
    #expect(abs((points[1]["sparsity"] as? Double ?? 0) - 1.0 / 3) < 1e-12)
    let table = try commandLine.run(
      ["sweep", "model.safetensors", "--units", "--sparsity", "0,0.34"] + data)
    #expect(table.output.contains("hidden units ranked by snr") && table.output.contains("units"))
  }

  @Test(arguments: [
    ["--sparsity", "0.5", "--compact", "-o", "m.safetensors"],
    ["--sparsity", "0.5", "--units", "--compact", "-o", "m.bbbz"],
    ["--sparsity", "gap", "--units", "-o", "m.bbbz"],
    ["--sparsity", "auto", "--scope", "layer", "--prior", "gaussian:0.5", "-o", "m.bbbz"],
    ["--sparsity", "gap", "--scope", "layer", "-o", "m.bbbz"],
    ["--sparsity", "0.5", "--units", "--prune-biases", "-o", "m.bbbz"],
    ["--units", "--max-error-increase", "1", "--dataset", "mnist", "-o", "m.bbbz"],
    ["--sparsity", "automatic", "-o", "m.bbbz"], ["--criterion", "best", "-o", "m.bbbz"],
  ])
  func `what makes no sense is refused before anything is read`(arguments: [String]) throws {
    let outcome = try commandLine.run(["export", "model.safetensors"] + arguments)
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty, "\(outcome.errors)")
  }

  @Test func `a sweep whose only points cannot be chosen ends with an error`() throws {
    let arguments = ["sweep", "model.safetensors", "--csv", "s.csv"] + data
    let none = try commandLine.run(arguments + ["--sparsity", "gap"])
    #expect(none.exitCode == 65 && none.output.isEmpty)
    #expect(none.sentence?.contains("model.safetensors: the signal-to-noise ratios") == true)
    #expect(try !commandLine.contents().contains("s.csv"))
    // Beside others the point is left out.
    let some = try commandLine.run(arguments + ["--sparsity", "0.5,gap"])
    #expect(some.exitCode == 0 && some.errors.contains("there is no gap between them"))
    let layers = try commandLine.run(arguments + ["--sparsity", "0.5,gap", "--scope", "layer"])
    #expect(layers.exitCode == 64 && layers.errors.contains("leave out '--scope layer'"))
  }

  @Test func `sparsities that remove the same units are one point`() throws {
    let sweep = try commandLine.run(
      [
        "sweep", "model.safetensors", "--units", "--sparsity", "0,0.01,0.02,0.34,0.35,1",
        "--criterion", "snr,random", "--json", "-",
      ] + data)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(sweep.output.utf8)) as? [String: Any])
    for curve in try #require(object["curves"] as? [[String: Any]]) {
      let points = try #require(curve["points"] as? [[String: Any]])
      #expect(points.map { $0["units"] as? Int } == [3, 2, 0])
    }
  }

  @Test func `without standard deviations, what needs them is refused or left out`() throws {
    let means = SmallProblem.tensors.filter { $0.name.hasSuffix("mu") }.map { tensor in
      var tensor = tensor
      tensor.name = String(tensor.name.dropLast("_mu".count))
      return tensor
    }
    try SafetensorsEncoder.encode(means, metadata: ["posterior": "point"])
      .write(to: URL(filePath: commandLine.path("point.safetensors")))
    for sparsity in ["gap", "auto"] {
      let outcome = try commandLine.run(
        "export", "point.safetensors", "--criterion", "magnitude", "--sparsity", sparsity, "-o",
        "m.bbbz")
      #expect(outcome.exitCode == 65)
      let sentence = try #require(outcome.sentence)
      #expect(sentence.contains("which '--sparsity \(sparsity)' needs"), "\(sentence)")
      #expect(sentence.contains("'--sparsity 0.5'") && !sentence.contains("magnitude"))
    }
    let arguments = ["sweep", "point.safetensors", "--sparsity", "0,0.5"] + data
    let all = try commandLine.run(arguments + ["--criterion", "all"])
    #expect(all.exitCode == 0 && all.output.contains("ranked by random"))
    #expect(
      all.errors.contains("left out: snr, snr-magnitude, bmr, complexity and sigma, which need"))
    for option in [["--uncertainty"], ["--samples", "5"]] {
      let outcome = try commandLine.run(arguments + ["--criterion", "magnitude"] + option)
      #expect(outcome.exitCode == 65 && outcome.output.isEmpty)
      let sentence = try #require(outcome.sentence)
      #expect(sentence.contains("leave out '--uncertainty' and '--samples'"), "\(sentence)")
    }
  }

  @Test func `weights pruned by ρ := 0 are told of, and read as removed on request`() throws {
    var tensors = SmallProblem.tensors
    for name in ["fc1.weight", "fc2.weight"] {
      for index in tensors.indices where tensors[index].name == "\(name)_mu" {
        let rho = try #require(tensors.firstIndex { $0.name == "\(name)_rho" })
        let means = try tensors[index].floats()
        let kept = means.map { abs($0) > 1 }
        let shape = tensors[index].shape
        tensors[index] = Tensor(
          name: "\(name)_mu", shape: shape, floats: zip(means, kept).map { $1 ? $0 : 0 })
        tensors[rho] = Tensor(name: "\(name)_rho", shape: shape, floats: kept.map { $0 ? -2 : 0 })
      }
    }
    try SmallProblem.writeCheckpoint(to: commandLine.path("reset.safetensors"), tensors)
    for command in ["inspect", "export"] {
      let rest = command == "export" ? ["--sparsity", "0", "-o", "m.bbbz"] : []
      let outcome = try commandLine.run([command, "reset.safetensors"] + rest)
      #expect(outcome.exitCode == 0)
      #expect(outcome.errors.contains("warning: 10 of 18 weights (55.6 %) have μ = 0 and ρ = 0"))
    }
    let outcome = try commandLine.run(
      "export", "reset.safetensors", "--sparsity", "0", "--removed-by-rho-zero", "-o", "m.bbbz",
      "--json", "m.json")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(try json("m.json")["removed"] as? Int == 10)
  }
}
