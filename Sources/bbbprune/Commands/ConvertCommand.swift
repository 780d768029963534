import ArgumentParser
import BBBInference
import BBBReports
import BBBTensors
import Foundation

/// `bbbprune convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a .bbbz model as an ONNX graph, for runtimes of dense matrices.",
    discussion: """
      The graph has the model's inputs and outputs ('input' and 'output' where they have no names), any number of examples, and gives \
      its raw outputs, \
      logits of classes, or with '--probabilities' what 'predict' gives. Units that pruning removed are not there; \
      other removed weights are zeros. Inputs are floats that are scaled already: the graph's metadata say how.

      Examples:
        bbbprune convert model.bbbz -o model.onnx
        bbbprune convert model.bbbz --values float16 --probabilities -o model.onnx
      """)

  @Argument(help: "A .bbbz model.")
  var model: String

  @Option(
    name: [.customShort("o"), .customLong("output-file")],
    help: ArgumentHelp("The file to write: .onnx.", valueName: "file"))
  var output: String

  @Option(
    help: """
      The type of the graph's weights: float16 takes half the bytes and rounds; it is computed in float32 all the same.
      """)
  var values: FloatType = .float32

  @Flag(help: "Let the graph end in the probabilities of classes instead of logits.")
  var probabilities = false

  @OptionGroup var json: JSONOption

  private struct Summary: Encodable {
    var model: String
    var output: String
    var bytes: Int
    var modelBytes: Int
    /// The weights that are not 0.
    var weights: Int
    /// All weights in the graph.
    var denseWeights: Int

    enum CodingKeys: String, CodingKey {
      case model, output, bytes
      case modelBytes = "model_bytes"
      case weights
      case denseWeights = "dense_weights"
    }
  }

  func validate() throws {
    try OutputPaths.checkName(output)
    guard URL(filePath: output).pathExtension.lowercased() == "onnx" else {
      throw ValidationError("'\(output)' should end in .onnx.")
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output-file", output)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [model])
    let summary = try CompactModelSummary(contentsOfFile: model)
    let network = summary.model
    guard !probabilities || network.output.isClassification else {
      throw ValidationError(
        "'--probabilities' is for classes, and '\(model)' predicts numbers: leave it out.")
    }
    let graph = try DenseGraph(
      network, valuesAs: values, probabilities ? .probabilities : .raw, ports: network.ports,
      path: model)
    try OutputFile.write(graph.file, to: output)
    try json.write(
      Summary(
        model: model, output: output, bytes: graph.file.count, modelBytes: summary.byteCount,
        weights: network.weightCount, denseWeights: graph.weightCount))
    if !json.replacesText {
      try StandardOutput.writeText(
        """
        \(output): \(NumberText.grouped(graph.file.count)) bytes, with \(NumberText.grouped(graph.weightCount)) weights, of \
        which \(NumberText.grouped(network.weightCount)) are not 0; \(model) has \(NumberText.grouped(summary.byteCount)) bytes

        """)
    }
  }
}
