import ArgumentParser
import BBBDatasets
import BBBEvaluation
import BBBFixtures
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// `bbbprune sweep`.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Measures error and file size against sparsity.",
    discussion: """
      Every point is measured on two real files: the pruned network without quantisation, as \
      'export --values float32' would write it, and the file that 'export' writes by default. Ends with the \
      largest sparsity at which both are shown to err at most '--tolerance' more than the unpruned network, and \
      are about as likely.

      Without a checkpoint, one that is included is measured: a 784-1200-1200-10 network for the \
      built-in synthetic digits, or with '--dataset mnist' one for MNIST.

      Examples:
        bbbprune sweep
        bbbprune sweep model.safetensors --dataset mnist
        bbbprune sweep model.pt --dataset mnist --calibrate mnist
        bbbprune sweep model.pt --dataset mnist --criterion snr,magnitude
        bbbprune sweep model.pt --dataset mnist --criterion all --prior gaussian:0.1
        bbbprune sweep model.pt --dataset mnist --units
        bbbprune sweep model.npz --images x.npy --labels y.npy --plot curve.svg
        bbbprune sweep model.pt --dataset mnist --sparsity 0,0.95 --samples 100
        bbbprune sweep model.pt --dataset mnist --uncertainty --ood synthetic-letters
        bbbprune sweep model.pt --dataset mnist --report report.html
      """)

  @Argument(
    help:
      "The checkpoint: safetensors or its index, NPZ, PyTorch, ONNX. Default: one that is included."
  )
  var checkpoint: String?

  @OptionGroup(title: "Data") var dataset: DatasetOptions
  @OptionGroup(title: "Conditioning") var calibration: CalibrationOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The fractions of the weights to remove: 0,0.5,0.95; among them 'auto', the weights that the \
      evidence can do without, and 'gap', those below the gap between signal-to-noise ratios. Default: \
      15 from 0 to 0.995.
      """,
      valueName: "list"))
  var sparsity: SparsityList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead: that many sparsities, evenly spaced from 0.", valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      Criterion.Kind.help.abstract
        + " Several, with commas, give several curves; 'all' gives all. Default: snr, with '--calibrate' conditional.",
      valueName: "list"))
  var criterion: CriterionList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also predict by Monte Carlo: average the class probabilities over that many draws (seeded by '--seed') of the weights left. Default: 0, with '--uncertainty' 100.",
      valueName: "count"))
  var samples: Int?

  @Flag(
    help: """
      Also predict by Monte Carlo and by one pass of means and variances, and compare error, likelihood, \
      calibration and doubt of examples of another kind ('--ood').
      """)
  var uncertainty = false

  @OptionGroup var ood: OutOfDistributionOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      By how many percentage points the error may rise for the last sentence to recommend a sparsity. Default: \
      0.2, or the least that few examples can show; of a network that predicts numbers, 2 % of its RMSE.
      """,
      valueName: "points"))
  var tolerance: Double?

  @Option(help: ArgumentHelp("Write the points as CSV.", valueName: "file"))
  var csv: String?

  @OptionGroup var json: JSONOption

  @Option(help: ArgumentHelp("Draw error and size against sparsity as SVG.", valueName: "file"))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "Write a page for people to look at, as HTML: all of it, with latency, layers and '--ood'.",
      valueName: "file"))
  var report: String?

  @Option(help: "How the files that are not quantised hold values.")
  var values: FloatType = .float32

  @OptionGroup(title: "Pruning") var pruning: PruningOptions
  @OptionGroup(title: "Reading the checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    try dataset.checkInputOptions(calibrate: calibration.file, others: ood.file)
    if [csv, plot, report].contains("-") {
      throw ValidationError(
        "Only '--json' can write to standard output: name a file instead of '-'.")
    }
    if sparsity != nil, steps != nil {
      throw ValidationError("Give '--sparsity' or '--steps', not both.")
    }
    for sparsity in sparsity?.values ?? [] { try sparsity.check(pruning) }
    try pruning.check(criteria.names)
    if calibration.keepNoise, sampleCount == 0, !uncertainty {
      throw ValidationError(
        "'--keep-noise' changes what draws from the posterior give: add '--samples 100' or '--uncertainty', or leave it out."
      )
    }
    if !calibration.condition {
      throw ValidationError(
        "A sweep shows networks that are not conditioned beside those that are ('cut'): leave out '--no-condition'."
      )
    }
    // Of all criteria those are left out that cannot be had.
    let leavesOut =
      criteria.isAll && (calibration.calibrate == nil || pruning.units || pruning.pruneBiases)
    try calibration.check(leavesOut ? [] : criteria.names, pruning)
    if let steps, !(1...1000).contains(steps) {
      throw ValidationError("Give '--steps' a count from 1 to 1000.")
    }
    if let tolerance, !(tolerance > 0 && tolerance <= 100) {
      throw ValidationError(
        "Give '--tolerance' percentage points (of a network that predicts numbers, per cent of its RMSE) "
          + "above 0 and at most 100, such as 0.2.")
    }
    guard 0...1000 ~= sampleCount else {
      throw ValidationError("Give '--samples' a count from 1 to 1000, or 0 for none.")
    }
  }

  private var criteria: CriterionList {
    criterion ?? CriterionList(names: [calibration.usualCriterion(pruning)])
  }

  private var sampleCount: Int { samples ?? (uncertainty ? 100 : 0) }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--csv", csv)
    outputs.add("--json", json.path)
    outputs.add("--plot", plot)
    outputs.add("--report", report)
    try outputs.check(
      inputs: [checkpoint, dataset.images, dataset.labels, ood.file, calibration.file]
        + reading.files)
    let (path, measured) = try checkpoint.map { ($0, dataset) } ?? included()
    let posterior = try reading.checkpoint(at: path).posterior
    let examples = try measured.load(
      for: posterior.interface.output ?? .classes, of: posterior.network,
      threadCount: threads.count)
    guard posterior.hasDeviations || (sampleCount == 0 && !uncertainty) else {
      throw CommandError(
        .unsuitable, path: path,
        "holds no standard deviations, so its predictions know no uncertainty; leave out "
          + "'--uncertainty' and '--samples'")
    }
    let criteria = try criteria.criteria(
      posterior, pruning, looksAtInputs: calibration.calibrate != nil)
    try FitnessWarning.show(posterior, rankedBy: criteria, threadCount: threads.count)
    // What both ways of knowing uncertainty are asked for by, one can still give.
    let momentObstacle = uncertainty ? posterior.network?.momentObstacle : nil
    if let momentObstacle {
      StandardError.writeText(
        "note: there is no one-pass prediction in this sweep: \(momentObstacle.withoutControlCharacters)\n"
      )
    }
    let others = try ood.load(
      like: examples, for: posterior.network, dataset, isWanted: uncertainty || report != nil,
      threadCount: threads.count)
    var sweep = Sweep(
      sparsities: try sparsities(of: posterior),
      criteria: criteria,
      scope: pruning.scope, prunesBiases: pruning.pruneBiases,
      valueEncoding: values.encoding, sampleCount: sampleCount, seed: pruning.seed,
      propagatesMoments: uncertainty && momentObstacle == nil, outOfDistribution: others,
      measuresLatency: report != nil, threadCount: threads.count)
    sweep.prunesUnits = pruning.units
    sweep.prunesCertainWeights = pruning.pruneCertainWeights
    sweep.tolerance = tolerance.map { $0 / 100 }
    sweep.recordsStructure = report != nil
    sweep.conditioning = try conditioning(of: posterior, measured, examples)
    let progress = ProgressLine("sweep")
    defer { progress.finish() }
    let curves = try sweep.run(posterior, on: examples) { progress.update($0) }
    progress.finish()
    try write(curves)
    if let report {
      let page = SweepReportFile(
        posterior: posterior, dataset: examples, outOfDistribution: others, model: reading.model,
        threadCount: threads.count)
      try page.write(curves, to: report)
    }
  }

  /// How networks are conditioned; `nil` if no inputs are given.
  private func conditioning(
    of posterior: Posterior, _ options: DatasetOptions, _ measured: Dataset
  ) throws -> SweepConditioning? {
    guard calibration.calibrate != nil else { return nil }
    let network = try DenseNetwork(posterior)
    guard
      let examples = try calibration.load(
        options, of: network.network, threadCount: threads.count)
    else { return nil }
    calibration.warn(examples, measuring: measured)
    return SweepConditioning(
      try calibration.conditioner(examples, network, threadCount: threads.count),
      name: examples.name, preCut: calibration.preCut, keepsNoise: calibration.keepNoise,
      comparison: examples.inputs)
  }

  /// The path of the included checkpoint for the dataset, and the dataset to measure it on.
  private func included() throws -> (path: String, dataset: DatasetOptions) {
    var dataset = dataset
    if dataset.images == nil { dataset.dataset = dataset.dataset ?? .syntheticDigits }
    guard let name = dataset.dataset,
      let checkpoint = IncludedCheckpoint(rawValue: name.rawValue)
    else {
      throw ValidationError(
        "Say which network to measure on these images: bbbprune sweep CHECKPOINT --images FILE.")
    }
    guard let path = checkpoint.path else {
      throw ValidationError(
        "The included checkpoint '\(checkpoint.rawValue).safetensors' is not beside the program: "
          + "install it with 'make install', or name a checkpoint.")
    }
    StandardError.writeText(
      "the included network for \(name.rawValue), trained by Bayes by Backprop\n")
    return (path, dataset)
  }

  private func sparsities(of posterior: Posterior) throws -> [Double] {
    if let steps { return (0..<steps).map { Double($0) / Double(steps) } }
    guard let sparsity else { return Sweep.defaultSparsities }
    let choices = try sparsity.values.map {
      try $0.choice(posterior, pruning, threadCount: threads.count)
    }
    let reasons = choices.map(\.reason).filter { !$0.isEmpty }
    let found = choices.compactMap(\.sparsity)
    guard !found.isEmpty else {
      throw CommandError(.unsuitable, path: posterior.path, reasons.joined(separator: "; "))
    }
    for reason in reasons { StandardError.writeText(reason + "\n") }
    return found
  }

  /// Beyond that a plot has too few lines for its width.
  private static let widestPlot = 120

  private func write(_ curves: [SweepCurve]) throws {
    // The text first: if a file fails, the measurements are not lost.
    if !json.replacesText { try StandardOutput.writeText(text(curves)) }
    try json.write(json: Data(SweepJSON.encode(curves).utf8))
    if let csv { try OutputFile.write(Data(SweepCSV.encode(curves).utf8), to: csv) }
    if let plot { try OutputFile.write(Data(SweepPlot.render(curves).utf8), to: plot) }
  }

  private func text(_ curves: [SweepCurve]) -> String {
    let width = StandardOutput.width
    var parts = curves.flatMap {
      [SweepTable.render($0, width: width), UncertaintyTable.render($0, width: width)]
    }.filter { !$0.isEmpty }
    parts.append(TerminalPlot.render(curves, width: min(width, Self.widestPlot)))
    parts += curves.map { curve in
      let verdict = SweepVerdict.sentence(for: curve)
      return (curves.count > 1 ? "\(curve.criterion): " : "") + verdict + "\n"
    }
    let next = NextExport(curves, arguments: Array(CommandLine.arguments.dropFirst()))
    return parts.joined(separator: "\n") + (next.map { "next:\n  \($0.text)\n" } ?? "")
  }
}
