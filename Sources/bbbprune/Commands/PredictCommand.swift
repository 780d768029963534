import ArgumentParser
import BBBDatasets
import BBBInference
import BBBNetwork
import BBBTensors
import Foundation

/// `bbbprune predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Runs a model on inputs.",
    discussion: """
      Takes a .bbbz model, or a checkpoint, which is run unpruned.

      Of a classifier, each input's line is its class, the class's probability, and how unsure the network is, in \
      nats: the entropy of all class probabilities, and, by '--samples' or '--one-pass', how much of it lies in \
      the data (aleatoric) and how much in the weights (mutual information). Of a network that predicts numbers, it \
      is the mean, its standard deviation from the weights ('--samples', '--one-pass'), that of the target in all, \
      and the interval that holds it with 95 %.

      Byte inputs (pixels) are scaled as the model says; floating-point inputs are taken as already scaled, unless \
      --input-scale says otherwise. Inputs are (examples, …); one example may also come alone. A model of several inputs \
      takes '--input NAME=FILE' for each, and writes its outputs by '-o NAME=FILE'; 'inspect' shows the names.

      Examples:
        bbbprune predict model.bbbz --input images.npy
        bbbprune predict model.bbbz --input images.npy --one-pass
        bbbprune predict model.pt --input x.npy --output numbers:0.5 --samples 100
        bbbprune predict model.bbbz --input images.npy -o probabilities.npy
        bbbprune predict model.onnx --input x.npy --raw -o y.npy
        bbbprune predict model.onnx --input a=a.npy --input b=b.npy --raw -o y=y.npy
      """)

  @Argument(help: "A .bbbz model or a checkpoint.")
  var model: String

  @Option(
    help: ArgumentHelp(
      "The inputs: NPY, NPZ, IDX or CSV; of several by name, NAME=FILE, repeated.",
      valueName: "file"
    ))
  var input: [NamedFile]

  @OptionGroup var columns: LabelColumnOption
  @OptionGroup var pixels: PixelOption

  @Flag(help: "Give raw outputs (logits, of a classifier) instead of what they mean.")
  var raw = false

  @Option(
    name: [.customShort("o"), .customLong("output-file")],
    help: ArgumentHelp(
      """
      Write what is predicted: .csv and .npz hold all of it, .npy the probabilities, means or raw outputs in float32. By \
      name, NAME=FILE, repeated: one output each, .npy.
      """,
      valueName: "file"))
  var output: [NamedFile] = []

  @OptionGroup var prediction: PredictionOptions
  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading a checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  private struct Summary: Encodable {
    var model: String
    var input: String
    var kind: String
    /// What the network's outputs are.
    var output: String
    var prediction: String
    /// The number of draws; `nil` but for Monte Carlo.
    var samples: Int?
    var seed: UInt64?
    /// What is taken for granted about the network.
    var assumptions: [String]
    var predictions: PredictionArrays
  }

  func validate() throws {
    try input.check("--input")
    try PredictionFiles(output).check()
  }

  func run() throws {
    var paths = OutputPaths()
    for file in output { paths.add("--output-file", file.path) }
    paths.add("--json", json.path)
    try paths.check(inputs: [model] + input.map(\.path) + reading.files)
    let source = try ModelInput(
      path: model, reading: reading.withoutInputScale(for: model),
      keepsUncertainty: prediction.needsUncertainty, keepsEnd: raw)
    let model = source.model
    let files = PredictionFiles(output)
    try files.check(against: model, path: self.model)
    let inputs = try PredictionInputs(
      input, of: model, path: self.model, leavingOut: columns.names, pixels,
      scalesBytes: reading.inputScale == nil)
    let method = try prediction.method(for: model, path: self.model)
    let distribution =
      switch scaled(inputs.numbers, for: model) {
      case .bytes(let bytes): try self.distribution(model, bytes, method)
      case .floats(let floats): try self.distribution(model, floats, method)
      }
    let predictions = PredictionArrays(distribution, isRaw: raw, ports: model.ports)
    precondition(predictions.count == inputs.exampleCount, "a prediction for each example")
    try files.write(predictions)
    try json.write(
      Summary(
        model: self.model, input: inputText, kind: kind(of: model), output: "\(model.output)",
        prediction: method.name, samples: prediction.sampleCount, seed: prediction.usedSeed,
        assumptions: source.assumptions, predictions: predictions))
    if !json.replacesText, files.areNamed {
      try StandardOutput.write(files.lines(predictions))
    } else if !json.replacesText {
      try StandardOutput.write(
        PredictionText.lines(
          predictions, output: raw ? nil : model.output,
          knowsWeights: prediction.needsUncertainty))
      if !raw, model.output == .numbers(noiseDeviation: nil) {
        StandardError.writeText(
          "the noise of the targets is not known, so that there are no intervals: give its standard "
            + "deviation to 'export' with --output numbers:DEVIATION\n")
      }
    }
  }

  /// The inputs' files as they were given.
  private var inputText: String {
    input.map { file in (file.name.map { $0 + "=" } ?? "") + file.path }.joined(separator: ", ")
  }

  private func kind(of model: CompactModel) -> String {
    raw ? "raw" : model.output.isClassification ? "probabilities" : "numbers"
  }

  private func distribution<Input: NetworkInput>(
    _ model: CompactModel, _ inputs: [Input], _ method: PredictionMethod
  ) throws(CompactModelError) -> OutputDistribution {
    try model.outputDistribution(
      for: inputs, by: method, as: raw ? .numbers(noiseDeviation: nil) : nil,
      threadCount: threads.count)
  }

  /// The inputs as they are, or scaled by what the user says: floats too.
  private func scaled(_ inputs: Dataset.Inputs, for model: CompactModel) -> Dataset.Inputs {
    guard let factor = reading.inputScale?.factor else { return inputs }
    let own = model.inputScaling
    let scaling = InputScaling(factor: factor, means: own.means, deviations: own.deviations) ?? own
    let channelSize = model.inputCount / scaling.channelCount
    func scaled(_ number: Float, _ index: Int) -> Float {
      Float(scaling(Double(number), channel: index % model.inputCount / channelSize))
    }
    return switch inputs {
    case .bytes(let bytes): .floats(bytes.enumerated().map { scaled(Float($1), $0) })
    case .floats(let floats): .floats(floats.enumerated().map { scaled($1, $0) })
    }
  }
}
