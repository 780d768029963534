/// The type and the shape of a value.
public struct ONNXValue: Hashable, Sendable {
  /// The type of the elements.
  public let elementType: ONNXElementType
  /// The extent along each axis; that of the batch is ``ONNXExtent/batch``.
  public let shape: [ONNXExtent]

  /// Creates a description of a value.
  init(_ elementType: ONNXElementType, _ shape: [ONNXExtent]) {
    self.elementType = elementType
    self.shape = shape
  }

  /// The axis that counts the examples; `nil` if there is none, or the batch is joined with others.
  public var batchAxis: Int? {
    let axes = shape.batchAxes
    return axes.count == 1 && shape[axes[0]] == .batch ? axes[0] : nil
  }

  /// The shape of one example, without the batch; `nil` if the batch is joined with other axes.
  ///
  /// A value without a batch is the same for every example, and is its own.
  public var exampleShape: [Int]? {
    if let numbers = shape.numbers { return numbers }
    guard let batchAxis else { return nil }
    var shape = shape
    shape.remove(at: batchAxis)
    return shape.numbers
  }
}

/// A value that whoever runs the graph gives it.
public struct ONNXInput: Hashable, Sendable {
  /// The name.
  public let name: String
  /// The type of the elements.
  public let elementType: ONNXElementType
  /// The shape of one example, without the batch.
  public let exampleShape: [Int]
  /// The axis that counts the examples; `nil` if the input is one example, without an axis of them.
  public let batchAxis: Int?
  /// The number of examples that the file was exported for; `nil` if it leaves that free.
  public let frozenBatch: Int?

  /// The number of elements of one example.
  public var count: Int { exampleShape.reduce(1, *) }

  /// The type and the shape, with the batch if there is one.
  public var value: ONNXValue {
    var shape = exampleShape.map(ONNXExtent.number)
    if let batchAxis { shape.insert(.batch, at: batchAxis) }
    return ONNXValue(elementType, shape)
  }
}

/// A value that the graph is run for.
public struct ONNXOutput: Hashable, Sendable {
  /// The name of the output in the file.
  public let name: String
  /// The name of the value that it is; another one where the file renames it.
  public let value: String
}
