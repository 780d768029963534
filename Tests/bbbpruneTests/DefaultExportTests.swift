import BBBDatasets
import BBBInference
import BBBTensors
import Foundation
import TestSupport
import Testing

/// The file that `export` writes by default beside the one that '--values float32' writes.
@Suite struct DefaultExportTests {
  let commandLine = try? CommandLine()

  private func run(_ arguments: [String]) throws -> CommandLine.Outcome {
    try #require(commandLine).run(arguments)
  }

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try run(arguments + ["--json", "-"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private static func sharedCase(_ name: String) -> String {
    (SharedFolder.path ?? "") + "/cases/" + name
  }

  private static let mnist = ["--dataset", "mnist", "--data", SharedFolder.data]

  /// A posterior after few epochs from ρ = −3: its units are each of little use, and together all there is.
  @Test(
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: ["0", "0.5"])
  func `a young posterior keeps its error`(sparsity: String) throws {
    defer { commandLine?.removeFolder() }
    let checkpoint = Self.sharedCase("default-export-destroys-784-90-10-f16.pth")
    let report = try json(["export", checkpoint, "--sparsity", sparsity, "-o", "default.bbbz"])
    let rounding = try #require(report["rounding"] as? [String: Any])
    #expect(rounding["precision_is_finer"] as? Bool == true)
    _ = try json([
      "export", checkpoint, "--sparsity", sparsity, "--values", "float32", "-o", "exact.bbbz",
    ])
    let errors = try ["default.bbbz", "exact.bbbz"].map {
      try #require(try json(["evaluate", $0] + Self.mnist)["errors"] as? Int)
    }
    #expect(errors[0] <= errors[1] + 15)
  }

  @Test(
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: ["0", "0.5", "0.9"])
  func `a regression keeps its root mean square error`(sparsity: String) throws {
    defer { commandLine?.removeFolder() }
    let checkpoint = Self.sharedCase("regression-14-96-96-96-1.pth")
    let inputs = try UnlabelledExamples(contentsOf: Self.sharedCase("regression-inputs.npy"))
    guard case .floats(let numbers) = inputs.inputs else {
      Issue.record("inputs that are no floats")
      return
    }
    let targets = try #require(
      try TensorFile(contentsOf: Self.sharedCase("regression-targets.npy")).tensors.first
    ).doubles()
    let errors = try [[], ["--values", "float32"]].map { options in
      _ = try json(
        ["export", checkpoint, "--output", "numbers", "--sparsity", sparsity, "-o", "m.bbbz"]
          + options)
      let model = try CompactModel(
        contentsOfFile: try #require(commandLine).path("m.bbbz"))
      let square = try zip(model.predictOutputs(for: numbers), targets)
        .reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
      return (square / Double(targets.count)).squareRoot()
    }
    #expect(errors[0] <= 1.02 * errors[1])
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `inputs of its kind tell how coarse a file may be`() throws {
    defer { commandLine?.removeFolder() }
    let checkpoint = Self.sharedCase("bayesian-torch-three-epochs-784-44-10.pth")
    let byImages = try json(
      [
        "export", checkpoint, "--sparsity", "0.75", "-o", "m.bbbz", "--calibrate", "mnist",
        "--no-condition", "--data", SharedFolder.data,
      ])
    let rounding = try #require(byImages["rounding"] as? [String: Any])
    #expect(rounding["compared_on"] as? String == "mnist, training")
    #expect(rounding["examples"] as? Int == 2000)
    #expect(try #require(rounding["output_change"] as? Double) <= 0.004)
    let text = try run(
      ["export", checkpoint, "--sparsity", "0.75", "-o", "m.bbbz", "--no-condition", "--calibrate"]
        + [SharedFolder.data + "/mnist/train-images-idx3-ubyte.gz"])
    #expect(text.exitCode == 0, "\(text.errors)")
    #expect(text.output.contains("class probabilities (total variation) on 2,000 examples of "))
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `a search goes on to finer precisions before it says that nothing fits`() throws {
    defer { commandLine?.removeFolder() }
    let checkpoint = Self.sharedCase("default-export-destroys-784-90-10-f16.pth")
    let report = try json(
      ["export", checkpoint, "--max-error-increase", "0.5", "-o", "m.bbbz"]
        + Self.mnist)
    let search = try #require(report["search"] as? [String: Any])
    let chosen = try #require(search["chosen"] as? [String: Any])
    #expect(
      try #require(chosen["errors"] as? Int) <= #require(search["error_limit"] as? Int))
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `a file whose output does not depend on the input is an error`() throws {
    defer { commandLine?.removeFolder() }
    let checkpoint = Self.sharedCase("regression-14-96-96-96-1.pth")
    for options in [[], ["--values", "float32"]] {
      let outcome = try run(
        ["export", checkpoint, "--output", "numbers", "--sparsity", "0.9999", "-o", "m.bbbz"]
          + options)
      #expect(outcome.exitCode == 65)
      #expect(outcome.errors.contains("does not depend on the input"))
      #expect(try commandLine?.contents() == [])
    }
    let empty = try run([
      "export", checkpoint, "--output", "numbers", "--sparsity", "1", "-o", "m.bbbz",
    ])
    #expect(empty.exitCode == 0, "\(empty.errors)")
  }

  @Test(arguments: [
    ["--calibrate", "x.npy", "--no-condition", "--values", "float32", "--sparsity", "0.5"],
    ["--no-condition", "--sparsity", "0.5"],
    ["--calibrate-count", "100", "--sparsity", "0.5"],
    ["--criterion", "conditional", "--sparsity", "0.5"],
    ["--calibrate", "x.npy", "--criterion", "conditional", "--units", "--sparsity", "0.5"],
    ["--calibrate", "x.npy", "--criterion", "snr", "--pre-cut", "0.5", "--sparsity", "0.5"],
    ["--calibrate", "x.npy", "--pre-cut", "2", "--sparsity", "0.5"],
    ["--calibrate", "x.npy", "--dataset", "mnist", "--sparsity", "0.5"],
    ["--calibrate", "x.npy", "--max-error-increase", "1", "--dataset", "mnist"],
    ["--images", "x.npy", "--sparsity", "0.5"],
  ])
  func `inputs to calibrate by are for one thing at a time`(options: [String]) throws {
    defer { commandLine?.removeFolder() }
    let outcome = try run(["export", "model.pt", "-o", "m.bbbz"] + options)
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("Error: "))
  }
}
