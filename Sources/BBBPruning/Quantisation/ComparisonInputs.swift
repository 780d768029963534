import BBBInference

/// Inputs on which a network's outputs are compared before and after quantisation.
public struct ComparisonInputs: Sendable {
  private enum Values: Sendable {
    case bytes([UInt8])
    case floats([Float])
  }

  private let values: Values

  /// Bytes, which the network scales.
  ///
  /// - Parameter bytes: (examples, inputs), row-major; at least one example.
  public init(bytes: [UInt8]) { values = .bytes(bytes) }

  /// Numbers as the network takes them.
  ///
  /// - Parameter floats: (examples, inputs), row-major and finite; at least one example.
  public init(floats: [Float]) { values = .floats(floats) }

  /// Checks that a network can take the inputs.
  ///
  /// - Parameter inputCount: The number of inputs of one example.
  /// - Throws: `CompactModelError` unless there are whole examples, at least one.
  func check(inputCount: Int) throws(CompactModelError) {
    let count =
      switch values {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count
      }
    guard try CompactModel.exampleCount(ofInputs: count, inputCount: inputCount) > 0 else {
      throw CompactModelError(
        .mismatched,
        "there are no inputs to compare outputs on; give at least one example, or none for synthetic ones"
      )
    }
  }

  /// The raw outputs of a model, whose size has been checked: (examples, outputs), row-major.
  func outputs(of model: CompactModel) -> [Float] {
    switch values {
    case .bytes(let bytes): model.outputs(ofWhole: bytes)
    case .floats(let floats): model.outputs(ofWhole: floats)
    }
  }
}
