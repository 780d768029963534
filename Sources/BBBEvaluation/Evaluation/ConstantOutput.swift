import BBBDatasets
import BBBInference
import BBBPruning

extension ModelExport {
  /// Whether the file's network says the same whatever it is given: no weights lead from the input to the output, or
  /// several examples are all predicted alike.
  ///
  /// - Parameter inputs: Examples of the network's input size, row-major.
  /// - Returns: What the sweep calls ``MeasuredFile/isConstant``, and the search ``FrontierPoint/isConstant``.
  /// - Throws: `CompactModelError` if the examples have another size.
  public func isConstant(on inputs: Dataset.Inputs) throws(CompactModelError) -> Bool {
    if isDisconnected { return true }
    func isConstant(_ inputs: Dataset.Inputs) throws(CompactModelError) -> Bool {
      switch inputs {
      case .bytes(let bytes):
        try self.isConstant(predicting: model.outputDistribution(for: bytes, by: .posteriorMean))
      case .floats(let floats):
        try self.isConstant(predicting: model.outputDistribution(for: floats, by: .posteriorMean))
      }
    }
    // Nearly always the first few differ already.
    let few = Self.fewExamples * model.inputCount
    let first: Dataset.Inputs =
      switch inputs {
      case .bytes(let bytes): .bytes(Array(bytes.prefix(few)))
      case .floats(let floats): .floats(Array(floats.prefix(few)))
      }
    guard try isConstant(first) else { return false }
    return try isConstant(inputs)
  }

  private static let fewExamples = 32

  /// The same by what the network predicts for examples.
  func isConstant(predicting distribution: OutputDistribution) -> Bool {
    isDisconnected || distribution.isConstant
  }
}

extension OutputDistribution {
  /// Whether several examples are all predicted alike.
  var isConstant: Bool {
    let (values, width) =
      switch self {
      case .classes(let classes): (classes.logProbabilities, classes.classCount)
      case .numbers(let numbers): (numbers.means, numbers.targetCount)
      }
    let count = values.count / width
    guard count > 1 else { return false }
    let first = values.prefix(width)
    return (1..<count).allSatisfy { example in
      values[example * width..<(example + 1) * width].elementsEqual(first)
    }
  }
}
