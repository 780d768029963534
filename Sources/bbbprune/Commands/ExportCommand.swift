import ArgumentParser
import BBBEvaluation
import BBBInference
import BBBNetwork
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
      are dense tensors for other tools, with the names, shapes and types that the checkpoint used. \
      Libraries that are strict about names load a Bayesian layer with '--keep-uncertainty' only.

      A .bbbz is quantised: each weight is rounded as coarsely as its σ and the outputs allow, and the \
      sparsity asked for is a floor. '--values float32' writes the means bit for bit.

      Examples:
        bbbprune export model.pt --sparsity 0.95 -o model.bbbz
        bbbprune export model.pt --sparsity 0.98 --precision 0.03 -o model.bbbz
        bbbprune export model.pt --sparsity 0.9 --calibrate inputs.npy -o model.bbbz
        bbbprune export model.pt --sparsity auto --prior gaussian:0.1 -o model.bbbz
        bbbprune export model.pt --max-error-increase 0.1 --dataset mnist -o m.bbbz
        bbbprune export model.pt --sparsity 0.95 --keep-uncertainty -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 -o pruned.npz --masks masks.npz
        bbbprune export model.pt --units --sparsity 0.5 --compact -o small.safetensors
      """)

  @Argument(help: "The checkpoint: safetensors or its index, NPZ or PyTorch.")
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
    help: ArgumentHelp("The file to write: .bbbz, .safetensors or .npz.", valueName: "file"))
  var output: String

  @OptionGroup var values: ValueOptions
  @OptionGroup(title: "Search") var frontier: FrontierOptions
  @OptionGroup(title: "Data, for the search or to calibrate by") var dataset: DatasetOptions
  @OptionGroup var calibration: CalibrationOptions

  @Option(
    help: ArgumentHelp(
      CriterionName.help.abstract + " (default: snr; for '--sparsity auto' bmr)"))
  var criterion: CriterionName?

  @Flag(
    help: "Write σ of the remaining weights and biases too, so that the model can be drawn from.")
  var keepUncertainty = false

  @Flag(
    help: """
      With '--units' and dense tensors: leave the rows and columns of removed units out, so that shapes \
      are smaller.
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

  func validate() throws {
    try OutputPaths.checkName(output)
    guard isModel || denseFormat != nil else {
      throw ValidationError("'\(output)' should end in .bbbz, .safetensors or .npz.")
    }
    try sparsity?.check(pruning)
    try pruning.check([criterion ?? .snr])
    guard sparsity != nil || frontier.maxErrorIncrease != nil else {
      throw ValidationError(
        "Say how much to remove: '--sparsity 0.95', or '--max-error-increase 0.1' with data.")
    }
    if !isModel, values.values != nil || values.precision != nil {
      throw ValidationError(
        "'--values' and '--precision' are for .bbbz files: dense tensors keep the checkpoint's type."
      )
    }
    if compact, !pruning.units || isModel {
      throw ValidationError(
        "'--compact' is for '--units' and dense tensors, .safetensors or .npz: a .bbbz leaves out "
          + "removed units anyway.")
    }
    if let masks {
      guard !isModel else {
        throw ValidationError(
          "'--masks' is for dense tensors, .safetensors or .npz: a .bbbz holds no removed weights.")
      }
      guard DenseFormat(path: masks) != nil else {
        throw ValidationError("'--masks \(masks)' should end in .safetensors or .npz.")
      }
    }
    if frontier.maxErrorIncrease != nil, pruning.units {
      throw ValidationError(
        "'--max-error-increase' searches among single weights: leave out '--units'.")
    }
    if frontier.maxErrorIncrease != nil, !isModel || values.values != nil {
      throw ValidationError("'--max-error-increase' searches among quantised .bbbz files.")
    }
    try checkData()
  }

  /// Checks that data are given where they are needed, and only there.
  private func checkData() throws {
    try dataset.checkInputOptions(calibrate: calibration.calibrate)
    if frontier.maxErrorIncrease != nil {
      guard dataset.dataset != nil || dataset.images != nil || dataset.data != nil else {
        throw ValidationError(
          "'--max-error-increase' needs data to measure errors on, such as '--dataset mnist'.")
      }
      guard calibration.calibrate == nil else {
        throw ValidationError(
          "'--max-error-increase' measures errors: leave out '--calibrate'.")
      }
      return
    }
    guard dataset.images == nil else {
      throw ValidationError(
        "'--images' is for '--max-error-increase': to calibrate by inputs, give '--calibrate FILE'."
      )
    }
    guard calibration.calibrate == nil || (dataset.dataset == nil && dataset.data == nil) else {
      throw ValidationError("Calibrate by '--calibrate FILE' or by '--dataset', not both.")
    }
    guard dataset.data == nil || dataset.dataset != nil else {
      throw ValidationError("'--data' says where datasets are: name one with '--dataset'.")
    }
    guard calibration.calibrate == nil && dataset.dataset == nil || isModel,
      calibration.calibrate == nil && dataset.dataset == nil || values.values == nil
    else {
      throw ValidationError(
        "Calibration is for quantised .bbbz files: floats need none.")
    }
  }

  private var isModel: Bool { URL(filePath: output).pathExtension.lowercased() == "bbbz" }

  /// The format of dense tensors that the output's name decides on; `nil` for a model.
  private var denseFormat: DenseFormat? { DenseFormat(path: output) }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output-file", output)
    outputs.add("--masks", masks)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [
      checkpoint, reading.model, dataset.images, dataset.labels, calibration.calibrate,
    ])
    let file = try TensorFile(contentsOf: checkpoint)
    let posterior = try reading.posterior(file)
    let sparsity = try chosenSparsity(of: posterior)
    let criterion = criterion ?? (self.sparsity == .auto ? .bmr : .snr)
    let ranking = try Ranking(
      posterior, by: try criterion.criterion(posterior, pruning),
      includesBiases: pruning.pruneBiases,
      includesCertainWeights: pruning.pruneCertainWeights, threadCount: threads.count)
    try FitnessWarning.show(
      posterior, rankedBy: [ranking.criterion], threadCount: threads.count)
    do {
      try write(posterior, ranking, file, sparsity)
    } catch var error as CompactModelError where error.path.isEmpty {
      // A model that the format cannot hold has the checkpoint to blame.
      error.path = checkpoint
      throw error
    }
  }

  /// The fraction to remove; `nil` if it is searched for.
  private func chosenSparsity(of posterior: Posterior) throws -> Double? {
    guard let sparsity else { return nil }
    let choice = try sparsity.choice(posterior, pruning, threadCount: threads.count)
    guard let fraction = choice.sparsity else {
      throw UnsuitableInputError(description: "\(checkpoint): \(choice.reason)")
    }
    if !choice.reason.isEmpty { StandardError.writeText(choice.reason + "\n") }
    return fraction
  }

  private func write(
    _ posterior: Posterior, _ ranking: Ranking, _ file: TensorFile, _ sparsity: Double?
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
      StandardError.writeText(
        "units: \(NumberText.grouped(units.keptCount)) of \(NumberText.grouped(units.unitCount)) hidden "
          + "units left, by layer \(units.keptUnits.map { "\($0.count)" }.joined(separator: ", "))\n"
      )
    }
    if let denseFormat {
      let written = try writeTensors(posterior, file, pruned, units, as: denseFormat)
      try report(
        posterior, pruned, byteCount: written.byteCount, asked: sparsity, model: nil,
        denseCount: written.parameterCount)
    } else {
      let network = try DenseNetwork(posterior)
      let examples = try calibration.load(or: dataset, inputCount: network.inputCount)
      let storage = try storage(for: posterior)
      let exporter = try ModelExporter(network, calibration: examples?.inputs)
      let export = try exporter.export(pruned, as: storage, keepsUncertainty: keepUncertainty)
      if sparsity != 1 {
        try ConstantFile(checkpoint: checkpoint, exporter: exporter, inputs: examples?.examples)
          .refuse(
            export, as: storage, of: pruned, unpruned: try ranking.pruning(atSparsity: 0))
      }
      try OutputFile.write(Data(export.file), to: output)
      try report(
        posterior, export.pruning, byteCount: export.file.count, asked: sparsity,
        model: export, storage: storage, calibration: examples)
    }
  }

  /// How the file is to hold values.
  private func storage(for posterior: Posterior) throws -> ValueStorage {
    if keepUncertainty { try requireDeviations(posterior, for: "--keep-uncertainty") }
    if values.precision != nil { try requireDeviations(posterior, for: "--precision") }
    return values.values.map { .floats($0.encoding) } ?? values.precision.map { .quantised($0) }
      ?? .standard(for: posterior)
  }

  private func requireDeviations(_ posterior: Posterior, for option: String) throws {
    guard !posterior.hasDeviations else { return }
    throw UnsuitableInputError(
      description:
        "\(checkpoint): holds no standard deviations, which '\(option)' needs; give a posterior")
  }

  /// Writes dense tensors, and their masks if they are asked for.
  ///
  /// - Returns: The size of the file of tensors, and the number of parameters of the dense network, which are
  ///   more than the posterior's where a layer is not Bayesian.
  private func writeTensors(
    _ posterior: Posterior, _ file: TensorFile, _ pruned: Pruning, _ units: UnitPruning?,
    as format: DenseFormat
  ) throws -> (byteCount: Int, parameterCount: Int) {
    let export = try DenseExport(
      posterior, from: file, pruned, leavingOut: compact ? units : nil,
      keepsUncertainty: keepUncertainty)
    for name in export.leftOut {
      StandardError.writeText(
        "warning: \(name.withoutControlCharacters) is left out: no format that is written holds its type\n"
      )
    }
    let content = try format.encode(export.tensors, metadata: metadata(of: file, units))
    let maskContent = try masks.flatMap { try DenseFormat(path: $0)?.encode(export.masks) }
    var files = [(data: content, path: output)]
    if let masks, let maskContent { files.append((maskContent, masks)) }
    try OutputFile.write(files)
    return (content.count, export.parameterCount)
  }

  /// What the checkpoint says of itself; the sizes are those of the tensors written.
  private func metadata(of file: TensorFile, _ units: UnitPruning?) -> [String: String] {
    var metadata = file.metadata
    guard compact, let units else { return metadata }
    let left = units.networkLeft
    if metadata["network"] != nil { metadata["network"] = left.textInOneLine }
    // A network that its file calls a chain of sizes is one of fewer.
    if let text = metadata["arch"], let whole = try? Network(text: text).layerSizes,
      let (sizes, activation) = left.layerSizes, whole.sizes.count == sizes.count
    {
      metadata["arch"] =
        sizes.map(String.init).joined(separator: "-") + " \(activation.rawValue)"
    }
    return metadata
  }

  private func search(
    _ posterior: Posterior, _ ranking: Ranking, _ sparsity: Double?
  ) throws {
    try requireDeviations(posterior, for: "--max-error-increase")
    let points = frontier.maxErrorIncrease ?? 0
    var search = FrontierSearch(
      sparsities: sparsity.map { [$0] } ?? FrontierSearch.defaultSparsities,
      precisions: values.precision.map { [$0] } ?? FrontierSearch.defaultPrecisions,
      maximumErrorIncrease: points / 100, holdout: frontier.holdout ?? 0.5, seed: pruning.seed,
      scope: pruning.scope, keepsUncertainty: keepUncertainty, threadCount: threads.count)
    if let sparsity { search.carefulSparsities = [sparsity] }
    if let precision = values.precision { search.carefulStorages = [.quantised(precision)] }
    let progress = ProgressLine("search")
    defer { progress.finish() }
    let network = try DenseNetwork(posterior)
    let examples = try dataset.load(for: network.output)
    let found = try search.run(network, ranking, on: examples) { progress.update($0) }
    progress.finish()
    guard let export = found.export else {
      throw UnsuitableInputError(
        description: FrontierReport.nothingFound(found, points: points))
    }
    guard !found.isContradicted else {
      throw UnsuitableInputError(
        description: FrontierReport.contradiction(found, points: points))
    }
    try OutputFile.write(Data(export.file), to: output)
    if !json.replacesText {
      try StandardOutput.writeText(
        FrontierReport.text(found, points: points, width: StandardOutput.width))
    }
    try report(
      posterior, export.pruning, byteCount: export.file.count,
      asked: found.chosen?.sparsityAsked, model: export, storage: found.chosen?.storage,
      frontier: found)
  }

  private func report(
    _ posterior: Posterior, _ pruned: Pruning, byteCount: Int, asked: Double?,
    model: ModelExport?, storage: ValueStorage? = nil, denseCount: Int? = nil,
    calibration: CalibrationOptions.Calibration? = nil, frontier: Frontier? = nil
  ) throws {
    let report = ExportReport(
      checkpoint: checkpoint, output: output, posterior, pruned, byteCount: byteCount,
      asked: asked, model: model, storage: storage, denseCount: denseCount,
      calibration: calibration, frontier: frontier)
    if let note = report.rounding?.note {
      StandardError.writeText("note: \(note.withoutControlCharacters)\n")
    }
    try json.write(report)
    if !json.replacesText { try StandardOutput.writeText(report.text) }
  }
}
