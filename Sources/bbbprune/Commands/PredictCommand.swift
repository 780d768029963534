import ArgumentParser
import BBBDatasets
import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBTensors
import Foundation

/// `bbbprune predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Runs a .bbbz model on inputs.",
    discussion: """
      Byte inputs (pixels) are multiplied by the model's input scale; floating-point inputs are taken \
      as already scaled, unless --input-scale says otherwise. Inputs are (examples, …); one example \
      may also come alone.

      Examples:
        bbbprune predict model.bbbz --input images.npy
        bbbprune predict model.bbbz --input images.npy -o probabilities.npy
      """)

  @Argument(help: "The .bbbz model.")
  var model: String

  @Option(help: ArgumentHelp("The inputs: NPY, or IDX.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("A factor for all inputs: 1/255.", valueName: "factor"))
  var inputScale: InputScale?

  @Flag(help: "Give raw outputs (logits) instead of class probabilities.")
  var raw = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the probabilities (or raw outputs), (examples, classes), as float32 NPY.",
      valueName: "file"))
  var output: String?

  @OptionGroup var json: JSONOption

  private struct Prediction: Encodable {
    var `class`: Int
    /// `null` where a network overflows.
    var outputs: [Double?]

    init(outputs: ArraySlice<Float>) {
      self.class =
        outputs.indices.reduce(outputs.startIndex) {
          outputs[$1] > outputs[$0] ? $1 : $0
        } - outputs.startIndex
      self.outputs = outputs.map(\.finite)
    }
  }

  private struct Summary: Encodable {
    var model: String
    var input: String
    var kind: String
    var predictions: [Prediction]
  }

  func validate() throws {
    if output == "-" { throw ValidationError("Name a file instead of '-': NPY is binary.") }
  }

  func run() throws {
    var paths = OutputPaths()
    paths.add("--output", output)
    paths.add("--json", json.path)
    try paths.check(inputs: [model, input])
    let model = try CompactModel(contentsOfFile: model)
    let inputs = try ArrayFile(contentsOf: input)
    let exampleCount = try inputs.exampleCount(inputCount: model.inputCount)
    let outputs = predict(model, try inputs.inputs())
    let width = model.outputCount
    if let output {
      let tensor = Tensor(name: "outputs", shape: [exampleCount, width], floats: outputs)
      try OutputFile.write(try NPYEncoder.encode(tensor), to: output)
    }
    let predictions = stride(from: 0, to: outputs.count, by: width).map {
      Prediction(outputs: outputs[$0..<($0 + width)])
    }
    try json.write(
      Summary(
        model: self.model, input: input, kind: raw ? "raw" : "probabilities",
        predictions: predictions))
    guard !json.replacesText else { return }
    let rows = predictions.enumerated().map { index, prediction in
      let value = NumberText.fixed(prediction.outputs[prediction.class], decimals: 4)
      return "\(index)\t\(prediction.class)\t\(value)\n"
    }
    try StandardOutput.write(
      "input\tclass\t\(raw ? "output" : "probability")\n" + rows.joined())
  }

  private func predict(_ model: CompactModel, _ values: Dataset.Inputs) -> [Float] {
    switch values {
    case .bytes(let bytes):
      guard let inputScale else { return predict(model, bytes) }
      return predict(model, bytes.map { Float($0) * Float(inputScale.factor) })
    case .floats(let floats):
      guard let inputScale else { return predict(model, floats) }
      return predict(model, floats.map { $0 * Float(inputScale.factor) })
    }
  }

  private func predict<Input: NetworkInput>(_ model: CompactModel, _ inputs: [Input]) -> [Float] {
    raw ? model.predictOutputs(for: inputs) : model.predictProbabilities(for: inputs)
  }
}
