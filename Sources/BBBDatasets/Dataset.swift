import BBBTensors

/// Labelled examples: inputs of one size, and the class of each.
public struct Dataset: Sendable {
  /// The numbers of all examples, row-major: `count` × `inputCount`.
  public enum Inputs: Equatable, Sendable {
    /// Unsigned bytes, as pixels are stored; how they are scaled is the network's affair.
    case bytes([UInt8])
    /// Finite real numbers.
    case floats([Float])

    /// The number of numbers.
    public var count: Int {
      switch self {
      case .bytes(let values): values.count
      case .floats(let values): values.count
      }
    }
  }

  /// The part of a dataset that is meant for training, or the part for testing.
  public enum Split: String, CaseIterable, Sendable {
    /// The examples a network learns from.
    case train
    /// The examples it is measured on.
    case test
  }

  /// What reports call the dataset, such as `mnist`.
  public let name: String
  /// The inputs of all examples, row-major: `count` × `inputCount`.
  public internal(set) var inputs: Inputs
  /// The number of numbers per example; at least 1.
  public let inputCount: Int
  /// The extents of one example, such as `[28, 28]`; their product is `inputCount`.
  public let exampleShape: [Int]
  /// The class of each example, counted from 0.
  public let labels: [Int]
  /// Where the inputs come from, for messages: a file, or the dataset's name.
  public let inputsPath: String
  /// Where the labels come from, for messages: a file, or the dataset's name.
  public let labelsPath: String
  /// The files that were read: that of the inputs, then that of the labels if it is another; empty if none were.
  public let files: [String]

  /// The number of examples; at least 1.
  public var count: Int { labels.count }

  /// Puts a dataset together.
  ///
  /// - Parameters:
  ///   - name: What reports call it.
  ///   - inputs: The numbers of all examples, row-major.
  ///   - exampleShape: The extents of one example.
  ///   - labels: The class of each example, counted from 0.
  ///   - inputsPath: The file the inputs come from; none by default.
  ///   - labelsPath: The file the labels come from; none by default.
  ///   - files: The files that were read, the one of the inputs first; none by default.
  /// - Throws: ``DatasetError`` if there are no examples, the counts contradict each other, a label
  ///   is negative or an input is not finite.
  public init(
    name: String, inputs: Inputs, exampleShape: [Int], labels: [Int],
    inputsPath: String? = nil, labelsPath: String? = nil, files: [String] = []
  ) throws(DatasetError) {
    self.name = name
    self.inputs = inputs
    self.exampleShape = exampleShape
    self.labels = labels
    self.inputsPath = inputsPath ?? name
    self.labelsPath = labelsPath ?? name
    self.files = files
    inputCount = try Self.product(exampleShape, path: self.inputsPath)
    guard !labels.isEmpty else {
      throw DatasetError(
        .mismatched, path: self.labelsPath, "holds no labels; give at least one labelled example")
    }
    guard inputs.count.isMultiple(of: inputCount), inputs.count / inputCount == labels.count else {
      throw DatasetError(
        .mismatched, path: self.labelsPath,
        "holds \(labels.count) labels, but \(self.inputsPath) holds \(inputs.count) numbers,"
          + " \(inputCount) to an example; give inputs and labels of the same examples")
    }
    if let index = labels.firstIndex(where: { $0 < 0 }) {
      throw DatasetError(
        .malformed, path: self.labelsPath,
        "label \(index) is \(labels[index]); number the classes from 0")
    }
    if case .floats(let values) = inputs,
      let index = values.firstIndex(where: { !$0.isFinite })
    {
      throw DatasetError(
        .malformed, path: self.inputsPath,
        "input \(index % inputCount) of example \(index / inputCount) is \(values[index]);"
          + " replace it by a finite number")
    }
  }

  private static func product(_ shape: [Int], path: String) throws(DatasetError) -> Int {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else {
        throw DatasetError(
          .mismatched, path: path,
          "an example of the shape \(shapeText(shape)) is not possible; give positive extents")
      }
      product = next
    }
    return product
  }
}

extension Dataset {
  /// Checks that a network with `classCount` outputs can get every label right.
  ///
  /// - Parameter classCount: The number of classes the network distinguishes.
  /// - Throws: ``DatasetError`` that names the file and the first label out of range.
  public func checkLabels(classCount: Int) throws(DatasetError) {
    guard let index = labels.firstIndex(where: { $0 >= classCount }) else { return }
    throw DatasetError(
      .mismatched, path: labelsPath,
      "label \(index) is \(labels[index]), but the network has \(classCount) classes, numbered"
        + " from 0; give the labels the network was trained on")
  }

  /// Checks that a network with `inputCount` inputs can read the examples.
  ///
  /// - Parameter inputCount: The number of inputs the network takes.
  /// - Throws: ``DatasetError`` that names the file and both sizes.
  public func checkInputs(inputCount: Int) throws(DatasetError) {
    try UnlabelledExamples(self).checkInputs(inputCount: inputCount)
  }
}
