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
        bbbprune export model.pt --max-error-increase 0.1 --dataset mnist -o m.bbbz
        bbbprune export model.pt --sparsity 0.95 --keep-uncertainty -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 -o pruned.npz
      """)

  @Argument(help: "The checkpoint: safetensors or its index, NPZ or PyTorch.")
  var checkpoint: String

  @Option(
    help: ArgumentHelp(
      "The fraction of the weights to remove, 0…1; quantisation may remove more.",
      valueName: "fraction"))
  var sparsity: Double?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write: .bbbz, .safetensors or .npz.", valueName: "file"))
  var output: String

  @OptionGroup var values: ValueOptions
  @OptionGroup(title: "Search") var frontier: FrontierOptions
  @OptionGroup(title: "Data, for the search") var dataset: DatasetOptions

  @Option(help: CriterionName.help)
  var criterion: CriterionName = .snr

  @Flag(
    help: "Write σ of the remaining weights and biases too, so that the model can be drawn from.")
  var keepUncertainty = false

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
    guard sparsity != nil || frontier.maxErrorIncrease != nil else {
      throw ValidationError(
        "Say how much to remove: '--sparsity 0.95', or '--max-error-increase 0.1' with data.")
    }
    if format != .bbbz, values.values != nil || values.precision != nil {
      throw ValidationError(
        "'--values' and '--precision' are for .bbbz files: dense tensors keep the checkpoint's type."
      )
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
    outputs.add("--output", output)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [checkpoint, reading.model, dataset.images, dataset.labels])
    let file = try TensorFile(contentsOf: checkpoint)
    let posterior = try reading.posterior(file)
    let ranking = try Ranking(
      posterior, by: try criterion.criterion(posterior, pruning), includesBiases: pruning.pruneBiases,
      threadCount: threads.count)
    do {
      try write(posterior, ranking, file)
    } catch var error as CompactModelError where error.path.isEmpty {
      // A model that the format cannot hold has the checkpoint to blame.
      error.path = checkpoint
      throw error
    }
  }

  private func write(_ posterior: Posterior, _ ranking: Ranking, _ file: TensorFile) throws {
    if frontier.maxErrorIncrease != nil {
      try search(posterior, ranking)
      return
    }
    let pruned = try ranking.pruning(atSparsity: sparsity ?? 0, scope: pruning.scope)
    switch format {
    case .bbbz, nil:
      let export = try export(posterior, pruned)
      try OutputFile.write(Data(export.file), to: output)
      try report(posterior, export.pruning, byteCount: export.file.count, model: export.model)
    case .safetensors:
      try write(
        SafetensorsEncoder.encode(try tensors(posterior, file, pruned), metadata: file.metadata),
        posterior, pruned)
    case .npz:
      try write(NPZEncoder.encode(try tensors(posterior, file, pruned)), posterior, pruned)
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
    _ posterior: Posterior, _ file: TensorFile, _ pruned: Pruning
  ) throws -> [Tensor] {
    try DenseExport(posterior, from: file, pruned, keepsUncertainty: keepUncertainty).tensors
  }

  private func write(_ data: Data, _ posterior: Posterior, _ pruned: Pruning) throws {
    try OutputFile.write(data, to: output)
    try report(posterior, pruned, byteCount: data.count, model: nil)
  }

  private func search(_ posterior: Posterior, _ ranking: Ranking) throws {
    try requireDeviations(posterior, for: "--max-error-increase")
    let points = frontier.maxErrorIncrease ?? 0
    let search = FrontierSearch(
      sparsities: sparsity.map { [$0] } ?? FrontierSearch.defaultSparsities,
      precisions: values.precision.map { [$0] } ?? FrontierSearch.defaultPrecisions,
      maximumErrorIncrease: points / 100, holdout: frontier.holdout ?? 0.5, seed: pruning.seed,
      scope: pruning.scope, keepsUncertainty: keepUncertainty, threadCount: threads.count)
    let progress = ProgressLine("search")
    defer { progress.finish() }
    let found = try search.run(
      try GaussianNetwork(posterior), ranking, on: try dataset.load()
    ) { progress.update($0) }
    progress.finish()
    guard let export = found.export else {
      throw UnsuitableInputError(
        description: FrontierReport.nothingFound(found, points: points))
    }
    try OutputFile.write(Data(export.file), to: output)
    if !json.replacesText { try StandardOutput.write(FrontierReport.text(found, points: points)) }
    try report(
      posterior, export.pruning, byteCount: export.file.count, model: export.model,
      frontier: found)
  }

  private func report(
    _ posterior: Posterior, _ pruned: Pruning, byteCount: Int, model: CompactModel?,
    frontier: Frontier? = nil
  ) throws {
    let report = ExportReport(
      checkpoint: checkpoint, output: output, posterior, pruned, byteCount: byteCount,
      asked: sparsity ?? frontier?.chosen?.sparsityAsked, model: model, frontier: frontier)
    try json.write(report)
    if !json.replacesText { try StandardOutput.write(report.text) }
  }
}
