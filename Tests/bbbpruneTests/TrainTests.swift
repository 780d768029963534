import BBBTensors
import Foundation
import Testing

/// `bbbprune train`, from a dataset to a checkpoint.
@Suite final class TrainTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeTrainingDataset(to: commandLine.folder.appending(path: "data"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  func train(_ arguments: String) throws -> CommandLine.Outcome {
    try commandLine.shell("$BBBPRUNE train --dataset mnist --data data --minibatch 8 \(arguments)")
  }

  @Test func `a posterior is learned, and sweep reads it`() throws {
    let outcome = try train(
      "--hidden 20 --epochs 40 --learning-rate 0.01 --initial-rho -6 --validation 4 "
        + "--csv run.csv --json run.json -o model.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("validation error  0.00 % (0 of 4)"), "\(outcome.output)")
    #expect(outcome.output.contains("next:\n  bbbprune sweep model.safetensors --dataset mnist"))
    // What is left out, in two lines; two lines of header, one for each epoch; a state is for runs that are not finished.
    #expect(outcome.errors.split(separator: "\n").count == 44)
    #expect(try commandLine.contents() == ["data", "run.csv", "run.json", "model.safetensors"])
    let sweep = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0")
    #expect(
      sweep.exitCode == 0 && sweep.output.contains(" 0.00 "), "\(sweep.output)\(sweep.errors)")
  }

  @Test func `each epoch is a record of the CSV and of the JSON`() throws {
    let outcome = try train(
      "--hidden 20 --epochs 3 --validation 4 --csv run.csv --json run.json -o model.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = try String(contentsOfFile: commandLine.path("run.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(
      lines[0] == [
        "epoch", "likelihood_cost", "complexity_cost", "complexity_bits_per_weight",
        "training_error", "validation_error", "validation_cost", "learning_rate",
      ])
    #expect(lines.dropFirst().map { $0[0] } == ["1", "2", "3"])
    for line in lines.dropFirst() {
      let numbers = try line.map { try #require(Double($0)) }
      // 20 examples; 4 × 20 + 20 + 20 × 2 + 2 weights and biases; a nat is 1 / log 2 bits.
      let bits = numbers[2] * 20 / 142 / log(2)
      #expect(abs(numbers[3] - bits) < 1e-9 * abs(bits))
      #expect(numbers[4] >= 0 && numbers[4] <= 1 && numbers[5] >= 0 && numbers[5] <= 1)
    }
    let data = try Data(contentsOf: URL(filePath: commandLine.path("run.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let epochs = try #require(json["epochs"] as? [[String: Any]])
    #expect(
      epochs.compactMap { $0["likelihood_cost"] as? Double }
        == lines.dropFirst().compactMap { Double($0[1]) })
    #expect(json["layer_sizes"] as? [Int] == [4, 20, 2])
    #expect(json["examples"] as? Int == 20 && json["validation_examples"] as? Int == 4)
  }

  @Test func `a checkpoint describes its network and names no folder`() throws {
    _ = try train("--hidden 3 --epochs 1 --input-scale 1/255 -o model.safetensors")
    let images = commandLine.path("data/train-images-idx3-ubyte")
    let labels = commandLine.path("data/train-labels-idx1-ubyte")
    let own = try commandLine.run(
      "train", "--train", images, "--labels", labels, "--epochs", "1", "--hidden", "",
      "--precision", "float16", "-o", "own.safetensors")
    #expect(own.exitCode == 0, "\(own.errors)")
    let model = try TensorFile(contentsOf: commandLine.path("model.safetensors"))
    #expect(model.metadata["dataset"] == "mnist")
    #expect(model.metadata["arch"] == "4-3-2 relu")
    #expect(model.metadata["likelihood"] == "categorical")
    // A sixth of the examples is set aside.
    #expect(model.metadata["examples"] == "20" && model.metadata["validation_examples"] == "4")
    let other = try TensorFile(contentsOf: commandLine.path("own.safetensors"))
    #expect(other.metadata["dataset"] == "train-images-idx3-ubyte")
    #expect(other.metadata.values.allSatisfy { !$0.contains(commandLine.folder.path) })
    #expect(other.tensors.allSatisfy { $0.elementType == .float16 })
    #expect(try commandLine.run("inspect", "own.safetensors").output.contains("4-2"))
  }

  @Test(arguments: ["plain", "map --l2 1e-3", "map --l1 1e-4", "dropout --input-dropout 0.1"])
  func `baselines learn one value for each weight`(method: String) throws {
    let outcome = try train(
      "--method \(method) --hidden 30 --epochs 30 --learning-rate 0.01 --validation 4 "
        + "--csv run.csv -o model.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("validation error  0.00 %"), "\(outcome.output)")
    #expect(!outcome.output.contains("complexity"))
    let names = try TensorFile(contentsOf: commandLine.path("model.safetensors")).tensors.map(
      \.name)
    #expect(Set(names) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
    // They can be measured and pruned, but not by what they lack.
    let sweep = try commandLine.run(
      "sweep", "model.safetensors", "--criterion", "magnitude", "--dataset", "mnist", "--data",
      "data", "--sparsity", "0")
    #expect(
      sweep.exitCode == 0 && sweep.output.contains(" 0.00 "), "\(sweep.output)\(sweep.errors)")
    let evaluation = try commandLine.run(
      "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "data")
    #expect(evaluation.output.contains("(0 of 4"), "\(evaluation.errors)")
    let ratio = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.5", "-o", "model.bbbz")
    #expect(ratio.exitCode == 65)
    #expect(ratio.sentence?.contains("--criterion magnitude") == true, "\(ratio.errors)")
    let csv = try String(contentsOfFile: commandLine.path("run.csv"), encoding: .utf8)
    #expect(
      csv.split(separator: "\n").allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false).count == 8
      })
  }

  @Test(arguments: ["", "--local-reparametrisation", "--draws 2", "--method dropout"])
  func `the number of threads changes no bit`(method: String) throws {
    for threads in 1...3 {
      // More units than one thread's share, and a last share that is not full.
      let outcome = try train(
        "\(method) --hidden 200,70 --epochs 2 --threads \(threads) -o \(threads).safetensors")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    let same = try commandLine.shell(
      "cmp 1.safetensors 2.safetensors && cmp 1.safetensors 3.safetensors")
    #expect(same.exitCode == 0, "\(same.output)")
  }

  @Test func `a diverging run stops with the step, the layer and a suggestion`() throws {
    let outcome = try train(
      "--hidden 20 --optimizer sgd --learning-rate 1e9 --epochs 9 -o model.safetensors")
    #expect(outcome.exitCode == 65)
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    for word in ["error: ", "step ", "epoch 1", "layer fc", "lower --learning-rate"] {
      #expect(sentence.contains(word), "\(word) in: \(sentence)")
    }
    #expect(try commandLine.contents() == ["data"])
  }

  @Test func `a run at chance says so, and what to try`() throws {
    let outcome = try train(
      "--hidden 20 --epochs 2 --learning-rate 1e-30 --json run.json -o model.safetensors")
    #expect(outcome.exitCode == 0)
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    for word in ["warning: model.safetensors: ", "same answer", "--learning-rate", "1e-30"] {
      #expect(sentence.contains(word), "\(word) in: \(sentence)")
    }
    let json = try String(contentsOfFile: commandLine.path("run.json"), encoding: .utf8)
    #expect(json.contains("\"verdict\" : \"at_chance\""))
  }

  @Test(arguments: [
    ("--learning-rate 1e6", "diverged", "lower '--learning-rate' (it was 1000000.0)"),
    ("--prior gaussian:1e-4", "prior_too_narrow", "widen '--prior' (its standard"),
  ])
  func `advice fits what went wrong`(options: String, verdict: String, advice: String) throws {
    let outcome = try train(
      "--hidden 4 --epochs 2 \(options) --json run.json -o m.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains(advice), "\(outcome.errors)")
    #expect(!outcome.errors.contains("raise"))
    let json = try String(contentsOfFile: commandLine.path("run.json"), encoding: .utf8)
    #expect(json.contains("\"verdict\" : \"\(verdict)\""))
  }

  @Test func `a posterior that collapsed onto the prior is told of, and by inspect and sweep`()
    throws
  {
    let outcome = try train(
      "--hidden 20 --epochs 150 --learning-rate 0.05 --temperature 1000 --prior gaussian:1 "
        + "-o model.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let sentence = try #require(outcome.errors.split(separator: "\n").last)
    for word in ["warning: model.safetensors: ", "collapsed", "--temperature' (it was 1000.0)"] {
      #expect(sentence.contains(word), "\(word) in: \(sentence)")
    }
    let inspect = try commandLine.run("inspect", "model.safetensors")
    #expect(
      inspect.output.contains("fit to prune by |μ|/σ: no: the posterior of fc1 has collapsed"))
    let sweep = try commandLine.run(
      "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--sparsity", "0")
    #expect(sweep.errors.contains("warning: model.safetensors: the posterior of fc1 has collapsed"))
    // Magnitude asks nothing of σ.
    let magnitude = try commandLine.run(
      "export", "model.safetensors", "--criterion", "magnitude", "--sparsity", "0.5", "-o",
      "m.bbbz")
    #expect(!magnitude.errors.contains("collapsed"))
  }

  @Test(arguments: [
    ("--method point -o m.safetensors", "--method"),
    ("--dropout 0.5 -o m.safetensors", "--dropout"),
    ("--method plain --prior gaussian:1 -o m.safetensors", "--prior"),
    ("--method plain --l2 1 -o m.safetensors", "--method map"),
    ("--method map -o m.safetensors", "--l2"),
    ("--method map --l1 1 --dropout 0.5 -o m.safetensors", "--method dropout"),
    ("--draws 2 --local-reparametrisation -o m.safetensors", "--draws"),
    ("--step-factor 0.1 -o m.safetensors", "--schedule step"),
    ("--optimizer sgd --momentum 0.9 -o m.safetensors", "--momentum"),
    ("--validation 24 -o m.safetensors", "24 examples"),
    ("--validation=-1 -o m.safetensors", "--validation"),
    ("--save-every 0 -o m.safetensors", "--save-every"),
    ("--hidden 3,,3 -o m.safetensors", "--hidden"),
    ("--hidden 100000,100000 -o m.safetensors", "smaller layers"),
    ("--draws 11 -o m.safetensors", "1 to 10"),
    ("--epochs 0 -o m.safetensors", "epochs"),
    ("--learning-rate=-1 -o m.safetensors", "learning rate"),
    ("--prior mixture:0.5,0.1,1 -o m.safetensors", "larger one first"),
    ("--csv m.safetensors -o m.safetensors", "both write"),
    ("--csv - -o m.safetensors", "--json"),
    ("-o m.pt", ".safetensors"),
    ("--epochs 1", "-o model.safetensors"),
    ("--train x -o m.safetensors", "--train"),
  ])
  func `options that make no sense are refused`(arguments: String, word: String) throws {
    let outcome = try train(arguments)
    #expect(outcome.exitCode == 64, "\(outcome.output)")
    #expect(outcome.errors.contains(word), "\(word) in: \(outcome.errors)")
    #expect(try commandLine.contents() == ["data"])
  }

  @Test func `a place that cannot be written is noticed before training`() throws {
    let outcome = try train("--epochs 100000 -o nowhere/model.safetensors")
    #expect(outcome.exitCode == 74)
    #expect(outcome.sentence?.contains("nowhere/model.safetensors") == true)
  }
}
