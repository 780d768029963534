import ArgumentParser
import BBBConditioning
import BBBErrors
import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// `bbbprune export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Prunes a checkpoint and writes what is left.",
    discussion: """
      The output's name decides the format: .bbbz is a small file that runs; .safetensors and .npz \
      are dense tensors for other tools, with the names, shapes and types that the checkpoint used; .onnx is \
      the graph given by '--network', or alone, with zeros in place of what is removed, or with '--units' or '--compact' \
      a graph of what is left, which is smaller. \
      Libraries that are strict about names load a Bayesian layer with '--keep-uncertainty' only.

      A .bbbz is quantised: each weight is rounded as coarsely as its σ and the outputs allow, and the \
      sparsity asked for is a floor. '--values float32' writes the means bit for bit.

      Examples:
        bbbprune export model.pt --sparsity 0.95 -o model.bbbz
        bbbprune export model.pt --sparsity 0.98 --precision 0.03 -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 --calibrate mnist -o model.bbbz
        bbbprune export model.pt --sparsity 0.9 --calibrate inputs.npy -o model.bbbz
        bbbprune export model.pt --sparsity auto --prior gaussian:0.1 -o model.bbbz
        bbbprune export model.pt --max-error-increase 0.1 --dataset mnist -o m.bbbz
        bbbprune export model.pt --sparsity 0.95 --keep-uncertainty -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 -o pruned.npz --masks masks.npz
        bbbprune export model.pt --units --sparsity 0.5 --compact -o s.safetensors
        bbbprune export m.pt --network mean.onnx --sparsity 0.9 -o m.onnx
        bbbprune export m.pt --network mean.onnx --units --sparsity 0.5 -o m.onnx
        bbbprune export m.onnx --criterion magnitude --sparsity 0.9 -o pruned.onnx
      """)

  @Argument(help: "The checkpoint: safetensors or its index, NPZ, PyTorch or ONNX.")
  var checkpoint: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The fraction of the weights to remove, 0…1; quantisation may remove more. 'auto' removes those that \
      the evidence can do without (ΔF ≤ 0 by Bayesian model reduction; needs the prior), 'gap' those \
      below the gap between signal-to-noise ratios.
      """,
      valueName: "fraction"))
  var sparsity: SparsityArgument?

  @Option(
    name: [.customShort("o"), .customLong("output-file")],
    help: ArgumentHelp("The file to write: .bbbz, .safetensors, .npz or .onnx.", valueName: "file"))
  var output: String

  @OptionGroup var values: ValueOptions
  @OptionGroup(title: "Search") var frontier: FrontierOptions
  @OptionGroup(title: "Data, for the search") var dataset: DatasetOptions
  @OptionGroup(title: "Conditioning") var calibration: CalibrationOptions

  @Option(
    help: ArgumentHelp(
      Criterion.Kind.help.abstract
        + " (default: snr; with '--calibrate' conditional; for '--sparsity auto' bmr)"))
  var criterion: Criterion.Kind?

  @Flag(
    help: "Write σ of the remaining weights and biases too, so that the model can be drawn from.")
  var keepUncertainty = false

  @Flag(
    help: """
      With '--units' and dense tensors: leave the rows and columns of removed units out, so that shapes \
      are smaller. With .onnx: write a graph without the units that have no effect any more.
      """)
  var compact = false

  @Option(
    help: ArgumentHelp(
      """
      With dense tensors: also write, as .safetensors or .npz, '<name>.mask' for each tensor that was \
      pruned, one byte per weight, 1 where it stays.
      """, valueName: "file"))
  var masks: String?

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Pruning") var pruning: PruningOptions
  @OptionGroup(title: "Reading the checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  /// Whether the output is a model that runs, not dense tensors or a graph.
  var isModel: Bool { URL(filePath: output).pathExtension.lowercased() == "bbbz" }

  /// Whether the output is a graph.
  var isGraph: Bool { URL(filePath: output).pathExtension.lowercased() == "onnx" }

  /// The format of dense tensors that the output's name decides on; `nil` for a model.
  var denseFormat: DenseFormat? { DenseFormat(path: output) }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output-file", output)
    outputs.add("--masks", masks)
    outputs.add("--json", json.path)
    try outputs.check(
      inputs: [checkpoint, dataset.images, dataset.labels, calibration.file] + reading.files)
    let source = try reading.checkpoint(at: checkpoint)
    let posterior = source.posterior
    let sparsity = try chosenSparsity(of: posterior)
    let criterion = try usualCriterion.criterion(posterior, pruning)
    let ranking = try Ranking(
      posterior, by: criterion.beforeConditioning(of: posterior),
      includesBiases: pruning.pruneBiases,
      includesCertainWeights: pruning.pruneCertainWeights, threadCount: threads.count)
    try FitnessWarning.show(
      posterior, rankedBy: [criterion], threadCount: threads.count)
    do {
      try write(posterior, ranking, criterion, source.tensors, sparsity)
    } catch let error as CompactModelError {
      // A model that the format cannot hold has the checkpoint to blame.
      throw error.located(in: checkpoint)
    }
  }

  /// What ranks.
  var usualCriterion: Criterion.Kind {
    criterion
      ?? (sparsity == .auto ? .bayesianModelReduction : calibration.usualCriterion(pruning))
  }

  /// The fraction to remove; `nil` if it is searched for.
  private func chosenSparsity(of posterior: Posterior) throws -> Double? {
    guard let sparsity else { return nil }
    let choice = try sparsity.choice(posterior, pruning, threadCount: threads.count)
    guard let fraction = choice.sparsity else {
      throw CommandError(.unsuitable, path: checkpoint, choice.reason)
    }
    if !choice.reason.isEmpty { StandardError.writeText(choice.reason + "\n") }
    return fraction
  }

  private func write(
    _ posterior: Posterior, _ ranking: Ranking, _ criterion: Criterion, _ file: TensorFile,
    _ sparsity: Double?
  ) throws {
    if frontier.maxErrorIncrease != nil {
      try search(posterior, ranking, sparsity)
      return
    }
    let units =
      pruning.units
      ? try UnitRanking(posterior, ranking).pruning(
        atSparsity: sparsity ?? 0, scope: pruning.scope) : nil
    let pruned =
      try units?.pruning ?? ranking.pruning(atSparsity: sparsity ?? 0, scope: pruning.scope)
    if let units {
      let layers = zip(units.layerNames, units.keptUnits).map { "\($0) \($1.count)" }
      StandardError.writeText(
        "units: \(NumberText.grouped(units.keptCount)) of \(NumberText.grouped(units.unitCount)) hidden "
          + "units left: \(layers.joined(separator: ", ").withoutControlCharacters)\n")
    }
    let examples = try calibrationExamples(posterior)
    if roundsByConditioning, let examples {
      try writeRounded(posterior, ranking, criterion, units?.pruning, examples, sparsity)
      return
    }
    var conditioned: ConditionedNetwork?
    if calibration.conditions, let examples {
      conditioned = try condition(posterior, criterion, pruned, units, examples, sparsity ?? 0)
    }
    let left = conditioned?.pruning ?? pruned
    if isGraph {
      try refuseConstant(posterior, ranking, left, conditioned, examples, asked: sparsity)
    }
    if let denseFormat {
      try writeTensors(
        posterior, file, left, units, conditioned, examples, as: denseFormat, asked: sparsity)
    } else if isSmallerGraph {
      try writeSmallerGraph(posterior, left, conditioned, examples, asked: sparsity)
    } else if isGraph {
      try writeGraph(posterior, left, asked: sparsity)
    } else {
      try writeModel(posterior, ranking, left, conditioned, examples, asked: sparsity)
    }
  }

  /// The inputs of '--calibrate'; `nil` if none are given.
  private func calibrationExamples(
    _ posterior: Posterior
  ) throws -> CalibrationInputOptions.Calibration? {
    guard calibration.calibrate != nil else { return nil }
    // What outputs mean is of no account here.
    let network = try DenseNetwork(
      posterior, readsDeviations: false, output: .numbers(noiseDeviation: nil))
    return try calibration.load(dataset, of: network.network, threadCount: threads.count)
  }

  /// Whether the values of a model are rounded while others take over.
  var roundsByConditioning: Bool {
    isModel && calibration.conditions && values.values == nil && values.precision == nil
      && frontier.maxErrorIncrease == nil
  }

  /// The network whose weights have taken over what is removed.
  private func condition(
    _ posterior: Posterior, _ criterion: Criterion, _ pruned: Pruning, _ units: UnitPruning?,
    _ examples: CalibrationInputOptions.Calibration, _ sparsity: Double
  ) throws -> ConditionedNetwork {
    let network = try DenseNetwork(posterior)
    let conditioner = try calibration.conditioner(examples, network, threadCount: threads.count)
    let progress = ProgressLine("conditioning")
    defer { progress.finish() }
    guard units == nil else {
      return try conditioner.conditioned(by: pruned, keepingNoise: calibration.keepNoise)
    }
    return try ConditionedPruning(
      conditioner, posterior, by: criterion, preCut: calibration.preCut, scope: pruning.scope,
      keepsNoise: calibration.keepNoise, includesBiases: pruning.pruneBiases,
      includesCertainWeights: pruning.pruneCertainWeights, threadCount: threads.count
    ).network(atSparsity: sparsity) { progress.update($0) }
  }

  /// Writes a model that runs.
  private func writeModel(
    _ posterior: Posterior, _ ranking: Ranking, _ pruned: Pruning,
    _ conditioned: ConditionedNetwork?, _ examples: CalibrationInputOptions.Calibration?,
    asked: Double?
  ) throws {
    let network = try DenseNetwork(posterior)
    let storage = try storage(for: posterior)
    let exporter = try ModelExporter(
      conditioned?.network ?? network, calibration: examples?.inputs)
    let export = try exporter.export(pruned, as: storage, keepsUncertainty: keepUncertainty)
    if asked != 1 {
      try ConstantFile(
        checkpoint: checkpoint, exporter: conditioned == nil ? exporter : ModelExporter(network),
        inputs: examples?.examples
      ).refuse(export, as: storage, of: pruned, unpruned: try ranking.pruning(atSparsity: 0))
    }
    try OutputFile.write(Data(export.file), to: output)
    try report(
      posterior, export.pruning, byteCount: export.file.count, asked: asked,
      model: export, storage: storage, conditioned: conditioned, calibration: examples)
  }

  /// How the file is to hold values.
  private func storage(for posterior: Posterior) throws -> ValueStorage {
    if keepUncertainty { try requireDeviations(posterior, for: "--keep-uncertainty") }
    if values.precision != nil { try requireDeviations(posterior, for: "--precision") }
    return values.values.map { .floats($0.encoding) } ?? values.precision.map { .quantised($0) }
      ?? .standard(for: posterior)
  }

  /// Refuses an option that needs standard deviations where the checkpoint holds none.
  func requireDeviations(_ posterior: Posterior, for option: String) throws {
    guard !posterior.hasDeviations else { return }
    throw CommandError(
      .unsuitable, path: checkpoint,
      "holds no standard deviations, which '\(option)' needs; give a posterior")
  }

  /// Says what was written, as text and as JSON.
  func report(
    _ posterior: Posterior, _ pruned: Pruning, byteCount: Int, asked: Double?,
    model: ModelExport?, storage: ValueStorage? = nil, written: Int? = nil,
    denseCount: Int? = nil, conditioned: ConditionedNetwork? = nil,
    rounded: RoundedNetwork? = nil, calibration: CalibrationInputOptions.Calibration? = nil,
    frontier: Frontier? = nil
  ) throws {
    let report = ExportReport(
      checkpoint: checkpoint, output: output, posterior, pruned, byteCount: byteCount,
      asked: asked, model: model, storage: storage,
      written: written ?? model?.model.weightCount, denseCount: denseCount,
      conditioned: conditioned ?? rounded?.network, rounded: rounded, calibration: calibration,
      frontier: frontier)
    if let note = report.rounding?.note {
      StandardError.writeText("note: \(note.withoutControlCharacters)\n")
    }
    try json.write(report)
    if !json.replacesText { try StandardOutput.writeText(report.text) }
  }
}
