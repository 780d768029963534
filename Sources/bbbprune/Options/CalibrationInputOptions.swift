import ArgumentParser
import BBBConditioning
import BBBDatasets
import BBBErrors
import BBBNetwork
import BBBPruning
import BBBTensors

/// Unlabelled inputs of the kind that a network is for.
struct CalibrationInputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Inputs of the kind that the network is for, without labels: the training examples of a dataset (mnist); IDX, NPY, \
      NPZ, CSV or a folder of pictures; or what 'bbbprune moments' wrote of them. What is left of the weights moves to take over \
      what was removed (docs/conditioning.md), and rounding keeps the outputs on them. '--label-column' names columns of a CSV file \
      that are no inputs, '--pixels' applies too.
      """, valueName: "name|file|folder"))
  var calibrate: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many of them are looked at, evenly over all. Default: 4000.", valueName: "count"))
  var calibrateCount: Int?

  /// The examples that are looked at where nothing else is said.
  private static let usualCount = 4000
  /// Of fewer, none can be held out to judge by.
  private static let leastCount = 16
  /// The most examples on which rounding is compared.
  fileprivate static let mostCompared = 2000

  /// The dataset that the inputs are of, if they are no file.
  private var named: DatasetName? { calibrate.flatMap(DatasetName.init(rawValue:)) }

  /// The file of the inputs, if there is one.
  var file: String? { named == nil ? calibrate : nil }

  /// Checks the number of examples.
  ///
  /// - Throws: `ValidationError` if it is none that can be looked at.
  func checkCount() throws {
    if let calibrateCount, !(Self.leastCount...1_000_000).contains(calibrateCount) {
      throw ValidationError("Give '--calibrate-count' a number of examples from 16 to 1,000,000.")
    }
  }

  /// Inputs, and what a report says of them.
  struct Calibration {
    /// What rounding is compared on.
    let inputs: ComparisonInputs
    /// All, as they are run.
    let examples: Dataset.Inputs
    /// Such as `mnist`.
    let name: String
    let count: Int
    /// How many of them rounding is compared on.
    let comparedCount: Int

    /// The examples as a network takes them.
    func examples(of network: DenseNetwork) -> CalibrationExamples {
      switch examples {
      case .bytes(let bytes): CalibrationExamples(bytes: bytes, of: network)
      case .floats(let floats): CalibrationExamples(floats: floats, of: network)
      }
    }
  }

  /// How files of one's own are read, and where datasets are.
  struct Reading {
    var data: String?
    var columns: LabelColumnOption
    var pixels: PixelOption
    var layout: InputLayoutOption
    var size: ImageSizeOptions
  }

  /// The examples.
  ///
  /// - Parameters:
  ///   - reading: Where datasets are, and how inputs of one's own are read.
  ///   - network: The network that takes them.
  ///   - conditions: Whether a few are too few.
  ///   - threadCount: How many threads may decode pictures at the same time.
  /// - Returns: The examples; `nil` if none are given.
  /// - Throws: `DatasetError` if they cannot be read or have another size.
  func load(
    _ reading: Reading, of network: Network, conditions: Bool = true, threadCount: Int
  ) throws -> Calibration? {
    guard let calibrate else { return nil }
    let most = calibrateCount ?? Self.usualCount
    if named == nil, let distribution = try Self.distribution(calibrate) {
      return try drawn(distribution, most, of: network, from: calibrate)
    }
    let inputCount = network.inputCount
    let form = reading.layout.form(of: network)
    let examples: UnlabelledExamples
    let all: Dataset.Inputs
    if let named {
      examples = try UnlabelledExamples(
        Dataset(named: named, split: .train, locator: DatasetLocator(explicitFolder: reading.data))
      ).arranged(for: InputForm(of: network))
      all = examples.inputs
    } else if ImageSizeOptions.isFolder(calibrate) {
      examples = try UnlabelledExamples(
        imagesInFolder: calibrate, sizing: reading.size.sizing, for: form, largestCount: most,
        threadCount: threadCount)
      all = examples.inputs
    } else {
      examples = try UnlabelledExamples(
        contentsOf: calibrate, splits: [.train, .test], leavingOut: reading.columns.names
      ).arranged(for: form)
      all = try reading.pixels.applied(to: examples.inputs, of: calibrate)
    }
    try examples.checkInputs(inputCount: inputCount)
    guard examples.count >= Self.leastCount || !conditions else {
      throw CommandError(
        .unsuitable, path: calibrate,
        "holds \(examples.count) examples, too few to say how inputs go together; give at least \(Self.leastCount), better 1,000"
      )
    }
    return Calibration(
      all.evenly(most, of: examples.count, inputCount),
      name: examples.name + (named == nil ? "" : ", training"), count: min(most, examples.count),
      inputCount)
  }

  /// The moments that '--calibrate' names a file of; `nil` if it names anything else.
  func distribution() throws -> InputDistribution? { try file.flatMap(Self.distribution) }

  /// The moments that a file holds; `nil` if it is of another kind, or holds none.
  private static func distribution(_ path: String) throws -> InputDistribution? {
    guard !ImageSizeOptions.isFolder(path), let file = try? TensorFile(contentsOf: path) else {
      return nil
    }
    return try InputDistribution(in: file)
  }

  /// Draws examples, and names the file that they cannot be drawn from.
  private static func examples(
    of distribution: InputDistribution, _ count: Int, _ path: String
  ) throws -> [Float] {
    do throws(ConditioningError) {
      return try distribution.examples(count)
    } catch {
      guard error.code == .invalidMoments else { throw error }
      throw ConditioningError(
        error.code, path: path, "\(error.message); make it anew with 'bbbprune moments'")
    }
  }

  private func drawn(
    _ distribution: InputDistribution, _ most: Int, of network: Network, from path: String
  ) throws -> Calibration {
    let inputCount = network.inputCount
    guard distribution.mean.count == inputCount else {
      throw CommandError(
        .unsuitable, path: path,
        "holds the moments of \(distribution.mean.count) inputs, but the network takes \(inputCount); give those of this network's"
      )
    }
    return Calibration(
      .floats(try Self.examples(of: distribution, most, path)),
      name: "a Gaussian with the moments in \(path)",
      count: most,
      inputCount)
  }
}

extension CalibrationInputOptions.Calibration {
  /// Examples that are looked at.
  fileprivate init(_ examples: Dataset.Inputs, name: String, count: Int, _ inputCount: Int) {
    let most = CalibrationInputOptions.mostCompared
    inputs =
      switch examples.evenly(most, of: count, inputCount) {
      case .bytes(let bytes): ComparisonInputs(bytes: bytes)
      case .floats(let floats): ComparisonInputs(floats: floats)
      }
    self.examples = examples
    self.name = name
    self.count = count
    comparedCount = min(count, most)
  }
}

extension Dataset.Inputs {
  /// So many of the examples, evenly over all, whose order may be that of the classes.
  fileprivate func evenly(_ most: Int, of count: Int, _ inputCount: Int) -> Dataset.Inputs {
    guard count > most else { return self }
    let rows = (0..<most).map { row in
      let first = row * count / most * inputCount
      return first..<first + inputCount
    }
    return switch self {
    case .bytes(let bytes): .bytes(rows.flatMap { bytes[$0] })
    case .floats(let floats): .floats(rows.flatMap { floats[$0] })
    }
  }
}
