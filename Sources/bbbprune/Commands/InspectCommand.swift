import ArgumentParser
import BBBInference
import BBBTensors
import Foundation

/// `bbbprune inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a checkpoint or a .bbbz model holds.",
    discussion: """
      For a checkpoint: the convention found, each pair of mean and σ, the layout of the weights, how \
      σ is computed, and histograms of the signal-to-noise ratio and of the weights. For a .bbbz \
      model: its layers, and the bytes of each section beside the entropy bound.

      Examples:
        bbbprune inspect model.pt
        bbbprune inspect model.pt --plot weights.svg
        bbbprune inspect model.bbbz --json -
      """)

  @Argument(help: "A checkpoint (safetensors or its index, NPZ, PyTorch, ONNX) or a .bbbz model.")
  var file: String

  @OptionGroup var json: JSONOption

  @Option(
    help: ArgumentHelp(
      "Draw the histograms of a checkpoint as SVG: signal-to-noise ratio, its cumulative share, weights.",
      valueName: "file"))
  var plot: String?

  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions

  func validate() throws {
    if plot == "-" {
      throw ValidationError(
        "Only '--json' can write to standard output: name a file instead of '-'.")
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    outputs.add("--plot", plot)
    try outputs.check(inputs: [file] + reading.files)
    if CompactModel.isCompactModel(path: file) {
      try reading.checkUnused(for: file)
      guard plot == nil else {
        throw ValidationError(
          "'\(file)' is a .bbbz model, which holds no σ: give '--plot' the checkpoint it was made from."
        )
      }
      let report = ModelReport(try CompactModelSummary(contentsOfFile: file), path: file)
      try json.write(report)
      if !json.replacesText {
        try StandardOutput.writeText(report.text(width: StandardOutput.width))
      }
    } else {
      let report = try CheckpointReport(
        try reading.checkpoint(at: file),
        threadCount: ProcessInfo.processInfo.activeProcessorCount)
      let picture = plot == nil ? nil : report.plot
      if plot != nil, picture == nil {
        throw ValidationError(
          "'\(file)' holds weights without σ, so there is no signal-to-noise ratio to draw: leave "
            + "out '--plot'.")
      }
      if !json.replacesText {
        try StandardOutput.writeText(report.text(width: StandardOutput.width))
      }
      try json.write(report)
      if let plot, let picture { try OutputFile.write(Data(picture.utf8), to: plot) }
    }
  }
}
