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

      Examples:
        bbbprune export model.pt --sparsity 0.95 -o model.bbbz
        bbbprune export model.pt --sparsity 0.98 --values float16 -o model.bbbz
        bbbprune export model.pt --sparsity 0.95 --keep-uncertainty -o pruned.npz
      """)

  @Argument(help: "The checkpoint: safetensors, NPZ or PyTorch.")
  var checkpoint: String

  @Option(help: ArgumentHelp("The fraction of the weights to remove, 0…1.", valueName: "fraction"))
  var sparsity: Double

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write: .bbbz, .safetensors or .npz.", valueName: "file"))
  var output: String

  @Option(help: CriterionName.help)
  var criterion: CriterionName = .snr

  @Flag(help: "Write σ of the remaining weights too (.safetensors and .npz).")
  var keepUncertainty = false

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Pruning") var pruning: PruningOptions
  @OptionGroup(title: "Reading the checkpoint") var reading: CheckpointOptions

  private enum Format: String {
    case bbbz
    case safetensors
    case npz
  }

  func validate() throws {
    guard let format else {
      throw ValidationError("'\(output)' should end in .bbbz, .safetensors or .npz.")
    }
    if pruning.values != nil, format != .bbbz {
      throw ValidationError(
        "'--values' is for .bbbz files: dense tensors keep the checkpoint's type.")
    }
    if keepUncertainty, format == .bbbz {
      throw ValidationError(
        "A .bbbz holds means only: write .safetensors or .npz to keep σ with --keep-uncertainty.")
    }
  }

  private var format: Format? {
    Format(rawValue: URL(filePath: output).pathExtension.lowercased())
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output", output)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [checkpoint, reading.model])
    let file = try TensorFile(contentsOf: checkpoint)
    let posterior = try reading.posterior(file)
    let ranking = try Ranking(
      posterior, by: criterion.criterion(seed: pruning.seed), includesBiases: pruning.pruneBiases)
    let pruned = try ranking.pruning(atSparsity: sparsity, scope: pruning.scope)
    let data: Data
    switch format {
    case .bbbz, nil:
      let model = try MeanNetwork(posterior).compacted(by: pruned)
      let bytes = try model.encoded(valuesAs: pruning.values ?? .float32)
      // Read back before success is claimed.
      _ = try CompactModel(bytes: bytes, path: output)
      data = Data(bytes)
    case .safetensors:
      data = try SafetensorsEncoder.encode(
        try tensors(posterior, file, pruned), metadata: file.metadata)
    case .npz:
      data = try NPZEncoder.encode(try tensors(posterior, file, pruned))
    }
    try OutputFile.write(data, to: output)
    try report(posterior, pruned, byteCount: data.count)
  }

  private func tensors(
    _ posterior: Posterior, _ file: TensorFile, _ pruned: Pruning
  ) throws -> [Tensor] {
    try DenseExport(posterior, from: file, pruned, keepsUncertainty: keepUncertainty).tensors
  }

  private struct Summary: Encodable {
    var checkpoint: String
    var output: String
    var criterion: String
    var weights: Int
    var removed: Int
    var kept: Int
    var sparsity: Double
    var threshold: Double?
    var bytes: Int
    var denseBytes: Int
    var ratio: Double

    enum CodingKeys: String, CodingKey {
      case checkpoint, output, criterion, weights, removed, kept, sparsity, threshold, bytes
      case denseBytes = "dense_bytes"
      case ratio
    }
  }

  private func report(_ posterior: Posterior, _ pruned: Pruning, byteCount: Int) throws {
    let parameterCount = posterior.layers.reduce(0) { $0 + $1.weight.count + ($1.bias?.count ?? 0) }
    let summary = Summary(
      checkpoint: checkpoint, output: output, criterion: criterion.rawValue,
      weights: pruned.keeps.count, removed: pruned.removedCount, kept: pruned.keptCount,
      sparsity: pruned.sparsity, threshold: pruned.threshold?.finite, bytes: byteCount,
      denseBytes: 4 * parameterCount, ratio: Double(4 * parameterCount) / Double(byteCount))
    try json.write(summary)
    guard !json.replacesText else { return }
    try StandardOutput.write(
      """
      \(output): \(NumberText.grouped(byteCount)) bytes, \
      \(NumberText.sizeComparison(summary.ratio)) the dense float32 network \
      (\(NumberText.grouped(summary.denseBytes)) bytes)
      \(NumberText.grouped(summary.kept)) of \(NumberText.grouped(summary.weights)) weights left \
      (sparsity \(NumberText.trimmed(summary.sparsity * 100)) %, by \(criterion.rawValue))

      """)
  }
}
