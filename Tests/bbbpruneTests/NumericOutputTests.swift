import BBBDatasets
import BBBInference
import BBBTensors
import Foundation
import TestSupport
import Testing

/// Networks that predict numbers, as users meet them.
final class NumericOutputTests {
  private let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  @Test func `a curve is learned, pruned, and predicted with intervals that hold 95 of 100`() throws
  {
    _ = try commandLine.output(
      of: "train --dataset noisy-curve --likelihood gaussian:0.07 --hidden 32,32 --epochs 200 "
        + "--minibatch 100 --learning-rate 0.01 -o curve.safetensors")
    let told = try commandLine.object(of: "inspect curve.safetensors")
    #expect(told["output"] as? String == "numbers:0.07")

    for options in ["", " --samples 50", " --one-pass"] {
      let scores = try commandLine.object(
        of: "evaluate curve.safetensors --dataset noisy-curve" + options)
      // The noise's own standard deviation is 0.0626, that of the targets nearly three times as much.
      #expect(try #require(scores["rmse"] as? Double) < 0.067)
      #expect(try #require(scores["target_deviation"] as? Double) > 0.15)
      #expect(0.93...0.97 ~= (try #require(scores["coverage"] as? Double)), "\(options)")
      #expect(try #require(scores["nll"] as? Double) < -1.2)
    }

    _ = try commandLine.output(
      of: "export curve.safetensors --sparsity 0.25 --keep-uncertainty -o curve.bbbz")
    #expect(try commandLine.object(of: "inspect curve.bbbz")["output"] as? String == "numbers:0.07")
    let scores = try commandLine.object(
      of: "evaluate curve.bbbz --dataset noisy-curve --samples 50")
    #expect(0.93...0.97 ~= (try #require(scores["coverage"] as? Double)))

    let curve = try commandLine.object(
      of:
        "sweep curve.safetensors --dataset noisy-curve --sparsity 0,0.25,0.99 --samples 20 --report curve.html "
        + "--csv curve.csv --plot curve.svg")
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points.count == 3)
    for prefix in ["", "mc_", "export_"] {
      #expect(try #require(points[1][prefix + "rmse"] as? Double) < 0.07, "\(prefix)")
      #expect(0.93...0.97 ~= (try #require(points[1][prefix + "coverage"] as? Double)))
    }
    #expect(points[0]["errors"] == nil)
    #expect(try #require(points[2]["rmse"] as? Double) > 0.09)
    let page = try String(contentsOfFile: commandLine.path("curve.html"), encoding: .utf8)
    #expect(page.contains("Root mean squared error"))
    let text = try commandLine.output(
      of: "sweep curve.safetensors --dataset noisy-curve --sparsity 0,0.25,0.99 --uncertainty")
    #expect(text.contains("RMSE is 0.0") && text.contains("tolerance 2 %"))

    let search = try commandLine.object(
      of:
        "export curve.safetensors --max-error-increase 3 --dataset noisy-curve -o small.bbbz")
    let found = try #require(search["search"] as? [String: Any])
    let limit = try #require(found["rmse_limit"] as? Double)
    let chosen = try #require(found["chosen"] as? [String: Any])
    #expect(try #require(chosen["rmse"] as? Double) <= limit)

