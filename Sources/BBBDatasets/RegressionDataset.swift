import BBBTensors

/// Examples with real-valued targets: inputs of one size, and what a network should answer to each.
public struct RegressionDataset: Equatable, Sendable {
  /// What reports call the dataset.
  public let name: String
  /// The number of examples; at least 1.
  public let count: Int
  /// The numbers of all examples, row-major: `count` × `inputCount`; all finite.
  public let inputs: [Float]
  /// The number of inputs per example; at least 1.
  public let inputCount: Int
  /// The targets of all examples, row-major: `count` × `targetCount`; all finite.
  public let targets: [Float]
  /// The number of targets per example; at least 1.
  public let targetCount: Int

  /// Puts a dataset together.
  ///
  /// - Parameters:
  ///   - name: What reports and messages call it.
  ///   - count: The number of examples.
  ///   - inputs: The numbers of all examples, row-major.
  ///   - targets: The targets of all examples, row-major.
  /// - Throws: ``DatasetError`` if there are no examples, the counts are no multiples of the number of
  ///   examples, or a number is not finite.
  public init(
    name: String, count: Int, inputs: [Float], targets: [Float]
  ) throws(DatasetError) {
    self.name = name
    self.count = count
    self.inputs = inputs
    inputCount = try Self.size(of: inputs, count: count, what: "inputs", path: name)
    self.targets = targets
    targetCount = try Self.size(of: targets, count: count, what: "targets", path: name)
  }

  /// Reads inputs and targets from an archive of arrays (NPZ), under the names that
  /// ``Dataset/init(examplesPath:split:labelColumns:name:)`` knows, or from a table (CSV).
  ///
  /// Inputs and targets are floats or integers, the number of examples and then the extents of one; an
  /// array of rank 1 has one number per example.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - split: Which examples to take from an archive that holds those of both splits.
  ///   - targetColumns: The columns of a table that hold the targets; the last one by default.
  /// - Throws: ``DatasetError`` if the file cannot be read, holds no such arrays, or they do not fit.
  public init(
    examplesPath path: String, split: Dataset.Split, targetColumns: [String] = []
  ) throws(DatasetError) {
    if case .idx = ArrayFileKind(ofFile: path) {
      throw DatasetError(
        .unsupported, path: path,
        "is an IDX file, whose labels are classes; give inputs and real-valued targets in one NPZ or CSV file"
      )
    }
    let arrays = try ExampleArrays(contentsOf: path, split: split, answerColumns: targetColumns)
    let count = arrays.inputs.shape.first ?? 0
    guard arrays.answers.shape.first ?? 0 == count else {
      throw DatasetError(
        .mismatched, path: path,
        "holds inputs of the shape \(shapeText(arrays.inputs.shape)), but targets of the shape"
          + " \(shapeText(arrays.answers.shape)); give as many targets as inputs")
    }
    try self.init(
      name: path, count: count, inputs: try arrays.inputs.floats(),
      targets: try arrays.answers.floats())
  }

  /// The number of values per example.
  private static func size(
    of values: [Float], count: Int, what: String, path: String
  ) throws(DatasetError) -> Int {
    guard count > 0, !values.isEmpty, values.count.isMultiple(of: count) else {
      throw DatasetError(
        .mismatched, path: path,
        "holds \(values.count) \(what) for \(count) examples; give each example the same number of"
          + " them, at least one")
    }
    let size = values.count / count
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw DatasetError(
        .malformed, path: path,
        "number \(index % size) of the \(what) of example \(index / size) is \(values[index]);"
          + " replace it by one that is finite in single precision")
    }
    return size
  }
}
