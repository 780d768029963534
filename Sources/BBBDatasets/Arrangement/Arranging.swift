import BBBNetwork

extension Dataset {
  /// The same examples in the order of a network's inputs.
  ///
  /// - Parameter form: What the network takes, and where the file has its channels.
  /// - Returns: The examples; as they are if they are of another size, which ``checkInputs(inputCount:)`` tells of.
  /// - Throws: ``DatasetError`` if their shape does not fit, or fits in two ways.
  public func arranged(for form: InputForm) throws(DatasetError) -> Dataset {
    let examples = try UnlabelledExamples(self).arranged(for: form)
    var copy = withInputs(examples.inputs)
    copy.exampleShape = examples.exampleShape
    return copy
  }
}

extension UnlabelledExamples {
  /// The same examples in the order of a network's inputs.
  ///
  /// - Parameter form: What the network takes, and where the file has its channels.
  /// - Returns: The examples; as they are if they are of another size, which ``checkInputs(inputCount:)`` tells of.
  /// - Throws: ``DatasetError`` if their shape does not fit, or fits in two ways.
  public func arranged(for form: InputForm) throws(DatasetError) -> UnlabelledExamples {
    guard inputCount == form.inputCount,
      let order = try form.order(ofExamples: exampleShape, path: path)
    else { return self }
    return UnlabelledExamples(
      name: name, inputs: inputs.transposed(exampleShape, order),
      exampleShape: order.map { exampleShape[$0] }, path: path, file: file)
  }
}

extension ArrayFile {
  /// The numbers in the order of a network's inputs: those of examples, or of a single one that comes alone.
  ///
  /// - Parameter form: What the network takes, and where the file has its channels.
  /// - Returns: The inputs of all examples, row-major.
  /// - Throws: ``DatasetError`` if the shape does not fit, or fits in two ways, or the numbers are no inputs.
  public func inputs(for form: InputForm) throws(DatasetError) -> Dataset.Inputs {
    let count = try exampleCount(inputCount: form.inputCount)
    let isAlone = count == 1 && (shape.first != 1 || shape.count == form.extents.count)
    let example = isAlone ? shape : Array(shape.dropFirst())
    let order = try form.order(ofExamples: example, path: path)
    let inputs = try inputs()
    return order.map { inputs.transposed(example, $0) } ?? inputs
  }
}

extension Dataset.Inputs {
  /// The same numbers with the axes of each example in another order.
  ///
  /// - Parameters:
  ///   - shape: The extents of one example.
  ///   - order: For each axis of the result, the axis that it is now.
  /// - Returns: The numbers, example by example.
  func transposed(_ shape: [Int], _ order: [Int]) -> Dataset.Inputs {
    let sources = Transpose(order).sources(in: Shape(shape))
    return switch self {
    case .bytes(let bytes): .bytes(Self.gather(bytes, sources))
    case .floats(let floats): .floats(Self.gather(floats, sources))
    }
  }

  private static func gather<Number>(_ numbers: [Number], _ sources: [Int]) -> [Number] {
    numbers.withUnsafeBufferPointer { numbers in
      [Number](unsafeUninitializedCapacity: numbers.count) { result, count in
        for start in stride(from: 0, to: numbers.count, by: sources.count) {
          for (place, source) in sources.enumerated() {
            result.initializeElement(at: start + place, to: numbers[start + source])
          }
        }
        count = numbers.count
      }
    }
  }
}
