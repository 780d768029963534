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
      Each input's line is its class, the class's probability, and how unsure the network is, in nats: the \
      entropy of all class probabilities, and, by '--samples' or '--one-pass', how much of it lies in the data \
      (aleatoric) and how much in the weights (mutual information).

      Byte inputs (pixels) are multiplied by the model's input scale; floating-point inputs are taken \
      as already scaled, unless --input-scale says otherwise. Inputs are (examples, …); one example \
      may also come alone.

      Examples:
        bbbprune predict model.bbbz --input images.npy
        bbbprune predict model.bbbz --input images.npy --one-pass
        bbbprune predict model.bbbz --input images.npy -o probabilities.npy
      """)

  @Argument(help: "The .bbbz model.")
  var model: String

  @Option(help: ArgumentHelp("The inputs: NPY, NPZ, IDX or CSV.", valueName: "file"))
  var input: String

  @OptionGroup var columns: LabelColumnOption
  @OptionGroup var pixels: PixelOption

  @Option(help: ArgumentHelp("A factor for all inputs: 1/255.", valueName: "factor"))
  var inputScale: InputScale?

  @Flag(help: "Give raw outputs (logits) instead of class probabilities.")
  var raw = false

  @Option(
    name: [.customShort("o"), .customLong("output-file")],
    help: ArgumentHelp(
      "Write the probabilities (or raw outputs), (examples, classes), as float32 NPY.",
      valueName: "file"))
  var output: String?

  @OptionGroup var prediction: PredictionOptions
  @OptionGroup var json: JSONOption
  @OptionGroup var threads: ThreadOption

  private struct Prediction: Encodable {
    /// −1 where a network overflows.
    var `class`: Int
    /// `null` where a network overflows.
    var outputs: [Double?]
    /// In nats; `nil` for raw outputs.
    var entropy: Double?
    var aleatoric: Double?
    var mutualInformation: Double?

    enum CodingKeys: String, CodingKey {
      case `class`, outputs, entropy, aleatoric
      case mutualInformation = "mutual_information"
    }
  }

  private struct Summary: Encodable {
    var model: String
    var input: String
    var kind: String
    var prediction: String
    /// The number of draws; `nil` but for Monte Carlo.
    var samples: Int?
    var seed: UInt64?
    var predictions: [Prediction]
  }

  func validate() throws {
    if output == "-" { throw ValidationError("Name a file instead of '-': NPY is binary.") }
    if raw, prediction.needsUncertainty {
      throw ValidationError(
        "'--raw' gives the outputs of the means: leave out '--samples' and '--one-pass', or '--raw'."
      )
    }
  }

  func run() throws {
    var paths = OutputPaths()
    paths.add("--output-file", output)
    paths.add("--json", json.path)
    try paths.check(inputs: [model, input])
    let model = try CompactModel(contentsOfFile: model)
    let inputs = try ArrayFile(inputsOf: input, leavingOut: columns.names)
    let exampleCount = try inputs.exampleCount(inputCount: model.inputCount)
    let method = try prediction.method(for: model, path: self.model)
    let outputs: [Float]
    let predictions: [Prediction]
    switch scaled(try pixels.applied(to: inputs.inputs(), of: input)) {
    case .bytes(let bytes): (outputs, predictions) = predict(model, bytes, method)
    case .floats(let floats): (outputs, predictions) = predict(model, floats, method)
    }
    if let output {
      let tensor = Tensor(
        name: "outputs", shape: [exampleCount, model.outputCount], floats: outputs)
      try OutputFile.write(try NPYEncoder.encode(tensor), to: output)
    }
    try json.write(
      Summary(
        model: self.model, input: input, kind: raw ? "raw" : "probabilities",
        prediction: method.name, samples: prediction.sampleCount, seed: prediction.usedSeed,
        predictions: predictions))
    if !json.replacesText { try StandardOutput.write(text(predictions)) }
  }

  private func text(_ predictions: [Prediction]) -> String {
    func number(_ value: Double?) -> String { NumberText.fixed(value, decimals: 4) }
    var header = ["input", "class", raw ? "output" : "probability"]
    if !raw { header.append("entropy") }
    if prediction.needsUncertainty { header += ["aleatoric", "mutual information"] }
    let rows = predictions.enumerated().map { index, row in
      let best = row.class < 0 ? nil : row.outputs[row.class]
      var cells = ["\(index)", "\(row.class)", number(best)]
      if !raw { cells.append(number(row.entropy)) }
      if prediction.needsUncertainty {
        cells += [number(row.aleatoric), number(row.mutualInformation)]
      }
      return cells
    }
    return ([header] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func scaled(_ inputs: Dataset.Inputs) -> Dataset.Inputs {
    guard let inputScale else { return inputs }
    let factor = Float(inputScale.factor)
    return switch inputs {
    case .bytes(let bytes): .floats(bytes.map { Float($0) * factor })
    case .floats(let floats): .floats(floats.map { $0 * factor })
    }
  }

  private func predict<Input: NetworkInput>(
    _ model: CompactModel, _ inputs: [Input], _ method: PredictionMethod
  ) -> (outputs: [Float], predictions: [Prediction]) {
    let logits = raw ? model.predictOutputs(for: inputs, threadCount: threads.count) : []
    let distribution =
      raw
      ? PredictiveDistribution(logits: logits, classCount: model.outputCount)
      : model.predictiveDistribution(for: inputs, by: method, threadCount: threads.count)
    let outputs = raw ? logits : distribution.probabilities
    let classes = distribution.predictions
    let entropies = distribution.predictiveEntropies
    let disagreements = distribution.mutualInformations
    let width = model.outputCount
    let predictions = classes.indices.map { index in
      var row = Prediction(
        class: classes[index],
        outputs: outputs[index * width..<(index + 1) * width].map(\.finite))
      if !raw {
        row.entropy = entropies[index].finite
        row.aleatoric = distribution.aleatoricEntropies[index].finite
        row.mutualInformation = disagreements[index].finite
      }
      return row
    }
    return (outputs, predictions)
  }
}
