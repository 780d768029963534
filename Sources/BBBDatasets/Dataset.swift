import BBBTensors

/// Examples whose answers are known: inputs of one size, and the class or the numbers that belong to each.
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

  /// What belongs to the inputs.
  public enum Targets: Equatable, Sendable {
    /// The class of each example, counted from 0.
    case classes([Int])
    /// Finite numbers, row-major: `count` × `perExample`.
    case numbers([Float], perExample: Int)
  }

  /// Which of them a file is to hold; integers may be either.
  public enum TargetKind: Sendable {
    /// The class of each example.
    case classes
    /// One number or more for each example.
    case numbers
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
  public internal(set) var exampleShape: [Int]
  /// What belongs to each example.
  public let targets: Targets
  /// The number of examples; at least 1.
  public let count: Int
  /// Where the inputs come from, for messages: a file, or the dataset's name.
  public let inputsPath: String
  /// Where the targets come from, for messages: a file, or the dataset's name.
  public let targetsPath: String
  /// The files that were read: that of the inputs, then that of the targets if it is another; empty if none were.
  public let files: [String]

  /// The class of each example; empty if numbers belong to the examples.
  public var labels: [Int] {
    if case .classes(let labels) = targets { labels } else { [] }
  }

  /// Puts a dataset of classes together.
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
    try self.init(
      name: name, inputs: inputs, exampleShape: exampleShape, targets: .classes(labels),
      inputsPath: inputsPath, targetsPath: labelsPath, files: files)
  }

  /// Puts a dataset together.
  ///
  /// - Parameters:
  ///   - name: What reports call it.
  ///   - inputs: The numbers of all examples, row-major.
  ///   - exampleShape: The extents of one example.
  ///   - targets: What belongs to each example.
  ///   - inputsPath: The file the inputs come from; none by default.
  ///   - targetsPath: The file the targets come from; none by default.
  ///   - files: The files that were read, the one of the inputs first; none by default.
  /// - Throws: ``DatasetError`` if there are no examples, the counts contradict each other, a label
  ///   is negative, or an input or a target is not finite.
  public init(
    name: String, inputs: Inputs, exampleShape: [Int], targets: Targets,
    inputsPath: String? = nil, targetsPath: String? = nil, files: [String] = []
  ) throws(DatasetError) {
    self.name = name
    self.inputs = inputs
    self.exampleShape = exampleShape
    self.targets = targets
    self.inputsPath = inputsPath ?? name
    self.targetsPath = targetsPath ?? name
    self.files = files
    inputCount = try Self.product(exampleShape, path: self.inputsPath)
    count = try Self.count(of: targets, path: self.targetsPath)
    guard inputs.count.isMultiple(of: inputCount), inputs.count / inputCount == count else {
      throw DatasetError(
        .mismatched, path: self.targetsPath,
        "holds \(count) \(targets.noun), but \(self.inputsPath) holds \(inputs.count) numbers,"
          + " \(inputCount) to an example; give inputs and \(targets.noun) of the same examples")
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

  /// The number of examples that targets belong to, each target being possible.
  private static func count(of targets: Targets, path: String) throws(DatasetError) -> Int {
    switch targets {
    case .classes(let labels):
      if let index = labels.firstIndex(where: { $0 < 0 }) {
        throw DatasetError(
          .malformed, path: path,
          "label \(index) is \(labels[index]); number the classes from 0")
      }
      guard !labels.isEmpty else {
        throw DatasetError(
          .mismatched, path: path, "holds no labels; give at least one labelled example")
      }
      return labels.count
    case .numbers(let numbers, let width):
      guard width > 0, !numbers.isEmpty, numbers.count.isMultiple(of: width) else {
        throw DatasetError(
          .mismatched, path: path,
          "holds \(numbers.count) targets, \(width) to an example; give each example the same number "
            + "of them, at least one")
      }
      if let index = numbers.firstIndex(where: { !$0.isFinite }) {
        throw DatasetError(
          .malformed, path: path,
          "target \(index % width) of example \(index / width) is \(numbers[index]); replace it by a "
            + "number that is finite in single precision")
      }
      return numbers.count / width
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
  /// Checks that a network with `inputCount` inputs can read the examples.
  ///
  /// - Parameter inputCount: The number of inputs the network takes.
  /// - Throws: ``DatasetError`` that names the file and both sizes.
  public func checkInputs(inputCount: Int) throws(DatasetError) {
    try UnlabelledExamples(self).checkInputs(inputCount: inputCount)
  }
}

extension Dataset.Targets {
  /// What messages call them.
  var noun: String {
    switch self {
    case .classes: "labels"
    case .numbers: "targets"
    }
  }
}
