import BBBTensors
import Foundation
import Testing

/// `bbbprune train` on a user's own files: classes, and real-valued targets.
@Suite final class OwnDataTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    let images = (0..<24).flatMap { number in
      SmallProblem.images[number % 4].map { $0 ^ UInt8(number) }
    }
    let labels = (0..<24).map { SmallProblem.labels[$0 % 4] }
    // The second test label is wrong: one error of four.
    try write(
      "my own.npz",
      [
        Tensor(name: "x_train", shape: [24, 2, 2], bytes: images),
        Tensor(name: "y_train", shape: [24], bytes: labels),
        Tensor(name: "x_test", shape: [4, 2, 2], bytes: SmallProblem.images.flatMap { $0 }),
        Tensor(name: "y_test", shape: [4], bytes: [0, 1, 1, 1]),
      ])
    try write("curve.npz", Self.curve(24) + Self.curve(6, "_test", noise: 0.25))
  }

  deinit { commandLine.removeFolder() }

  /// y = 2 a − b + 1, with a little noise of alternating sign.
  static func curve(_ count: Int, _ ending: String = "_train", noise: Float = 0) -> [Tensor] {
    let inputs = (0..<count).map { [Float($0 % 5) / 4, Float($0 % 7) / 6] }
    let targets = inputs.enumerated().map { index, input in
      2 * input[0] - input[1] + 1 + (index.isMultiple(of: 2) ? noise : -noise)
    }
    return [
      Tensor(name: "x" + ending, shape: [count, 2], floats: inputs.flatMap { $0 }),
      Tensor(name: "y" + ending, shape: [count], floats: targets),
    ]
  }

  func write(_ name: String, _ tensors: [Tensor]) throws {
    try NPZEncoder.encode(tensors).write(to: URL(filePath: commandLine.path(name)))
  }

  func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  static let classes =
    "--train 'my own.npz' --test 'my own.npz' --hidden 10 --epochs 40 --learning-rate 0.01"
    + " --minibatch 8 --initial-rho -6"
  static let regression =
    "--train curve.npz --test curve.npz --likelihood gaussian:0.5 --method plain --hidden ''"
    + " --minibatch 8 --epochs 300 --learning-rate 0.05"

  @Test func `the test examples are measured at the end as evaluate measures them`() throws {
    let outcome = try commandLine.shell(
      "$BBBPRUNE train \(Self.classes) -o model.safetensors --json run.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\ntest error        25.00 % (1 of 4), "), "\(outcome.output)")
    let run = try json(String(contentsOfFile: commandLine.path("run.json"), encoding: .utf8))
    #expect(run["test_error"] as? Double == 0.25 && run["test_errors"] as? Int == 1)
    #expect(run["test_examples"] as? Int == 4 && run["test_rmse"] == nil)
    #expect(run["dataset"] as? String == "my own.npz")
    #expect(run["likelihood"] as? String == "categorical")
    let evaluation = try json(
      commandLine.run("evaluate", "model.safetensors", "--images", "my own.npz", "--json", "-")
        .output)
    #expect(evaluation["errors"] as? Int == 1)
    let cost = try #require(run["test_cost"] as? Double)
    #expect(abs(try #require(evaluation["nll"] as? Double) - cost) < 1e-4 * cost)
    // What it advises can be pasted.
    let advice = "bbbprune sweep model.safetensors --images 'my own.npz'"
    #expect(outcome.output.hasSuffix("next:\n  \(advice)\n"), "\(outcome.output)")
    let sweep = try commandLine.shell("$\(advice.replacing("bbbprune", with: "BBBPRUNE"))")
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
  }

  @Test func `without test examples there is no test error`() throws {
    let outcome = try commandLine.shell(
      "$BBBPRUNE train --train 'my own.npz' --hidden 3 --epochs 1 -o model.safetensors "
        + "--json run.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("test error"))
    #expect(outcome.output.hasSuffix("next:\n  bbbprune sweep model.safetensors --images FILE\n"))
    let run = try json(String(contentsOfFile: commandLine.path("run.json"), encoding: .utf8))
    #expect(run.keys.allSatisfy { !$0.hasPrefix("test") })
  }

  @Test func `images in IDX find their labels beside them`() throws {
    let folder = commandLine.folder.appending(path: "data")
    try SmallProblem.writeTrainingDataset(to: folder)
    try SmallProblem.writeDataset(to: folder)
    let outcome = try commandLine.run(
      "train", "--train", "data/train-images-idx3-ubyte", "--test", "data/t10k-images-idx3-ubyte",
      "--hidden", "20", "--epochs", "30", "--learning-rate", "0.01", "--minibatch", "8",
      "--method", "plain", "-o", "model.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("0.00 % (0 of 4)"), "\(outcome.output)")
    #expect(
      outcome.output.hasSuffix(
        "next:\n  bbbprune sweep model.safetensors --criterion magnitude "
          + "--images data/t10k-images-idx3-ubyte\n"))
  }

  @Test func `a regression learns a plane, and reports root mean square errors`() throws {
    let outcome = try commandLine.shell(
      "$BBBPRUNE train \(Self.regression) -o model.safetensors --csv run.csv --json run.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try TensorFile(contentsOf: commandLine.path("model.safetensors"))
    let weights = try #require(file["fc1.weight"]).floats().map(Double.init)
    let bias = try #require(file["fc1.bias"]).floats().map(Double.init)
    #expect(abs(weights[0] - 2) < 0.02 && abs(weights[1] + 1) < 0.02 && abs(bias[0] - 1) < 0.02)
    #expect(file.metadata["likelihood"] == "gaussian 0.5")
    #expect(file.metadata["input_scale"] == "1.0")
    // The test error anew, from the weights in the file.
    let test = Self.curve(6, "_test", noise: 0.25)
    let inputs = try test[0].floats().map(Double.init)
    let targets = try test[1].floats().map(Double.init)
    let squares = (0..<6).map { row in
      let answer = weights[0] * inputs[2 * row] + weights[1] * inputs[2 * row + 1] + bias[0]
      return (answer - targets[row]) * (answer - targets[row])
    }
    let meanSquare = squares.reduce(0, +) / 6
    let run = try json(String(contentsOfFile: commandLine.path("run.json"), encoding: .utf8))
    #expect(abs(try #require(run["test_rmse"] as? Double) - meanSquare.squareRoot()) < 1e-5)
    let expected = meanSquare / (2 * 0.25) + log(0.5) + log(2 * .pi) / 2
    #expect(abs(try #require(run["test_cost"] as? Double) - expected) < 1e-5)
    #expect(run["test_error"] == nil && run["test_errors"] == nil)
    let epochs = try #require(run["epochs"] as? [[String: Any]])
    #expect(epochs.allSatisfy { $0["training_error"] == nil && $0["validation_error"] == nil })
    #expect(try #require(epochs.last?["validation_rmse"] as? Double) < 0.02)
    let csv = try String(contentsOfFile: commandLine.path("run.csv"), encoding: .utf8)
    #expect(
      csv.hasPrefix(
        "epoch,likelihood_cost,complexity_cost,complexity_bits_per_weight,training_rmse,"
          + "validation_rmse,validation_cost,learning_rate\n"))
    #expect(outcome.output.contains("\ntest RMSE         0.2"), "\(outcome.output)")
    #expect(!outcome.output.contains(" error ") && !outcome.errors.contains("error %"))
    let next = "sweep model.safetensors --criterion magnitude --images curve.npz"
    #expect(outcome.output.hasSuffix("next:\n  bbbprune \(next)\n"), "\(outcome.output)")
    #expect(try commandLine.output(of: next).contains("RMSE"))
  }

  @Test func `inspect shows the weights of a baseline, which have no signal-to-noise ratio`()
    throws
  {
    let short = Self.regression.replacing("--epochs 300", with: "--epochs 1")
    _ = try commandLine.shell("$BBBPRUNE train \(short) -o model.safetensors")
    let outcome = try commandLine.run("inspect", "model.safetensors", "--json", "report.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("network: multilayer perceptron 2-1;"))
    #expect(outcome.output.contains("signal-to-noise ratio |μ|/σ: none"), "\(outcome.output)")
    #expect(outcome.output.contains("\nweights (no biases)"))
    let text = try String(contentsOfFile: commandLine.path("report.json"), encoding: .utf8)
    let report = try json(text)
    #expect(report["snr_db"] == nil && report["snr_histogram"] == nil)
    #expect(report["weights"] as? Int == 2 && report["weight_histogram"] != nil)
    let plot = try commandLine.run("inspect", "model.safetensors", "--plot", "weights.svg")
    #expect(plot.exitCode == 64 && plot.errors.contains("leave out '--plot'"), "\(plot.errors)")
  }

  @Test(arguments: [OwnDataTests.classes, OwnDataTests.regression])
  func `a run on files goes on by the very command it shows`(settings: String) throws {
    // Their lines fill a pipe: a run whose lines are not read cannot end before the signal.
    let long = settings.replacing(/--epochs \d+/, with: "--epochs 2000 --save-every 500")
    let first = try commandLine.shell(
      """
      mkfifo lines
      $BBBPRUNE train \(long) -o part.safetensors 2> lines & training=$!
      exec 3< lines
      read -r header <&3; read -r units <&3; read -r epoch <&3
      kill -INT $training
      cat <&3 >&2
      wait $training
      """)
    #expect(first.exitCode == 130, "\(first.errors)")
    let command = String(try #require(first.errors.split(separator: "\n").last))
    let name = settings.contains("curve") ? "curve.npz" : "'my own.npz'"
    #expect(
      command
        == "  bbbprune train --resume part.safetensors.state --train \(name) --test \(name) --save-every 500"
    )
    let rest = try commandLine.shell(command.replacing("  bbbprune", with: "$BBBPRUNE"))
    #expect(rest.exitCode == 0, "\(rest.errors)")
    #expect(rest.output.contains("\ntest "), "\(rest.output)")
    let whole = try commandLine.shell("$BBBPRUNE train \(long) -o whole.safetensors")
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let same = try commandLine.shell("cmp part.safetensors whole.safetensors")
    #expect(same.exitCode == 0, "\(same.output)")
  }

  @Test func `a run on a file asks for it again`() throws {
    let run = try commandLine.shell(
      "$BBBPRUNE train --train curve.npz --likelihood gaussian:1 --hidden 3 --epochs 1 "
        + "--keep-state -o model.safetensors")
    #expect(run.exitCode == 0, "\(run.errors)")
    let state = "model.safetensors.state"
    let none = try commandLine.run("train", "--resume", state)
    #expect(none.exitCode == 64)
    #expect(none.errors.contains("'curve.npz': give its file again, '--train FILE'"))
    let other = try commandLine.run("train", "--resume", state, "--likelihood", "categorical")
    #expect(other.exitCode == 64 && other.errors.contains("leave out '--likelihood'"))
  }

  @Test(arguments: [
    ("", 64, "'--dataset mnist' or '--train FILE'"),
    ("--labels y.npy", 64, "--train FILE"),
    ("--dataset mnist --train curve.npz", 64, "either"),
    ("--dataset mnist --test curve.npz", 64, "leave out '--test'"),
    ("--dataset mnist --labels y.npy", 64, "leave it out beside 'mnist'"),
    ("--dataset mnist --likelihood gaussian:1", 64, "'mnist' has classes"),
    ("--dataset synthetic-digits --data .", 64, "leave out '--data'"),
    ("--train curve.npz --data .", 64, "leave it out beside '--train'"),
    ("--train 'my own.npz' --labels y --likelihood gaussian:1", 65, "one array is expected"),
    ("--train curve.npz --likelihood gaussian", 64, "--likelihood"),
    ("--train curve.npz --likelihood gaussian:0", 64, "standard deviation is 0.0"),
    ("--train curve.npz --likelihood gaussian:nan", 64, "standard deviation is nan"),
    ("--train curve.npz --likelihood gaussian:1 --input-scale 1", 64, "--input-scale"),
    ("--train curve.npz", 65, "real numbers where classes are expected"),
    ("--train data/train-images-idx3-ubyte --likelihood gaussian:1", 65, "labels are classes"),
    ("--train 'my own.npz' --test none.npz", 66, "none.npz"),
    ("--train 'my own.npz' --test more.npz", 65, "label 1 is 2"),
    ("--train 'my own.npz' --test small.npz", 65, "the network takes 4"),
    ("--train curve.npz --test small.npz --likelihood gaussian:1", 65, "the network takes 2"),
  ])
  func `data that do not fit are refused before training`(
    arguments: String, status: Int32, words: String
  ) throws {
    try SmallProblem.writeTrainingDataset(to: commandLine.folder.appending(path: "data"))
    try write(
      "more.npz",
      [
        Tensor(name: "x", shape: [2, 4], bytes: [1, 2, 3, 4, 5, 6, 7, 8]),
        Tensor(name: "y", shape: [2], bytes: [0, 2]),
      ])
    try write(
      "small.npz",
      [
        Tensor(name: "x", shape: [2, 3], bytes: [1, 2, 3, 4, 5, 6]),
        Tensor(name: "y", shape: [2], bytes: [0, 1]),
      ])
    let outcome = try commandLine.shell("$BBBPRUNE train \(arguments) -o model.safetensors")
    #expect(outcome.exitCode == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").first?.lowercased().hasPrefix("error: ") == true)
    #expect(!(try commandLine.contents().contains("model.safetensors")))
  }
}
