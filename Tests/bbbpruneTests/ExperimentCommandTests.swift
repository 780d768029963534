import BBBTensors
import Foundation
import TestSupport
import Testing

/// `bbbprune experiment`, with settings that take a moment.
@Suite final class ExperimentCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  /// Forty mushrooms, of which the fifth attribute tells whether they are edible.
  private func writeMushrooms() throws {
    try FileManager.default.createDirectory(
      atPath: commandLine.path("data/mushroom"), withIntermediateDirectories: true)
    let lines = (0..<40).map { number in
      var values = [String](repeating: "w", count: 23)
      values[0] = number % 2 == 0 ? "e" : "p"
      values[5] = number % 2 == 0 ? "n" : "f"
      values[9] = number % 3 == 0 ? "?" : "b"
      return values.joined(separator: ",")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8)
      .write(to: URL(filePath: commandLine.path("data/mushroom/agaricus-lepiota.data")))
  }

  private let small = ["--data", "data", "--hidden", "8", "--agents", "bayes,greedy-5"]

  private func bandit(_ arguments: String...) throws -> CommandLine.Outcome {
    try commandLine.run(["experiment", "bandit"] + small + arguments)
  }

  private func content(_ name: String) throws -> String {
    try String(contentsOfFile: commandLine.path(name), encoding: .utf8)
  }

  @Test func `the bandit writes table, CSV, JSON and figure, and goes on`() throws {
    try writeMushrooms()
    let whole = try bandit("-o", "whole", "--runs", "2", "--steps", "150", "--threads", "2")
    #expect(whole.exitCode == 0, "\(whole.errors)")
    #expect(whole.output.contains("Bayes by Backprop") && whole.output.contains("ε-greedy 5 %"))
    #expect(whole.output.contains("regret after 150 mushrooms"))
    let files = [
      "bandit.json", "bayes-run1.state", "bayes-run2.state", "greedy-5-run1.state",
      "greedy-5-run2.state", "regret.csv", "regret.svg",
    ]
    let found = try FileManager.default.contentsOfDirectory(atPath: commandLine.path("whole"))
    #expect(found.sorted() == files)
    #expect(try content("whole/regret.csv").split(separator: "\n").count == 1 + 2 * 2 * 2)
    #expect(try content("whole/regret.svg").hasPrefix("<svg"))

    _ = try bandit("-o", "parts", "--runs", "1", "--steps", "60", "--threads", "1")
    let parts = try bandit("-o", "parts", "--runs", "2", "--steps", "150", "--json", "-")
    for name in files {
      let contents = try ["whole/", "parts/"].map { folder in
        try Data(contentsOf: URL(filePath: commandLine.path(folder + name)))
      }
      #expect(contents[0] == contents[1], "\(name)")
    }
    #expect(parts.output == (try content("whole/bandit.json")))

    let other = try bandit("-o", "whole", "--steps", "150", "--seed", "1")
    #expect(other.exitCode == 65)
    #expect(other.sentence?.contains("other settings") == true, "\(other.errors)")
  }

  @Test func `an interrupted bandit goes on as if nothing had happened`() throws {
    try writeMushrooms()
    let arguments = (["experiment", "bandit"] + small + ["--runs", "1", "--steps", "300"])
      .joined(separator: " ")
    // Interrupted as soon as it reports progress, wherever it is then.
    let stopped = try commandLine.shell(
      """
      mkfifo lines
      "$BBBPRUNE" \(arguments) -o stopped 2> lines & id=$!
      exec 3< lines
      read -r line <&3
      kill -INT $id
      cat <&3 > /dev/null
      rm lines
      wait $id
      echo "exit $?"
      """)
    #expect(
      stopped.output.contains("exit 130") || stopped.output.contains("exit 0"), "\(stopped)")
    for folder in ["stopped", "whole"] {
      let outcome = try commandLine.run(
        arguments.split(separator: " ").map(String.init) + ["-o", folder])
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    #expect(try content("stopped/regret.csv") == content("whole/regret.csv"))
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: commandLine.path("stopped"))
    #expect(!leftovers.contains { $0.hasSuffix(".tmp") })
  }

  @Test(arguments: [
    (["--agents", "bayes,bayes"], "--agents"), (["--agents", "greedy"], "--agents"),
    (["--runs", "0"], "--runs"), (["--steps", "-1"], "--steps"),
    (["--learning-rate", "-1"], "learning rate"), (["--deviation", "0"], "deviation"),
  ])
  func `settings that make no sense`(arguments: [String], part: String) throws {
    try writeMushrooms()
    let outcome = try commandLine.run(
      ["experiment", "bandit", "--data", "data", "--steps", "2", "--runs", "1", "-o", "new"]
        + arguments)
    #expect(outcome.exitCode == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test func `no mushrooms, and a folder that cannot be`() throws {
    let missing = try commandLine.run("experiment", "bandit", "-o", "new")
    #expect(missing.exitCode == 66)
    #expect(missing.sentence?.contains("bbbprune data mushroom") == true, "\(missing.errors)")
    try writeMushrooms()
    try Data().write(to: URL(filePath: commandLine.path("file")))
    let taken = try bandit("-o", "file")
    #expect(taken.exitCode == 74)
    #expect(taken.sentence?.hasPrefix("file: ") == true, "\(taken.errors)")
  }

  @Test func `the regression writes table, CSV, JSON and figure`() throws {
    let outcome = try commandLine.run(
      "experiment", "regression", "-o", "curve", "--epochs", "20", "--hidden", "10", "--draws",
      "20",
      "--examples", "50", "--json", "copy.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("inside") && outcome.output.contains("plain network"))
    #expect(try content("curve/regression.csv").split(separator: "\n").count == 1 + 281)
    #expect(try content("curve/regression.svg").hasPrefix("<svg"))
    #expect(try content("curve/regression.json") == content("copy.json"))
    let json = try JSONSerialization.jsonObject(with: Data(try content("copy.json").utf8))
    let settings = try #require((json as? [String: Any])?["settings"] as? [String: Any])
    #expect(settings["epochs"] as? Int == 20 && settings["hiddenSizes"] as? [Int] == [10])
  }

  @Test(arguments: [
    (["--start", "1"], "--end"), (["--draws", "0"], "--draws"), (["--epochs", "0"], "epochs"),
    (["--examples", "0"], "--examples"), (["--deviation", "-1"], "deviation"),
  ])
  func `settings of the regression that make no sense`(arguments: [String], part: String) throws {
    let outcome = try commandLine.run(["experiment", "regression", "-o", "new"] + arguments)
    #expect(outcome.exitCode == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }
}
