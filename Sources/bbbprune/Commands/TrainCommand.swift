import ArgumentParser
import BBBConditioning
import BBBErrors
import BBBTensors
import BBBTraining
import Foundation

/// `bbbprune train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a network by Bayes by Backprop, or a baseline.",
    discussion: """
      Learns a mean and a standard deviation for every weight of a fully connected network (Blundell \
      et al. 2015) and writes a checkpoint that 'sweep' and 'export' read. Shows each epoch on \
      standard error. Ctrl-C finishes the step and saves; '--resume' goes on as if nothing had \
      happened.

      Examples:
        bbbprune train --dataset mnist -o model.safetensors
        bbbprune train --dataset mnist --hidden 400,400 -o small.safetensors
        bbbprune train --dataset mnist --network residual.txt -o residual.safetensors
        bbbprune train --resume model.safetensors.state
        bbbprune train --train own.npz --test own.npz -o model.safetensors
        bbbprune train --train xy.npz --likelihood gaussian:0.1 -o xy.safetensors
        bbbprune train --dataset mnist --method plain -o plain.safetensors
        bbbprune train --dataset mnist --method map --l2 1e-5 -o map.safetensors
        bbbprune train --dataset mnist --method dropout -o dropout.safetensors
      """)

  @OptionGroup(title: "Output") var output: TrainingOutputOptions

  @Option(
    help: ArgumentHelp(
      "Go on with an interrupted run, bit by bit as if it had not stopped; the run knows its "
        + "settings, so give none of its settings again.", valueName: "state"))
  var resume: String?

  @OptionGroup var threads: ThreadOption
  @OptionGroup(title: "Data") var data: TrainingDataOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Bayes by Backprop (--method bayes)") var bayes: BayesOptions
  @OptionGroup(title: "Baselines (--method map, --method dropout)") var point: PointOptions

  func validate() throws {
    try data.check(isResuming: resume != nil, likelihood: training.chosenLikelihood)
    _ = try output.checkpointPath(resumed: resume)
    if resume != nil {
      let given = data.given + training.given + bayes.given + point.given
      if let option = given.first {
        throw ValidationError(
          "A resumed run keeps the settings it began with: leave out '\(option)'.")
      }
    } else if method == .bayes {
      if let option = point.given.first {
        throw ValidationError(
          "'\(option)' is for weights without a distribution: leave it out, or give another "
            + "'--method'.")
      }
    } else {
      if let option = bayes.given.first {
        throw ValidationError(
          "'\(option)' is for '--method bayes': leave it out, or use that method.")
      }
      try point.check(method)
    }
  }

  private var method: TrainingOptions.MethodName { training.method ?? .bayes }

  func run() throws {
    let checkpoint = try output.checkpointPath(resumed: resume)
    let files = TrainingFiles(
      checkpoint: checkpoint, csv: output.csv, keepsState: output.keepState)
    try checkOutputs(files)
    let (session, test) =
      try resume.map { try resumed(SavedRun(path: $0), files) } ?? started(files)
    let byteCount = try session.finish()
    let verdict = try TrainingVerdict(session)
    let summary = TrainingSummary(
      session, byteCount: byteCount,
      test: try test.map { try session.trainer.measurement(of: $0) },
      sweepOptions: data.sweepOptions(dataset: session.run.dataset), verdict: verdict)
    if !output.json.replacesText { try StandardOutput.writeText(summary.text) }
    try output.json.write(summary)
    if let verdict {
      StandardError.writeText(
        "warning: \(files.checkpoint.withoutControlCharacters): "
          + "\(verdict.sentence(session))\n")
    }
  }

  /// Checks before hours of work what can be known about their results' places.
  private func checkOutputs(_ files: TrainingFiles) throws {
    var outputs = OutputPaths()
    outputs.add("--output", files.checkpoint)
    outputs.add("--csv", output.csv)
    outputs.add("--json", output.json.path)
    let inputs = data.files + [training.network?.path]
    try outputs.check(inputs: inputs + [resume])
    // A resumed run replaces the state it goes on from.
    outputs.add("--output (its state)", files.state)
    try outputs.check(inputs: inputs)
    if resume == nil, FileManager.default.fileExists(atPath: files.state) {
      throw ValidationError(
        "'\(files.state)' holds an interrupted run: go on with it by '--resume \(files.state)', "
          + "remove it, or choose another '--output'.")
    }
  }

  /// A session, and the examples to measure its result on.
  private typealias Start = (session: TrainingSession, test: TrainingExamples?)

  private func started(_ files: TrainingFiles) throws -> Start {
    let loaded = try data.load(
      for: nil, likelihood: training.chosenLikelihood, network: training.network?.network())
    let validationCount = try data.validationCount(of: loaded)
    let run = RunDescription(
      dataset: loaded.name, exampleCount: loaded.examples.count - validationCount,
      validationCount: validationCount, precision: output.precision ?? .float32)
    let (examples, validation) = try split(loaded.examples, run)
    var files = files
    let configuration = try training.configuration(
      inputs: loaded.examples.inputCount,
      outputs: training.chosenLikelihood == .binary ? 1 : loaded.outputCount,
      method: method == .bayes ? bayes.method : point.method(method))
    files.inputMoments = try inputMoments(of: examples, scale: configuration.inputScale)
    do throws(TrainingError) {
      let trainer = try Trainer(
        configuration, examples: examples, validation: validation, threadCount: threads.count)
      return (session(trainer, run, files), loaded.test)
    } catch {
      guard error.code == .untrainableNetwork else { throw error }
      throw error.located(in: training.network?.path ?? "")
    }
  }

  private func resumed(_ saved: SavedRun, _ files: TrainingFiles) throws -> Start {
    let loaded = try data.load(
      for: saved, likelihood: saved.configuration.likelihood,
      network: saved.configuration.network)
    var run = saved.description
    guard run.validationCount < loaded.examples.count else {
      throw TrainingError(
        .notResumable, path: saved.file.path,
        "the run sets \(run.validationCount) examples aside, but there are "
          + "\(loaded.examples.count); give the same data")
    }
    if let precision = output.precision { run.precision = precision }
    let (examples, validation) = try split(loaded.examples, run)
    let trainer = try Trainer(
      resuming: saved.file, examples: examples, validation: validation,
      threadCount: threads.count)
    var files = files
    files.inputMoments = try inputMoments(
      of: examples, scale: saved.configuration.inputScale)
    return (session(trainer, run, files), loaded.test)
  }

  /// The moments of the inputs, if they are asked for.
  private func inputMoments(of examples: TrainingExamples, scale: Double) throws -> [Tensor] {
    guard output.inputMoments else { return [] }
    guard examples.inputCount <= InputDistribution.mostInputs else {
      throw ValidationError(
        "An example has \(examples.inputCount) numbers, and a covariance is formed of at most \(InputDistribution.mostInputs): leave out "
          + "'--input-moments'.")
    }
    return try InputDistribution(
      exampleCount: examples.count, inputCount: examples.inputCount
    ) { examples.inputs(of: $0, scale: Float(scale)) }.tensors
  }

  private func split(
    _ all: TrainingExamples, _ run: RunDescription
  ) throws -> (TrainingExamples, validation: TrainingExamples?) {
    guard run.validationCount > 0 else { return (all, nil) }
    return try all.splitForValidation(count: run.validationCount)
  }

  private func session(
    _ trainer: Trainer, _ run: RunDescription, _ files: TrainingFiles
  ) -> TrainingSession {
    TrainingSession(
      trainer: trainer, run: run, files: files, saveEvery: output.saveEvery,
      resumeCommand: resumeCommand(files))
  }

  /// The command that goes on with this run and writes the same files.
  private func resumeCommand(_ files: TrainingFiles) -> String {
    let options = [
      ("--resume", files.state), ("--csv", output.csv), ("--json", output.json.path),
      ("--data", data.data), ("--train", data.train), ("--labels", data.labels),
      ("--test", data.test), ("--input-layout", data.layout.layout?.rawValue),
      ("--threads", threads.threads.map(String.init)),
      ("--save-every", output.saveEvery == 10 ? nil : "\(output.saveEvery)"),
    ]
    var words = ["bbbprune", "train"]
    for case (let option, let value?) in options { words += [option, value] }
    if output.keepState { words.append("--keep-state") }
    if output.inputMoments { words.append("--input-moments") }
    return ShellCommand.text(words)
  }
}
