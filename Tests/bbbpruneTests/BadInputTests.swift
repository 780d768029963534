import BBBTensors
import Foundation
import Testing

/// Whatever is wrong: one sentence, a non-zero exit, and no file left half written.
@Suite final class BadInputTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  /// Checks that a run fails with one sentence that contains `words`, and leaves no new file.
  func expectSentence(
    _ words: String..., exitCode: Int32? = nil, from run: () throws -> CommandLine.Outcome
  ) throws {
    let before = try commandLine.contents()
    let outcome = try run()
    #expect(outcome.exitCode != 0)
    if let exitCode { #expect(outcome.exitCode == exitCode) }
    let sentence = try #require(outcome.sentence, "not one sentence: \(outcome.errors)")
    for word in words { #expect(sentence.contains(word), "\(word) in: \(sentence)") }
    #expect(try commandLine.contents() == before)
  }

  @Test func `a missing file`() throws {
    for command in ["inspect", "evaluate"] {
      let arguments = command == "evaluate" ? ["--dataset", "mnist", "--data", "data"] : []
      try expectSentence("nowhere.pt", exitCode: 66) {
        try commandLine.shell("$BBBPRUNE \(command) nowhere.pt \(arguments.joined(separator: " "))")
      }
    }
    try expectSentence("nowhere.bbbz", exitCode: 66) {
      try commandLine.run("predict", "nowhere.bbbz", "--input", "x.npy")
    }
  }

  @Test func `a histogram of a model without σ, or to standard output`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let model = try commandLine.run("inspect", "m.bbbz", "--plot", "m.svg")
    #expect(model.exitCode == 64 && model.output.isEmpty)
    #expect(model.errors.contains("'m.bbbz' is a .bbbz model, which holds no σ"))
    #expect(try !commandLine.contents().contains("m.svg"))
    let stream = try commandLine.run("inspect", "model.safetensors", "--plot", "-")
    #expect(stream.exitCode == 64 && stream.errors.contains("name a file instead of '-'"))
    let twice = try commandLine.run(
      "inspect", "model.safetensors", "--plot", "out", "--json", "out")
    #expect(twice.exitCode == 64 && twice.errors.contains("both write 'out'"))
  }

  @Test func `a folder where a file is expected`() throws {
    try expectSentence("data") { try commandLine.run("inspect", "data") }
  }

  @Test func `an empty file, and one of no known format`() throws {
    try Data().write(to: URL(filePath: commandLine.path("empty")))
    try expectSentence("empty", exitCode: 65) { try commandLine.run("inspect", "empty") }
    try Data("hello, this is text".utf8).write(to: URL(filePath: commandLine.path("text")))
    try expectSentence("text", "safetensors", exitCode: 65) {
      try commandLine.run("inspect", "text")
    }
  }

  @Test func `means without standard deviations`() throws {
    let tensors = SmallProblem.tensors.filter { !$0.name.hasSuffix("rho") }
    try SmallProblem.writeCheckpoint(to: commandLine.path("means.safetensors"), tensors)
    try expectSentence("fc1.weight_mu") { try commandLine.run("inspect", "means.safetensors") }
  }

  @Test func `a tensor that no convention knows is listed, with the way to name it`() throws {
    let tensors = [Tensor(name: "layer.strange", shape: [2, 2], floats: [1, 2, 3, 4])]
    try SmallProblem.writeCheckpoint(to: commandLine.path("odd.safetensors"), tensors)
    try expectSentence("layer.strange", "--mean", "--scale", "--scale-is", exitCode: 65) {
      try commandLine.run("inspect", "odd.safetensors")
    }
  }

  @Test(arguments: ["infinite", "nan", "infinite mean", "shapes"])
  func `values and shapes that no posterior can have`(lie: String) throws {
    var tensors = SmallProblem.tensors.filter { $0.name.hasPrefix("fc2.weight") }
    let mean = Tensor(
      name: "w", shape: [2, 3],
      floats: [1, 2, 3, lie == "infinite mean" ? .infinity : 4, 5, 6])
    let bad: Float = ["infinite": .infinity, "nan": .nan][lie] ?? 1
    let shape = lie == "shapes" ? [3, 2] : [2, 3]
    tensors = [mean, Tensor(name: "w.sigma", shape: shape, floats: [1, 1, 1, bad, 1, 1])]
    try SmallProblem.writeCheckpoint(to: commandLine.path("bad.safetensors"), tensors)
    let place = lie == "shapes" ? "shape" : "index 3"
    try expectSentence("bad.safetensors", "\"w", place, exitCode: 65) {
      try commandLine.run("export", "bad.safetensors", "--sparsity", "0.5", "-o", "bad.bbbz")
    }
  }

  @Test(arguments: ["-0.1", "1.5", "95"])
  func `a sparsity outside 0…1`(sparsity: String) throws {
    try expectSentence("between 0 and 1", exitCode: 64) {
      try commandLine.run(
        "export", "model.safetensors", "--sparsity=\(sparsity)", "-o", "model.bbbz")
    }
    try expectSentence("between 0 and 1", exitCode: 64) {
      try commandLine.run(
        "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data",
        "--sparsity=0,\(sparsity)")
    }
  }

  @Test func `an output that cannot be written`() throws {
    try expectSentence("nowhere/model.bbbz", exitCode: 74) {
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "-o", "nowhere/model.bbbz")
    }
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full, which Linux has"))
  func `a full disk`() throws {
    // A device that is always full, under a name with the right ending.
    try FileManager.default.createSymbolicLink(
      atPath: commandLine.path("full.bbbz"), withDestinationPath: "/dev/full")
    try expectSentence("full.bbbz", exitCode: 74) {
      try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "full.bbbz")
    }
    try expectSentence("standard output") {
      try commandLine.shell("$BBBPRUNE inspect model.safetensors > /dev/full")
    }
    // No file may grow: the old file stays, and nothing is left beside it.
    try Data("old".utf8).write(to: URL(filePath: commandLine.path("old.bbbz")))
    try expectSentence("old.bbbz") {
      try commandLine.shell(
        "(ulimit -f 0; $BBBPRUNE export model.safetensors --sparsity 0.5 -o old.bbbz 2>&1) | cat >&2; exit 74"
      )
    }
    #expect(try String(contentsOfFile: commandLine.path("old.bbbz"), encoding: .utf8) == "old")
  }

  @Test func `images of the wrong size, and labels out of range`() throws {
    try SmallProblem.writeDataset(
      to: commandLine.folder.appending(path: "wide"), images: [.init(repeating: 9, count: 9)],
      labels: [0], side: 3)
    try expectSentence("9", "4", exitCode: 65) {
      try commandLine.run("evaluate", "model.safetensors", "--dataset", "mnist", "--data", "wide")
    }
    try SmallProblem.writeDataset(
      to: commandLine.folder.appending(path: "labels"), labels: [0, 1, 2, 1])
    try expectSentence("label 2 is 2", exitCode: 65) {
      try commandLine.run("sweep", "model.safetensors", "--dataset", "mnist", "--data", "labels")
    }
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let images = Tensor(name: "x", shape: [2, 5], floats: .init(repeating: 1, count: 10))
    try NPYEncoder.encode(images).write(to: URL(filePath: commandLine.path("x.npy")))
    try expectSentence("x.npy", "4", exitCode: 65) {
      try commandLine.run("predict", "m.bbbz", "--input", "x.npy")
    }
  }

  @Test func `inputs whose shape promises more than the file holds`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    for shape in ["4611686018427387904, 0", "0, 4", "0"] {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape),), }\n"
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
      try Data(bytes).write(to: URL(filePath: commandLine.path("x.npy")))
      try expectSentence("x.npy", exitCode: 65) {
        try commandLine.run("predict", "m.bbbz", "--input", "x.npy")
      }
    }
  }

  @Test func `names that would steer the terminal`() throws {
    let tensors = [
      Tensor(name: "a\u{1B}[31m\nX.weight_mu", shape: [2, 2], floats: [1, 2, 3, 4])
    ]
    try SmallProblem.writeCheckpoint(to: commandLine.path("odd.safetensors"), tensors)
    try expectSentence("X.weight_mu") { try commandLine.run("inspect", "odd.safetensors") }
    let outcome = try commandLine.run("inspect", "odd.safetensors")
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func `outputs that would overwrite an input or one another`() throws {
    let outcomes = [
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "-o", "./model.safetensors"),
      try commandLine.run("inspect", "model.safetensors", "--json", "model.safetensors"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz", "--json", "m.bbbz"),
      try commandLine.run(
        "sweep", "model.safetensors", "--dataset", "mnist", "--data", "data", "--csv", "c",
        "--plot", "c"),
    ]
    for outcome in outcomes { #expect(outcome.exitCode == 64, "\(outcome.output)") }
    #expect(try commandLine.run("inspect", "model.safetensors").exitCode == 0)
  }

  @Test func `options that would be ignored`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let outcomes = [
      try commandLine.run("inspect", "m.bbbz", "--input-scale", "1/3"),
      try commandLine.run(
        "evaluate", "m.bbbz", "--layers", "4,3,2", "--dataset", "mnist", "--data", "data"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--values", "float16", "-o", "x.npz"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--precision", "0.1", "-o", "x.npz"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--precision", "0.1", "--values",
        "float16", "-o", "x.bbbz"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--holdout", "0.5", "-o", "x.bbbz"),
      try commandLine.run(
        "export", "model.safetensors", "--sparsity", "0.5", "--precision", "0", "-o", "x.bbbz"),
      try commandLine.run(
        "evaluate", "m.bbbz", "--images", "x.npy", "--labels", "y.npy", "--data", "data"),
    ]
    for outcome in outcomes { #expect(outcome.exitCode == 64, "\(outcome.output)") }
  }

  @Test func `no dataset, and how to give one`() throws {
    try expectSentence("bbbprune data mnist", "--data", "BBBPRUNE_DATA") {
      try commandLine.run("evaluate", "model.safetensors", "--dataset", "mnist")
    }
    try expectSentence("typo", "no such folder") {
      try commandLine.run(
        "evaluate", "model.safetensors", "--dataset", "mnist", "--data", "typo")
    }
  }

  @Test func `a model cut short at every fiftieth of its length, or with a bit flipped`() throws {
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    let whole = try Data(contentsOf: URL(filePath: commandLine.path("m.bbbz")))
    let bad = URL(filePath: commandLine.path("bad.bbbz"))
    for part in stride(from: 0, to: 50, by: 7) {
      try whole.prefix(whole.count * part / 50).write(to: bad)
      try expectSentence("bad.bbbz") { try commandLine.run("inspect", "bad.bbbz") }
      var flipped = whole
      flipped[whole.count * part / 50] ^= 0x10
      try flipped.write(to: bad)
      try expectSentence("bad.bbbz") { try commandLine.run("inspect", "bad.bbbz") }
    }
  }

  @Test func `wrong usage is explained with exit code 64`() throws {
    let outcomes = [
      try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "model.onnx"),
      try commandLine.run("sweep", "model.safetensors"),
      try commandLine.run("sweep", "model.safetensors", "--dataset", "mnist", "--criterion", "x"),
      try commandLine.run("export", "model.safetensors", "-o", "m.bbbz"),
      try commandLine.run(
        "export", "model.safetensors", "--max-error-increase", "0.1", "-o", "m.bbbz"),
      try commandLine.run("fly"),
    ]
    for outcome in outcomes {
      #expect(outcome.exitCode == 64)
      #expect(outcome.errors.contains("Error: "))
    }
  }

  @Test(arguments: [
    ("export model.safetensors -o m.bbbz --sparsity -0.1", "sparsity -0.1 is not between 0 and 1"),
    ("export model.safetensors -o m.bbbz --max-error-increase -1 --dataset mnist", "from 0 to 100"),
    ("export model.safetensors -o m.bbbz --sparsity 0 --precision -1", "'-1' is invalid for"),
    ("sweep --sparsity -0.1", "sparsity -0.1 is not between 0 and 1"),
    ("sweep --steps -1", "from 1 to 1000"), ("sweep --samples -1", "from 1 to 1000"),
    ("sweep --tolerance -1", "above 0 and at most 100"), ("sweep --threads -2", "at least 1"),
    ("sweep --seed -2", "'-2' is invalid for"),
    ("evaluate model.safetensors --dataset mnist --samples -1", "from 1 to 10000"),
    ("export model.safetensors --sparsity 0 -o .bbbz", "an ending without a name"),
    ("train --dataset mnist -o .safetensors", "an ending without a name"),
  ])
  func `a negative number is a number, and an ending is no name`(
    arguments: String, words: String
  ) throws {
    let outcome = try commandLine.shell("$BBBPRUNE \(arguments)")
    #expect(outcome.exitCode == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `what was subtracted from inputs may be negative`() throws {
    let outcome = try commandLine.run("inspect", "model.safetensors", "--input-mean", "-0.5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  @Test func `a conflict shows the usage of the command that met it`() throws {
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0", "-o", "m.bbbz", "--json", "m.bbbz")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("both write"))
    #expect(outcome.errors.contains("\nUsage: bbbprune export [<options>]"), "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("  See 'bbbprune export --help' for more information.\n"))
  }
}
