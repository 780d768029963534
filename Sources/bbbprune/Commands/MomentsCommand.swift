import ArgumentParser
import BBBConditioning
import BBBInference
import BBBPruning
import BBBReports
import BBBTensors
import Foundation

/// `bbbprune moments`.
struct MomentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moments",
    abstract: "Writes the mean and covariance of a network's inputs, to be used in their place.",
    discussion: """
      Where inputs may not leave the place where they are, their mean and covariance can: 'sweep' and 'export' take the file \
      with '--calibrate', draw Gaussian examples from it, and condition on these. Inputs are scaled as the network takes them, \
      so that the file is for checkpoints whose inputs are scaled alike. No single example can be read from the moments of many more \
      examples than an example has numbers; of fewer, a warning says so.

      Examples:
        bbbprune moments model.pt --calibrate inputs.npy -o moments.safetensors
        bbbprune export model.pt --calibrate moments.safetensors -o model.bbbz
      """)

  @Argument(help: "The checkpoint: safetensors or its index, NPZ, PyTorch or ONNX.")
  var checkpoint: String

  @Option(
    name: [.customShort("o"), .customLong("output-file")],
    help: ArgumentHelp("The file to write: .safetensors or .npz.", valueName: "file"))
  var output: String

  @OptionGroup(title: "Inputs") var inputs: CalibrationInputOptions

  @Option(help: ArgumentHelp(DatasetOptions.dataHelp, valueName: "folder"))
  var data: String?

  @OptionGroup(title: "Inputs") var columns: LabelColumnOption
  @OptionGroup(title: "Inputs") var pixels: PixelOption
  @OptionGroup(title: "Inputs") var layout: InputLayoutOption
  @OptionGroup(title: "Inputs") var size: ImageSizeOptions
  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Reading the checkpoint") var reading: CheckpointOptions
  @OptionGroup var threads: ThreadOption

  private struct Summary: Encodable {
    var output: String
    var bytes: Int
    /// How many numbers an example has.
    var inputs: Int
    var examples: Int
    var examplesOf: String

    enum CodingKeys: String, CodingKey {
      case output, bytes, inputs, examples
      case examplesOf = "examples_of"
    }
  }

  func validate() throws {
    try OutputPaths.checkName(output)
    guard DenseFormat(path: output) != nil else {
      throw ValidationError("'\(output)' should end in .safetensors or .npz.")
    }
    guard inputs.calibrate != nil else {
      throw ValidationError(
        "Say of which inputs: add '--calibrate mnist' or '--calibrate FILE'.")
    }
    try inputs.checkCount()
    try size.check(for: [inputs.file], layout)
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--output-file", output)
    outputs.add("--json", json.path)
    try outputs.check(inputs: [checkpoint, inputs.file] + reading.files)
    let network = try DenseNetwork(
      try reading.checkpoint(at: checkpoint).posterior, readsDeviations: false,
      output: .numbers(noiseDeviation: nil))
    try checkInputs(of: network)
    let (distribution, name) = try measured(network)
    guard let format = DenseFormat(path: output) else { return }
    let count = distribution.exampleCount
    // 0 where the file of another program does not say.
    if (1...network.inputCount).contains(count) {
      StandardError.writeText(
        "warning: \(name.withoutControlCharacters): \(NumberText.grouped(count)) examples are not more than an example has numbers "
          + "(\(NumberText.grouped(network.inputCount))), and could be told from their covariance; measure more ('--calibrate-count')\n"
      )
    }
    // Without the name of what they are of, which may tell more than is to leave.
    let file = try format.encode(distribution.tensors)
    try OutputFile.write(file, to: output)
    try json.write(
      Summary(
        output: output, bytes: file.count, inputs: network.inputCount, examples: count,
        examplesOf: name))
    if !json.replacesText {
      try StandardOutput.writeText(
        """
        \(output): \(NumberText.grouped(file.count)) bytes, the mean and covariance of \(NumberText.grouped(network.inputCount)) inputs over \
        \(NumberText.grouped(count)) examples of \(name)

        """)
    }
  }

  /// The moments of the inputs; those of a file that holds moments already, as they are.
  private func measured(
    _ network: DenseNetwork
  ) throws -> (InputDistribution, name: String) {
    if let own = try inputs.distribution() {
      guard own.mean.count == network.inputCount else {
        throw CommandError(
          .unsuitable, path: inputs.file ?? "",
          "holds the moments of \(own.mean.count) inputs, but the network takes \(network.inputCount); give those of this network's"
        )
      }
      return (own, inputs.file ?? "")
    }
    let examples = try inputs.load(
      CalibrationInputOptions.Reading(
        data: data, columns: columns, pixels: pixels, layout: layout, size: size),
      of: network.network, threadCount: threads.count)
    guard let examples else {
      throw ValidationError("Say of which inputs: add '--calibrate mnist' or '--calibrate FILE'.")
    }
    return (try InputDistribution(examples.examples(of: network)), examples.name)
  }

  private func checkInputs(of network: DenseNetwork) throws {
    if network.ports.areNumbers {
      throw CommandError(
        .unsuitable, path: checkpoint,
        "the network takes integers, or several inputs, of which a mean and a covariance say nothing; give examples themselves with "
          + "'export --calibrate FILE'")
    }
    guard network.inputCount <= InputDistribution.mostInputs else {
      throw CommandError(
        .unsuitable, path: checkpoint,
        "the network takes \(network.inputCount) inputs, and a covariance is formed of at most \(InputDistribution.mostInputs); give "
          + "examples themselves with 'export --calibrate FILE'")
    }
  }
}
