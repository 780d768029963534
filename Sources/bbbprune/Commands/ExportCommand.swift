import ArgumentParser
import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation

/// `bbbprune export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Prunes a checkpoint and writes what is left.",
    discussion: """
      The output's name decides the format: .bbbz is a small file that runs; .safetensors and .npz \
      are dense tensors for other tools, under the names the checkpoint used, with '<name>.mask'.

      A .bbbz is quantised: each weight is rounded as coarsely as its σ allows, and the sparsity asked \
      for is a floor. '--values float32' writes the means bit for bit.

      Examples:
        bbbprune export model.pt --sparsity 0.95 -o model.bbbz
        bbbprune export model.pt --sparsity 0.98 --precision 0.03 -o model.bbbz
        bbbprune export model.pt --sparsity auto --prior gaussian:0.1 -o model.bbbz
        bbbprune export model.pt --max-error-increase 0.1 --dataset mnist -o m.bbbz
        bbbprune export model.pt --sparsity 0.95 --keep-uncertainty -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 -o pruned.npz
        bbbprune export model.pt --units --sparsity 0.5 --compact -o small.safetensors
      """)

  @Argument(help: "The checkpoint: safetensors or its index, NPZ or PyTorch.")
  var checkpoint: String

  @Option(
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
  @OptionGroup(title: "Data, for the search") var dataset: DatasetOptions

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

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Pruning") var pruning: PruningOptions
  @OptionGroup(title: "Reading the checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  private enum Format: String {
    case bbbz
    case safetensors
    case npz
  }

  func validate() throws {
    guard let format else {
      throw ValidationError("'\(output)' should end in .bbbz, .safetensors or .npz.")
    }
    try sparsity?.check(pruning)
    guard sparsity != nil || frontier.maxErrorIncrease != nil else {
      throw ValidationError(
        "Say how much to remove: '--sparsity 0.95', or '--max-error-increase 0.1' with data.")
    }
    if format != .bbbz, values.values != nil || values.precision != nil {
      throw ValidationError(
        "'--values' and '--precision' are for .bbbz files: dense tensors keep the checkpoint's type."
      )
    }
    if compact, !pruning.units || format == .bbbz {
      throw ValidationError(
        "'--compact' is for '--units' and dense tensors, .safetensors or .npz: a .bbbz leaves out "
          + "removed units anyway.")
    }
    if frontier.maxErrorIncrease != nil, pruning.units {
      throw ValidationError(
        "'--max-error-increase' searches among single weights: leave out '--units'.")
    }
    if frontier.maxErrorIncrease != nil, format != .bbbz || values.values != nil {
      throw ValidationError("'--max-error-increase' searches among quantised .bbbz files.")
    }
    let hasData = dataset.dataset != nil || dataset.images != nil || dataset.data != nil
    guard hasData == (frontier.maxErrorIncrease != nil) else {
      throw ValidationError(
        hasData
          ? "Data are for '--max-error-increase': without a search none are needed."
          : "'--max-error-increase' needs data to measure errors on, such as '--dataset mnist'.")
    }
  }

  private var format: Format? {
    Format(rawValue: URL(filePath: output).pathExtension.lowercased())
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output-file", output)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [checkpoint, reading.model, dataset.images, dataset.labels])
    let file = try TensorFile(contentsOf: checkpoint)
    let posterior = try reading.posterior(file)
    let sparsity = try chosenSparsity(of: posterior)
    let criterion = criterion ?? (self.sparsity == .auto ? .bmr : .snr)
    let ranking = try Ranking(
      posterior, by: try criterion.criterion(posterior, pruning),
      includesBiases: pruning.pruneBiases, threadCount: threads.count)
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
    if !choice.reason.isEmpty { StandardError.write(choice.reason + "\n") }
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
      StandardError.write(
        "units: \(NumberText.grouped(units.keptCount)) of \(NumberText.grouped(units.unitCount)) hidden "
          + "units left, by layer \(units.keptUnits.map { "\($0.count)" }.joined(separator: ", "))\n"
      )
    }
    switch format {
    case .bbbz, nil:
      let export = try export(posterior, pruned)
      try OutputFile.write(Data(export.file), to: output)
      try report(
        posterior, export.pruning, byteCount: export.file.count, asked: sparsity,
        model: export.model)
    case .safetensors:
      try write(
        SafetensorsEncoder.encode(
          try tensors(posterior, file, pruned, units), metadata: metadata(of: file, units)),
        posterior, pruned, sparsity)
    case .npz:
      try write(
        NPZEncoder.encode(try tensors(posterior, file, pruned, units)), posterior, pruned, sparsity)
    }
  }

  private func export(_ posterior: Posterior, _ pruned: Pruning) throws -> ModelExport {
    if keepUncertainty { try requireDeviations(posterior, for: "--keep-uncertainty") }
    if values.precision != nil { try requireDeviations(posterior, for: "--precision") }
    // A point estimate says nothing about how far its weights may be rounded.
    let storage: ValueStorage =
      if let type = values.values {
        .floats(type.encoding)
      } else if posterior.hasDeviations {
        .quantised(values.precision ?? .standard)
      } else {
        .floats(.float32)
      }
    return try GaussianNetwork(posterior).exported(
      pruned, as: storage, keepsUncertainty: keepUncertainty)
  }

  private func requireDeviations(_ posterior: Posterior, for option: String) throws {
    guard !posterior.hasDeviations else { return }
    throw UnsuitableInputError(
      description:
        "\(checkpoint): holds no standard deviations, which '\(option)' needs; give a posterior")
  }

  private func tensors(
    _ posterior: Posterior, _ file: TensorFile, _ pruned: Pruning, _ units: UnitPruning?
  ) throws -> [Tensor] {
    try DenseExport(
      posterior, from: file, pruned, leavingOut: compact ? units : nil,
      keepsUncertainty: keepUncertainty
    ).tensors
  }

  /// What the checkpoint says of itself; the sizes are those of the tensors written.
  private func metadata(of file: TensorFile, _ units: UnitPruning?) -> [String: String] {
    var metadata = file.metadata
    if compact, let units, let network = metadata["arch"] {
      metadata["arch"] = units.resized(network)
    }
    return metadata
  }

  private func write(
    _ data: Data, _ posterior: Posterior, _ pruned: Pruning, _ sparsity: Double?
  ) throws {
    try OutputFile.write(data, to: output)
    try report(posterior, pruned, byteCount: data.count, asked: sparsity, model: nil)
  }

  private func search(
    _ posterior: Posterior, _ ranking: Ranking, _ sparsity: Double?
  ) throws {
    try requireDeviations(posterior, for: "--max-error-increase")
    let points = frontier.maxErrorIncrease ?? 0
    let search = FrontierSearch(
      sparsities: sparsity.map { [$0] } ?? FrontierSearch.defaultSparsities,
      precisions: values.precision.map { [$0] } ?? FrontierSearch.defaultPrecisions,
      maximumErrorIncrease: points / 100, holdout: frontier.holdout ?? 0.5, seed: pruning.seed,
      scope: pruning.scope, keepsUncertainty: keepUncertainty, threadCount: threads.count)
    let progress = ProgressLine("search")
    defer { progress.finish() }
    let network = try GaussianNetwork(posterior)
    let examples = try dataset.load(for: network.means.output)
    let found = try search.run(network, ranking, on: examples) { progress.update($0) }
    progress.finish()
    guard let export = found.export else {
      throw UnsuitableInputError(
        description: FrontierReport.nothingFound(found, points: points))
    }
    try OutputFile.write(Data(export.file), to: output)
    if !json.replacesText { try StandardOutput.write(FrontierReport.text(found, points: points)) }
    try report(
      posterior, export.pruning, byteCount: export.file.count,
      asked: found.chosen?.sparsityAsked, model: export.model, frontier: found)
  }

  private func report(
    _ posterior: Posterior, _ pruned: Pruning, byteCount: Int, asked: Double?,
    model: CompactModel?, frontier: Frontier? = nil
  ) throws {
    let report = ExportReport(
      checkpoint: checkpoint, output: output, posterior, pruned, byteCount: byteCount,
      asked: asked, model: model, frontier: frontier)
    try json.write(report)
    if !json.replacesText { try StandardOutput.write(report.text) }
  }
}