    // Other points than the program has, and their intervals.
    let (x, y) = NoisyCurve.examples(count: 2000, in: NoisyCurve.dataRange, seed: 7)
    try NPYEncoder.encode(Tensor(name: "x", shape: [2000, 1], floats: x.map { Float($0) }))
      .write(to: URL(filePath: commandLine.path("x.npy")))
    for options in [" --samples 50", " --one-pass"] {
      let predictions = try #require(
        commandLine.object(of: "predict curve.bbbz --input x.npy" + options)["predictions"]
          as? [[String: [Double]]]
      )
      let isCovered = try zip(predictions, y).map { prediction, y in
        try #require(prediction["low"])[0] <= y && y <= (try #require(prediction["high"]))[0]
      }
      #expect(0.93...0.97 ~= Double(isCovered.count { $0 }) / 2000, "\(options)")
      for prediction in predictions {
        let weights = try #require(prediction["weight_deviation"])[0]
        let all = try #require(prediction["deviation"])[0]
        #expect(weights > 0)
        #expect(abs(all - (weights * weights + 0.07 * 0.07).squareRoot()) < 1e-9)
      }
    }
    let lines = try commandLine.output(of: "predict curve.bbbz --input x.npy --one-pass").split(
      separator: "\n")
    #expect(lines[0] == "input\tmean\tdeviation from weights\tdeviation\t95 % from\tto")
    #expect(lines.count == 2001)
  }

  /// 1-2-1: y = |x| by two rectified units, the second layer's weights with σ = ½, the rest nearly certain.
  private func writeAbsoluteValue() throws {
    let small: Float = -30
    try SmallProblem.writeCheckpoint(
      to: commandLine.path("abs.safetensors"),
      [
        Tensor(name: "fc1.weight_mu", shape: [2, 1], floats: [1, -1]),
        Tensor(name: "fc1.weight_rho", shape: [2, 1], floats: [small, small]),
        Tensor(name: "fc2.weight_mu", shape: [1, 2], floats: [1, 1]),
        Tensor(
          name: "fc2.weight_rho", shape: [1, 2],
          floats: Array(repeating: Float(log(exp(0.5) - 1)), count: 2)),
      ])
    try NPZEncoder.encode([
      Tensor(name: "x", shape: [3, 1], floats: [-2, 1, 4]),
      Tensor(name: "y", shape: [3], doubles: [2, 2, 4]),
    ]).write(to: URL(filePath: commandLine.path("abs.npz")))
    try NPYEncoder.encode(Tensor(name: "x", shape: [3, 1], floats: [-2, 1, 4]))
      .write(to: URL(filePath: commandLine.path("x.npy")))
  }

  @Test func `one output says nothing of what it is until the user does`() throws {
    try writeAbsoluteValue()
    for command in [
      "evaluate abs.safetensors --images abs.npz", "predict abs.safetensors --input x.npy",
    ] {
      let outcome = try commandLine.run(command.split(separator: " ").map(String.init))
      #expect(outcome.exitCode == 65)
      #expect(
        outcome.errors.contains("--output binary") && outcome.errors.contains("--output numbers"))
    }
  }

  @Test func `errors, likelihood and deviations are those of the formulas`() throws {
    try writeAbsoluteValue()
    let scores = try commandLine.object(
      of:
        "evaluate abs.safetensors --images abs.npz --output numbers:1 --one-pass")
    // Predicted 2, 1, 4 for 2, 2, 4; w = |x|/2, so that s² = 1 + x²/4.
    #expect(abs(try #require(scores["rmse"] as? Double) - (1.0 / 3).squareRoot()) < 1e-6)
    let costs = [(0.0, 2.0), (1, 1.25), (0, 5)].map { square, variance in
      square / variance / 2 + log(variance) / 2 + log(2 * Double.pi) / 2
    }
    #expect(
      abs(try #require(scores["nll"] as? Double) - costs.reduce(0, +) / 3) < 1e-5)
    #expect(scores["coverage"] as? Double == 1)

    let certain = try commandLine.object(
      of:
        "evaluate abs.safetensors --images abs.npz --output numbers")
    #expect(certain["nll"] is NSNull || certain["nll"] == nil)
    let text = try commandLine.output(
      of: "evaluate abs.safetensors --images abs.npz --output numbers")
    #expect(text.contains("--output numbers:DEVIATION"))
  }

  @Test func `one pass refuses a network that divides, and draws do not`() throws {
    try writeAbsoluteValue()
    try Data(
      "input 1\nfc1 = linear 2 without-bias\nd = softplus\nq = divide fc1 d\nfc2 = linear 1 without-bias"
        .utf8
    ).write(to: URL(filePath: commandLine.path("ratio.txt")))
    func outcome(_ command: String) throws -> (exitCode: Int32, output: String, errors: String) {
      let outcome = try commandLine.run(command.split(separator: " ").map(String.init))
      return (outcome.exitCode, outcome.output, outcome.errors)
    }
    let evaluate =
      "evaluate abs.safetensors --network ratio.txt --images abs.npz --output numbers:1"
    let refused = try outcome(evaluate + " --one-pass")
    #expect(refused.exitCode == 65)
    #expect(
      refused.errors.contains(
        "'q' is a divide, for whose means and variances there is no rule; give '--samples 100' in place of "
          + "'--one-pass'"))
    #expect(try outcome(evaluate + " --samples 5").exitCode == 0)
    let sweep = try outcome(
      "sweep abs.safetensors --network ratio.txt --images abs.npz --output numbers:1 --sparsity 0 --uncertainty --samples 5"
    )
    #expect(sweep.exitCode == 0)
    #expect(
      sweep.errors.contains("note: there is no one-pass prediction in this sweep: 'q' is a divide"))
  }

  @Test func `raw outputs have deviations too`() throws {
    try writeAbsoluteValue()
    let plain = try commandLine.output(
      of: "predict abs.safetensors --input x.npy --output numbers --raw")
    #expect(plain == "input\toutput 0\n0\t2\n1\t1\n2\t4\n")
    let predictions = try #require(
      commandLine.object(
        of: "predict abs.safetensors --input x.npy --output numbers:3 --raw --one-pass")[
          "predictions"] as? [[String: [Double]]])
    for (prediction, expected) in zip(predictions, [(2.0, 1.0), (1, 0.5), (4, 2)]) {
      #expect(Set(prediction.keys) == ["outputs", "weight_deviation"])
      #expect(abs(try #require(prediction["outputs"])[0] - expected.0) < 1e-5)
      #expect(abs(try #require(prediction["weight_deviation"])[0] - expected.1) < 1e-5)
    }
  }

  @Test func `files hold what their ending says`() throws {
    try writeAbsoluteValue()
    let command = "predict abs.safetensors --input x.npy --output numbers:0.5 --one-pass"
    _ = try commandLine.output(of: command + " -o p.csv")
    let csv = try String(contentsOfFile: commandLine.path("p.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("input,mean,weight_deviation,deviation,low,high\n0,2.0,"))
    _ = try commandLine.output(of: command + " -o p.npy")
    let array = try TensorFile(contentsOf: commandLine.path("p.npy")).tensors[0]
    #expect(array.shape == [3, 1])
    #expect(try array.floats() == [2, 1, 4])
    _ = try commandLine.output(of: command + " -o p.npz")
    let archive = try TensorFile(contentsOf: commandLine.path("p.npz"))
    #expect(
      Set(archive.tensors.map(\.name)) == ["mean", "weight_deviation", "deviation", "low", "high"])
    let refused = try commandLine.run(
      command.split(separator: " ").map(String.init) + ["-o", "p.txt"])
    #expect(refused.exitCode == 64 && refused.errors.contains(".csv, .npz or .npy"))
    #expect(try !commandLine.contents().contains("p.txt"))
  }

  /// The network predicts mean and log σ² as it says so: two outputs are one target.
  @Test func `mean and logarithm of the variance are one target`() throws {
    try SmallProblem.writeCheckpoint(
      to: commandLine.path("two.safetensors"),
      [
        Tensor(name: "fc1.weight_mu", shape: [2, 1], floats: [1, 0]),
        Tensor(name: "fc1.weight_rho", shape: [2, 1], floats: [-30, -30]),
        Tensor(name: "fc1.bias_mu", shape: [2], floats: [0, Float(2 * log(3.0))]),
        Tensor(name: "fc1.bias_rho", shape: [2], floats: [-30, -30]),
      ])
    try NPYEncoder.encode(Tensor(name: "x", shape: [2, 1], floats: [5, -1]))
      .write(to: URL(filePath: commandLine.path("x.npy")))
    let predictions = try #require(
      commandLine.object(
        of: "predict two.safetensors --input x.npy --output mean-and-log-variance")[
          "predictions"] as? [[String: [Double]]])
    #expect(predictions[0]["mean"] == [5] && predictions[1]["mean"] == [-1])
    #expect(abs(try #require(predictions[1]["deviation"])[0] - 3) < 1e-6)
    #expect(abs(try #require(predictions[0]["high"])[0] - (5 + 1.959963984540054 * 3)) < 1e-5)
  }

  @Test(.enabled(if: SharedFolder.isThere, "\(SharedFolder.remedy)"))
  func `a network of bayesian-torch has the error that NumPy finds`() throws {
    let folder = try #require(SharedFolder.path)
    let scores = try commandLine.object(
      of:
        "evaluate \(folder)/cases/regression-14-96-96-96-1.pth --images "
        + "\(folder)/cases/regression-inputs.npy --labels \(folder)/cases/regression-targets.npy "
        + "--output numbers:1.2")
    #expect(abs(try #require(scores["rmse"] as? Double) - 1.2148276834794538) < 1e-5)
    #expect(abs(try #require(scores["nll"] as? Double) - 1.61369283324448) < 1e-5)
    #expect(scores["coverage"] as? Double == 0.98)
    #expect(abs(try #require(scores["target_deviation"] as? Double) - 1.487888) < 1e-5)
  }
}
