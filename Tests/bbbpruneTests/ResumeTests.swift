import BBBTensors
import Foundation
import Testing

/// Training that is interrupted, and goes on as if it had not been.
@Suite final class ResumeTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeTrainingDataset(to: commandLine.folder.appending(path: "data"))
  }

  deinit { commandLine.removeFolder() }

  /// Enough epochs that their lines fill a pipe: a run whose lines are not read cannot end before the
  /// signal, however slow the test is.
  static let settings =
    "--dataset mnist --data data --hidden 5 --minibatch 10 --epochs 700 --validation 3 --save-every 500"

  /// Trains until the first epoch has been reported, then sends signals.
  func interrupted(_ settings: String, signals: String) throws -> CommandLine.Outcome {
    try commandLine.shell(
      """
      mkfifo lines
      $BBBPRUNE train \(settings) -o part.safetensors 2> lines & training=$!
      exec 3< lines
      read -r header <&3; read -r units <&3; read -r epoch <&3
      for signal in \(signals); do kill -$signal $training; done
      cat <&3 >&2
      rm lines
      wait $training
      """)
  }

  @Test(arguments: [
    ("INT", 130, ""), ("TERM", 143, "--method map --l2 1e-4 --optimizer momentum"),
    ("INT", 130, "--local-reparametrisation"),
  ])
  func `a run goes on bit by bit where it was interrupted`(
    signal: String, status: Int32, method: String
  ) throws {
    let settings = "\(Self.settings) \(method)"
    let first = try interrupted("\(settings) --csv part.csv", signals: signal)
    #expect(first.exitCode == status, "\(first.errors)")
    #expect(first.errors.contains("interrupted after step"))
    let advice =
      "bbbprune train --resume part.safetensors.state --csv part.csv --data data --save-every 500"
    #expect(first.errors.contains(advice), "\(first.errors)")
    #expect(
      try commandLine.contents()
        == ["data", "part.safetensors", "part.safetensors.state", "part.csv"])
    // By the very command it says, but for the threads; then the same without an interruption.
    let rest = try commandLine.shell("$BBBPRUNE \(advice.dropFirst("bbbprune ".count)) --threads 3")
    #expect(rest.exitCode == 0, "\(rest.errors)")
    let whole = try commandLine.shell(
      "$BBBPRUNE train \(settings) -o whole.safetensors --csv whole.csv")
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let same = try commandLine.shell(
      "cmp part.safetensors whole.safetensors && cmp part.csv whole.csv")
    #expect(same.exitCode == 0, "\(same.output)")
    #expect(!(try commandLine.contents().contains("part.safetensors.state")))
  }

  @Test func `a second signal ends at once, and leaves no temporary file`() throws {
    let outcome = try interrupted(Self.settings, signals: "INT INT")
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    #expect(try commandLine.contents().allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test func `a kept state goes on from its last save`() throws {
    let short = "--dataset mnist --data data --hidden 5 --epochs 4 --keep-state"
    _ = try commandLine.shell("$BBBPRUNE train \(short) -o model.safetensors")
    let again = try commandLine.run(
      "train", "--resume", "model.safetensors.state", "--data", "data", "-o", "again.safetensors")
    #expect(again.exitCode == 0, "\(again.errors)")
    let same = try commandLine.shell("cmp model.safetensors again.safetensors")
    #expect(same.exitCode == 0, "\(same.output)")
    #expect(try commandLine.contents().contains("model.safetensors.state"))
  }

  @Test func `what does not fit the saved run is refused in one sentence`() throws {
    let short = "--dataset mnist --data data --hidden 5 --epochs 4 --keep-state"
    _ = try commandLine.shell("$BBBPRUNE train \(short) -o model.safetensors")
    func resume(_ arguments: String) throws -> CommandLine.Outcome {
      try commandLine.shell("$BBBPRUNE train --data data --resume \(arguments)")
    }
    for option in [
      "--epochs 9", "--seed 2", "--prior gaussian:1", "--dataset mnist", "--validation 0",
    ] {
      let outcome = try resume("model.safetensors.state \(option)")
      #expect(outcome.exitCode == 64)
      let name = try #require(option.split(separator: " ").first)
      #expect(outcome.errors.contains("leave out '\(name)'"), "\(outcome.errors)")
    }
    // A new run would overwrite the state.
    let anew = try commandLine.shell("$BBBPRUNE train \(short) -o model.safetensors")
    #expect(anew.exitCode == 64 && anew.errors.contains("--resume model.safetensors.state"))
    // A checkpoint is no state, and half a state neither.
    let checkpoint = try resume("model.safetensors -o x.safetensors")
    #expect(checkpoint.exitCode == 65)
    #expect(checkpoint.sentence?.contains("holds no saved training run") == true)
    let half = try commandLine.shell(
      "head -c 3000 model.safetensors.state > half.state; "
        + "$BBBPRUNE train --data data --resume half.state -o x.safetensors")
    #expect(half.exitCode == 65 && half.sentence?.contains("half.state") == true)
    // One pixel differs.
    let images = URL(filePath: commandLine.path("data/train-images-idx3-ubyte"))
    var bytes = try Data(contentsOf: images)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: images)
    let other = try resume("model.safetensors.state")
    #expect(other.exitCode == 65)
    #expect(other.sentence?.contains("give the same data") == true, "\(other.errors)")
  }
}
