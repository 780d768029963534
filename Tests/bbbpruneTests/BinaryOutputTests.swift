import BBBTensors
import Foundation
import TestSupport
import Testing

/// Networks with one output, the logit of class 1, as users meet them.
final class BinaryOutputTests {
  private let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    // The small problem's network with the difference of its two outputs as its only one.
    try SmallProblem.writeCheckpoint(
      to: commandLine.path("model.safetensors"),
      SmallProblem.tensors.prefix(4) + [
        Tensor(name: "fc2.weight_mu", shape: [1, 3], floats: [-3, 3, 0.07]),
        Tensor(name: "fc2.weight_rho", shape: [1, 3], floats: .init(repeating: -2, count: 3)),
        Tensor(name: "fc2.bias_mu", shape: [1], floats: [0.25]),
        Tensor(name: "fc2.bias_rho", shape: [1], floats: [-2]),
      ])
    let inputs = Tensor(
      name: "x", shape: [5, 4],
      floats: [1, 0.5, 0, 0, 0.25, 0, 0, 0, 0, 0, 1, 1, 0, 0.25, 0.5, 0, 0, 0, 0.25, 0])
    try NPYEncoder.encode(inputs).write(to: URL(filePath: commandLine.path("x.npy")))
    // Labels as losses of one output want them: floats, in a column. The last one is wrong.
    for (name, labels) in [("float", [0, 0, 1, 1, 0]), ("three", [0, 0, 1, 2, 0])] {
      try NPZEncoder.encode([
        inputs, Tensor(name: "y", shape: [5, 1], floats: labels.map(Float.init)),
      ]).write(to: URL(filePath: commandLine.path("\(name).npz")))
    }
  }

  deinit { commandLine.removeFolder() }

  /// The logit of an input, in double precision.
  private func logit(_ x: [Double]) -> Double {
    let weights: [[Double]] = [[2, 2, 0.01, 0], [0, 0.02, 2, 2], [0.03, 0.04, 0.05, 0.06]]
    let hidden = weights.map { max(0, zip($0, x).reduce(0) { $0 + $1.0 * $1.1 }) }
    return -3 * hidden[0] + 3 * hidden[1] + 0.07 * hidden[2] + 0.25
  }

  private var logits: [Double] {
    [[1, 0.5, 0, 0], [0.25, 0, 0, 0], [0, 0, 1, 1], [0, 0.25, 0.5, 0], [0, 0, 0.25, 0]].map(logit)
  }

  @Test func `evaluate measures the sigmoid's error, likelihood, calibration and separation`()
    throws
  {
    let scores = try commandLine.object(
      of: "evaluate model.safetensors --images float.npz --output binary")
    #expect(scores["errors"] as? Int == 1 && scores["images"] as? Int == 5)
    let costs = zip(logits, [0, 0, 1, 1, 0]).map { log1p(exp($1 == 1 ? -$0 : $0)) }
    #expect(abs(try #require(scores["nll"] as? Double) - costs.reduce(0, +) / 5) < 1e-5)
    // Of six pairs of an example of class 1 and one of class 0, all are in order but none of the last.
    let high = [logits[2], logits[3]]
    let wins = high.reduce(0) { sum, high in
      sum + [logits[0], logits[1], logits[4]].count { $0 < high }
    }
    #expect(scores["class_auroc"] as? Double == Double(wins) / 6)
    #expect(scores["ece"] is Double && scores["brier"] is Double)
  }

  @Test func `predict gives the probability of class 1`() throws {
    for (model, options) in [("model.safetensors", " --output binary"), ("model.bbbz", "")] {
      if options.isEmpty {
        _ = try commandLine.output(
          of: "export model.safetensors --output binary --sparsity 0 --values float32 "
            + "--keep-uncertainty -o model.bbbz"
        )
        #expect(try commandLine.object(of: "inspect model.bbbz")["output"] as? String == "binary")
      }
      let predictions = try #require(
        commandLine.object(of: "predict \(model) --input x.npy" + options)["predictions"]
          as? [[String: Any]])
      for (prediction, logit) in zip(predictions, logits) {
        let probability = 1 / (1 + exp(-logit))
        let outputs = try #require(prediction["outputs"] as? [Double])
        #expect(outputs.count == 2 && abs(outputs[1] - probability) < 1e-6)
        #expect(prediction["class"] as? Int == (logit > 0 ? 1 : 0))
        let entropy = -probability * log(probability) - (1 - probability) * log(1 - probability)
        #expect(abs(try #require(prediction["entropy"] as? Double) - entropy) < 1e-5)
      }
    }
    let lines = try commandLine.output(of: "predict model.bbbz --input x.npy --samples 20").split(
      separator: "\n")
    #expect(
      lines[0]
        == "input\tclass\tprobability\tprobability of 1\tentropy\taleatoric\tmutual information")
    #expect(lines.count == 6)
  }

  /// Whether a point lies above a wave, but for one label of fifty that is wrong.
  private func writeWave(_ name: String, count: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let inputs = (0..<count).map { _ in
      (
        Float.random(in: -2...2, using: &generator), Float.random(in: -2...2, using: &generator)
      )
    }
    let labels = inputs.enumerated().map { index, point -> Int32 in
      (point.1 > sin(2 * point.0)) != (index % 50 == 0) ? 1 : 0
    }
    try NPZEncoder.encode([
      Tensor(name: "x", shape: [count, 2], floats: inputs.flatMap { [$0.0, $0.1] }),
      Tensor(name: "y", shape: [count], floats: labels.map(Float.init)),
    ]).write(to: URL(filePath: commandLine.path(name)))
  }

  @Test func `two classes are learned, pruned, and predicted with one output`() throws {
    try writeWave("train.npz", count: 3000, seed: 61)
    try writeWave("test.npz", count: 1000, seed: 62)
    let summary = try commandLine.object(
      of: "train --train train.npz --test test.npz --likelihood binary --hidden 32,32 --epochs 60 "
        + "--learning-rate 0.01 --prior gaussian:1 --validation 0 -o wave.safetensors")
    #expect(summary["layer_sizes"] as? [Int] == [2, 32, 32, 1])
    #expect(summary["likelihood"] as? String == "binary")
    #expect(
      try commandLine.object(of: "inspect wave.safetensors")["output"] as? String == "binary")

    let curve = try commandLine.object(
      of: "sweep wave.safetensors --images test.npz --sparsity 0,0.5 --samples 20")
    let points = try #require(curve["points"] as? [[String: Any]])
    // 2 % of the labels are wrong.
    for key in ["error", "mc_error", "export_error"] {
      #expect(0.015...0.06 ~= (try #require(points[0][key] as? Double)), "\(key)")
    }
    _ = try commandLine.output(
      of: "export wave.safetensors --sparsity 0.25 --keep-uncertainty -o wave.bbbz")
    let scores = try commandLine.object(of: "evaluate wave.bbbz --images test.npz --samples 20")
    #expect(try #require(scores["class_auroc"] as? Double) > 0.95)
    #expect(try #require(scores["nll"] as? Double) < 0.2)
    let predictions = try commandLine.object(of: "predict wave.bbbz --input test.npz --samples 20")
    #expect((predictions["predictions"] as? [Any])?.count == 1000)
  }

  @Test func `a binary likelihood takes two classes and real inputs as they are`() throws {
    for (options, message) in [
      ("--train three.npz", "a label is 2, but of two classes it is 0 or 1"),
      ("--dataset synthetic-digits", "but of two classes it is 0 or 1"),
      ("--dataset noisy-curve", "has real-valued targets"),
    ] {
      let outcome = try commandLine.run(
        ("train \(options) --likelihood binary --validation 0 --epochs 1 --hidden 2 -o t.safetensors")
          .split(separator: " ").map(String.init))
      #expect(outcome.exitCode != 0)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test func `sweep counts errors of two classes`() throws {
    let curve = try commandLine.object(
      of:
        "sweep model.safetensors --images float.npz --output binary --sparsity 0,0.5 --samples 10")
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points.count == 2)
    #expect(points[0]["errors"] as? Int == 1)
  }

  @Test func `labels that are neither 0 nor 1 are refused`() throws {
    let outcome = try commandLine.run(
      "evaluate", "model.safetensors", "--images", "three.npz", "--output", "binary")
    #expect(outcome.exitCode == 65)
    #expect(
      outcome.errors.contains("label 3 is 2, but the network tells two classes apart, 0 and 1"))
  }
}
