import ArgumentParser
import BBBInference
import BBBTensors

/// `bbbprune inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a checkpoint or a .bbbz model holds.",
    discussion: """
      For a checkpoint: the convention found, each pair of mean and σ, the layout of the weights, how \
      σ is computed, and the signal-to-noise ratio. For a .bbbz model: its layers, and the bytes of \
      each section beside the entropy bound.

      Examples:
        bbbprune inspect model.pt
        bbbprune inspect model.bbbz --json -
      """)

  @Argument(help: "A checkpoint (safetensors, NPZ, PyTorch) or a .bbbz model.")
  var file: String

  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [file, reading.model])
    if CompactModel.isCompactModel(path: file) {
      try reading.checkUnused(for: file)
      let report = ModelReport(try CompactModelSummary(contentsOfFile: file), path: file)
      try json.write(report)
      if !json.replacesText { try StandardOutput.write(report.text) }
    } else {
      let tensors = try TensorFile(contentsOf: file)
      let report = try CheckpointReport(tensors, try reading.posterior(tensors))
      try json.write(report)
      if !json.replacesText { try StandardOutput.write(report.text) }
    }
  }
}
