import BBBInference
import BBBTensors
import Foundation
import Testing

/// What `evaluate`, `predict` and `sweep` tell of a network's doubt.
@Suite final class UncertaintyCommandTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data/mnist"))
    // Images of neither class.
    try NPYEncoder.encode(
      Tensor(name: "x", shape: [2, 2, 2], floats: [0.5, 0.5, 0.5, 0.5, 0, 1, 1, 0])
    ).write(to: URL(filePath: commandLine.path("strange.npy")))
  }

  deinit { commandLine.removeFolder() }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func export(_ name: String, _ options: String...) throws {
    let outcome = try commandLine.run(
      ["export", "model.safetensors", "--sparsity", "0.5", "-o", name] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  private func evaluate(_ model: String, _ options: [String]) throws -> [String: Any] {
    let outcome = try commandLine.run(
      ["evaluate", model, "--dataset", "mnist", "--data", "data", "--json", "-"] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try object(outcome.output)
  }

  @Test(arguments: [
    ([], "posterior-mean"), (["--samples", "40"], "monte-carlo"), (["--one-pass"], "one-pass"),
  ])
  func `evaluate gives every score, however it predicts`(
    options: [String], name: String
  ) throws {
    try export("model.bbbz", "--keep-uncertainty", "--values", "float32")
    let scores = try evaluate("model.bbbz", options + ["--ood", "strange.npy"])
    #expect(scores["prediction"] as? String == name)
    #expect(scores["errors"] as? Int == 0 && scores["images"] as? Int == 4)
    // Images of neither class are the more doubtful, each beside each of the four known.
    #expect(scores["auroc"] as? Double == 1)
    #expect(scores["ood"] as? String == "strange.npy")
    let uncertainty = try #require(scores["uncertainty"] as? [String: Double])
    let (entropy, aleatoric) = (uncertainty["entropy"] ?? 0, uncertainty["aleatoric"] ?? 0)
    #expect(abs(entropy - aleatoric - (uncertainty["mutual_information"] ?? 1)) < 1e-12)
    #expect((entropy > aleatoric + 1e-15) == (name != "posterior-mean"))
    #expect((scores["reliability"] as? [[String: Any]])?.count == 15)
    #expect((scores["risk_coverage"] as? [[String: Any]])?.first?["coverage"] as? Double == 1)
    #expect(scores["brier"] is Double && scores["aurc"] as? Double == 0)
  }

  @Test func `a checkpoint is evaluated with its own uncertainty`() throws {
    let means = try evaluate("model.safetensors", [])
    let draws = try evaluate("model.safetensors", ["--samples", "50"])
    #expect(try #require(draws["nll"] as? Double) != means["nll"] as? Double)
    #expect(draws["samples"] as? Int == 50)
  }

  @Test func `another seed gives other draws, any number of threads the same`() throws {
    func likelihood(_ options: String...) throws -> Double {
      let scores = try evaluate("model.safetensors", ["--samples", "9"] + options)
      return try #require(scores["nll"] as? Double)
    }
    let once = try likelihood("--seed", "4")
    #expect(try likelihood("--seed", "4", "--threads", "3") == once)
    #expect(try likelihood("--seed", "5") != once)
    try export("model.bbbz", "--keep-uncertainty", "--values", "float32")
    func predictions(_ options: String...) throws -> String {
      try commandLine.run(
        ["predict", "model.bbbz", "--input", "strange.npy", "--samples", "5"] + options
      ).output
    }
    let predicted = try predictions("--seed", "4", "--threads", "1")
    #expect(try predictions("--seed", "4", "--threads", "3") == predicted)
    #expect(try predictions("--seed", "5", "--threads", "1") != predicted)
  }

  @Test func `the risk falls with what is refused, and doubt has two scores`() throws {
    // One of the labels is wrong, that of the image which is nearest to the other class.
    try NPYEncoder.encode(
      Tensor(
        name: "x", shape: [4, 4], floats: [1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0.3, 0, 0.2, 0])
    ).write(to: URL(filePath: commandLine.path("x.npy")))
    try Data([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]).write(
      to: URL(filePath: commandLine.path("y.idx")))
    let outcome = try commandLine.run(
      "evaluate", "model.safetensors", "--images", "x.npy", "--labels", "y.idx", "--ood",
      "strange.npy", "--json", "-")
    let scores = try object(outcome.output)
    #expect(scores["errors"] as? Int == 1)
    let risks = try #require(scores["risk_coverage"] as? [[String: Double]])
    #expect(risks.first?["error"] == 0.25)
    #expect(risks.last?["error"] == 0)
    // The means' mutual information is 0 for all, which tells nothing apart.
    #expect(scores["auroc_mutual_information"] as? Double == 0.5)
    #expect(scores["auroc"] as? Double != 0.5)
  }

  @Test func `evaluate draws reliability and refusal`() throws {
    _ = try evaluate("model.safetensors", ["--plot", "reliability.svg"])
    let picture = try String(contentsOfFile: commandLine.path("reliability.svg"), encoding: .utf8)
    #expect(picture.contains("<svg") && picture.contains("Reliability and refusal"))
  }

  @Test func `predict tells how doubt is made up`() throws {
    try export("model.bbbz", "--keep-uncertainty", "--values", "float32")
    let outcome = try commandLine.run(
      "predict", "model.bbbz", "--input", "strange.npy", "--one-pass")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0] == "input\tclass\tprobability\tentropy\taleatoric\tmutual information")
    let numbers = lines[1].split(separator: "\t").compactMap { Double($0) }
    #expect(numbers.count == 6 && abs(numbers[3] - numbers[4] - numbers[5]) < 2e-4)
    let model = try CompactModel(contentsOfFile: commandLine.path("model.bbbz"))
    let expected = try model.predictiveDistribution(
      for: [0.5, 0.5, 0.5, 0.5, 0, 1, 1, 0] as [Float], by: .momentPropagation)
    #expect(abs(numbers[3] - expected.predictiveEntropies[0]) < 1e-4)
    let json = try commandLine.run(
      "predict", "model.bbbz", "--input", "strange.npy", "--samples", "7", "--json", "-")
    let predictions = try #require(try object(json.output)["predictions"] as? [[String: Any]])
    let sampled = try model.predictiveDistribution(
      for: [0.5, 0.5, 0.5, 0.5, 0, 1, 1, 0] as [Float],
      by: .monteCarlo(sampleCount: 7, seed: 0))
    #expect(predictions.count == 2)
    for (prediction, expected) in zip(predictions, sampled.mutualInformations) {
      // JSONSerialization may miss the last bit of a number.
      let information = prediction["mutual_information"] as? Double ?? -1
      #expect(abs(information - expected) < 1e-15)
    }
  }

  @Test func `sweep compares three ways of predicting at each sparsity`() throws {
    let outcome = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0,0.5",
      "--uncertainty", "--samples", "15", "--ood", "strange.npy", "--json", "curve.json",
      "--plot", "curve.svg")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for text in ["posterior mean", "Monte Carlo", "one pass", "AUROC", "over 15 draws"] {
      #expect(outcome.output.contains(text))
    }
    let curve = try object(
      try String(contentsOfFile: commandLine.path("curve.json"), encoding: .utf8))
    #expect(curve["ood"] as? String == "strange.npy")
    let points = try #require(curve["points"] as? [[String: Any]])
    for point in points {
      for key in ["auroc", "mc_auroc", "one_pass_auroc", "one_pass_nll", "mc_brier"] {
        #expect(point[key] is Double, "\(key)")
      }
    }
    // What evaluate says of the same network, read from its file.
    try export("model.bbbz", "--keep-uncertainty", "--values", "float32")
    let onePass = try evaluate("model.bbbz", ["--one-pass"])
    let likelihood = try #require(points[1]["one_pass_nll"] as? Double)
    // The file holds σ to a quarter of an octave.
    #expect(abs(likelihood - (onePass["nll"] as? Double ?? 0)) < 0.1 * likelihood)
    let picture = try String(contentsOfFile: commandLine.path("curve.svg"), encoding: .utf8)
    #expect(picture.contains("1 − AUROC"))
  }

  @Test func `without being asked for, noise is what a sweep of own data compares with`() throws {
    try NPYEncoder.encode(
      Tensor(name: "x", shape: [2, 4], floats: [1, 1, 0, 0, 0, 0, 1, 1])
    ).write(to: URL(filePath: commandLine.path("x.npy")))
    try Data([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]).write(to: URL(filePath: commandLine.path("y.idx")))
    let outcome = try commandLine.run(
      "sweep", "model.safetensors", "--images", "x.npy", "--labels", "y.idx", "--sparsity", "0",
      "--uncertainty", "--samples", "3", "--json", "-")
    #expect(try object(outcome.output)["ood"] as? String == "noise")
  }

  @Test(arguments: [
    (
      ["evaluate", "means.bbbz", "--dataset", "mnist", "--data", "data", "--one-pass"],
      "means.bbbz: holds no standard deviations"
    ),
    (
      ["predict", "means.bbbz", "--input", "strange.npy", "--samples", "3"],
      "means.bbbz: holds no standard deviations"
    ),
    (
      [
        "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "data", "--ood",
        "none.npy",
      ],
      "none.npy: holds no examples"
    ),
    (
      [
        "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "data", "--ood",
        "nowhere.npy",
      ],
      "nowhere.npy"
    ),
    (
      [
        "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "data", "--ood",
        "synthetic-letters",
      ],
      "synthetic-letters: an example has 28×28 = 784 numbers"
    ),
  ])
  func `what cannot be done is one sentence`(arguments: [String], sentence: String) throws {
    try export("means.bbbz")
    try NPYEncoder.encode(Tensor(name: "x", shape: [0, 4], floats: []))
      .write(to: URL(filePath: commandLine.path("none.npy")))
    let outcome = try commandLine.run(arguments)
    #expect(outcome.exitCode != 0)
    #expect(outcome.sentence?.contains(sentence) == true, "\(outcome.errors)")
  }

  @Test(arguments: [
    (["evaluate", "m", "--dataset", "mnist", "--samples", "3", "--one-pass"], "not both"),
    (["predict", "m", "--input", "x", "-o", "p.txt"], ".csv, .npz or .npy"),
    (["evaluate", "m", "--dataset", "mnist", "--samples", "-1"], "--samples"),
    (["evaluate", "m", "--dataset", "mnist", "--plot", "-"], "name a file"),
    (["sweep", "--ood", "synthetic-digits"], "another kind"),
  ])
  func `options that contradict each other are wrong usage`(
    arguments: [String], text: String
  ) throws {
    let outcome = try commandLine.run(arguments)
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }
}
