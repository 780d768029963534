import BBBDatasets
import BBBKernels
import BBBZlib

/// What a network learns from: inputs, and the class or the numbers that belong to each.
public struct TrainingExamples: Sendable {
  /// What belongs to the inputs.
  public enum Targets: Equatable, Sendable {
    /// The class of each example, counted from 0.
    case classes([Int])
    /// Real numbers, row-major: examples × `width`.
    case numbers([Float], width: Int)
  }

  /// The inputs of all examples, row-major.
  public let inputs: Dataset.Inputs
  /// The number of inputs of one example.
  public let inputCount: Int
  /// What belongs to each example.
  public let targets: Targets
  /// The examples that are used, by their place among the inputs.
  public private(set) var indices: [Int32]

  /// The number of examples that are used.
  public var count: Int { indices.count }

  /// Takes examples with their classes or numbers.
  ///
  /// - Parameter dataset: The examples.
  public init(_ dataset: Dataset) {
    inputs = dataset.inputs
    inputCount = dataset.inputCount
    targets =
      switch dataset.targets {
      case .classes(let labels): .classes(labels)
      case .numbers(let numbers, let width): .numbers(numbers, width: width)
      }
    indices = Array(0..<Int32(dataset.count))
  }

  /// Takes real-valued examples.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, row-major: examples × `inputCount`.
  ///   - inputCount: The number of inputs of one example; at least 1.
  ///   - targets: The targets, row-major: examples × `targetCount`.
  ///   - targetCount: The number of targets of one example; at least 1.
  /// - Throws: `TrainingError.Code.invalidConfiguration` unless both are of the same number of whole examples.
  public init(
    inputs: [Float], inputCount: Int, targets: [Float], targetCount: Int
  ) throws(TrainingError) {
    guard inputCount > 0, targetCount > 0, inputs.count.isMultiple(of: inputCount),
      targets.count.isMultiple(of: targetCount),
      inputs.count / inputCount == targets.count / targetCount
    else {
      throw TrainingError(
        .invalidConfiguration,
        "\(inputs.count) inputs, \(inputCount) to an example, and \(targets.count) targets, \(targetCount) to "
          + "an example, are not of the same examples; give both for each example")
    }
    self.inputs = .floats(inputs)
    self.inputCount = inputCount
    self.targets = .numbers(targets, width: targetCount)
    indices = Array(0..<Int32(inputs.count / inputCount))
  }

  /// Sets examples aside for validation: a random choice that depends on nothing but the counts, so
  /// that runs with different seeds are compared on the same examples.
  ///
  /// - Parameter count: How many; below the number of examples.
  /// - Returns: The examples to train on, and those to validate on, each in their old order.
  /// - Throws: `TrainingError.Code.invalidConfiguration` if none would be left to train on, or the number is negative.
  public func splitForValidation(
    count: Int
  ) throws(TrainingError) -> (training: TrainingExamples, validation: TrainingExamples) {
    guard 0..<max(self.count, 1) ~= count else {
      throw TrainingError(
        .invalidConfiguration,
        "\(count) of \(self.count) examples cannot be set aside for validation; leave at least one to train on"
      )
    }
    let order = Permutation.make(count: self.count, key: NoiseStream.validation.key(seed: 0))
    var training = self
    var validation = self
    validation.indices = order.prefix(count).sorted().map { indices[Int($0)] }
    training.indices = order.dropFirst(count).sorted().map { indices[Int($0)] }
    return (training, validation)
  }

  /// A checksum of inputs, targets and which of them are used, to tell other examples by.
  var checksum: UInt32 {
    var parts: [UInt32] = []
    switch inputs {
    case .bytes(let bytes): parts.append(crc32(bytes.span.bytes))
    case .floats(let floats): parts.append(crc32(floats.span.bytes))
    }
    switch targets {
    case .classes(let classes): parts.append(crc32(classes.span.bytes))
    case .numbers(let numbers, _): parts.append(crc32(numbers.span.bytes))
    }
    parts.append(crc32(indices.span.bytes))
    return crc32(parts.span.bytes)
  }

  /// The inputs of some of the examples that are used, as a network takes them.
  ///
  /// - Parameters:
  ///   - range: The examples, counted among those that are used.
  ///   - scale: What bytes are multiplied by.
  /// - Returns: (examples, inputs), row-major.
  public func inputs(of range: Range<Int>, scale: Float) -> [Float] {
    let rows = range.map(Int32.init)
    return [Float](unsafeUninitializedCapacity: rows.count * inputCount) { values, count in
      if let start = values.baseAddress { gather(rows[...], scale: scale, into: start) }
      count = rows.count * inputCount
    }
  }

  /// Copies inputs into rows, bytes multiplied by `scale`.
  ///
  /// - Parameters:
  ///   - rows: The places in `indices` of the examples, one for each row.
  ///   - scale: What bytes are multiplied by.
  ///   - target: Rows × `inputCount` numbers.
  func gather(
    _ rows: ArraySlice<Int32>, scale: Float, into target: UnsafeMutablePointer<Float>
  ) {
    for (row, position) in rows.enumerated() {
      let start = Int(indices[Int(position)]) * inputCount
      let output = target + row * inputCount
      switch inputs {
      case .bytes(let bytes):
        bytes.withUnsafeBufferPointer { source in
          let values = UnsafeBufferPointer(rebasing: source[start..<start + inputCount])
          for i in values.indices { output[i] = Float(values[i]) * scale }
        }
      case .floats(let floats):
        floats.withUnsafeBufferPointer { source in
          guard let base = source.baseAddress else { return }
          output.update(from: base + start, count: inputCount)
        }
      }
    }
  }

  /// Copies targets: the numbers of each row, or its class.
  ///
  /// - Parameters:
  ///   - rows: The places in `indices` of the examples, one for each row.
  ///   - target: Rows × numbers, or one class for each row.
  func gatherTargets(_ rows: ArraySlice<Int32>, into target: UnsafeMutablePointer<Float>) {
    for (row, position) in rows.enumerated() {
      let example = Int(indices[Int(position)])
      switch targets {
      case .classes(let classes):
        // Exact: a network has at most 2²⁰ outputs.
        target[row] = Float(classes[example])
      case .numbers(let numbers, let width):
        for unit in 0..<width { target[row * width + unit] = numbers[example * width + unit] }
      }
    }
  }
}
