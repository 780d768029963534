import BBBTensors

/// Inputs of one size without labels, such as examples of a kind that a network was not trained on.
public struct UnlabelledExamples: Sendable {
  /// What reports call them.
  public let name: String
  /// The numbers of all examples, row-major: `count` × `inputCount`; never empty.
  public let inputs: Dataset.Inputs
  /// The extents of one example, such as `[28, 28]`; their product is `inputCount`.
  public let exampleShape: [Int]
  /// Where they come from, for messages: a file, or the examples' name.
  public let path: String
  /// The file that was read; `nil` if none was.
  public let file: String?

  /// The number of numbers per example.
  public var inputCount: Int { exampleShape.reduce(1, *) }
  /// The number of examples.
  public var count: Int { inputs.count / inputCount }

  init(
    name: String, inputs: Dataset.Inputs, exampleShape: [Int], path: String? = nil,
    file: String? = nil
  ) {
    self.name = name
    self.inputs = inputs
    self.exampleShape = exampleShape
    self.path = path ?? name
    self.file = file
  }

  /// The examples of a dataset, which has checked them.
  ///
  /// - Parameter dataset: The dataset; its labels are left out.
  public init(_ dataset: Dataset) {
    name = dataset.name
    inputs = dataset.inputs
    exampleShape = dataset.exampleShape
    path = dataset.inputsPath
    file = dataset.files.first
  }

  /// Reads examples from a file: inputs as IDX, NPY or CSV, or an archive.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - splits: Which are taken of an archive: those of the first split that it has.
  ///   - answerColumns: The columns of a table that are no inputs; none by default.
  /// - Throws: ``DatasetError`` if the file cannot be read or holds no examples.
  public init(
    contentsOf path: String, splits: [Dataset.Split] = [.test],
    leavingOut answerColumns: [String] = []
  ) throws(DatasetError) {
    let file = try ArrayFile(inputsOf: path, splits: splits, leavingOut: answerColumns)
    try file.requireRank(2..., role: "examples")
    guard file.shape[0] > 0 else {
      throw DatasetError(.mismatched, path: path, "holds no examples; give at least one")
    }
    // Labels that nobody reads, so that one place checks what examples must be.
    self.init(
      try Dataset(
        name: path, inputs: try file.inputs(), exampleShape: Array(file.shape.dropFirst()),
        labels: Array(repeating: 0, count: file.shape[0]), inputsPath: path, files: [path]))
  }

  /// Checks that a network with `inputCount` inputs can read the examples.
  ///
  /// - Parameter inputCount: The number of inputs the network takes.
  /// - Throws: ``DatasetError`` that names the file and both sizes.
  public func checkInputs(inputCount: Int) throws(DatasetError) {
    guard self.inputCount != inputCount else { return }
    throw DatasetError(
      .mismatched, path: path,
      "an example has \(sizeText) numbers, but the network"
        + " takes \(inputCount); give examples of the size the network was trained on")
  }

  /// The size of an example, such as `28×28 = 784`.
  private var sizeText: String {
    exampleShape.count == 1 ? "\(inputCount)" : "\(shapeText(exampleShape)) = \(inputCount)"
  }
}
