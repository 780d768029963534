import BBBInference
import BBBTensors

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

extension ComparisonInputs {
  /// Two kinds of inputs made for a network of which no inputs are known.
  ///
  /// The first are independent numbers of mean 0 and variance 1, far from anything the network has learned. The
  /// second are sums of the first layer's rows with random signs, of the same variance: training forms rows
  /// from inputs, and so these have something of the inputs' correlations.
  ///
  /// - Parameters:
  ///   - layer: The network's first layer.
  ///   - exampleCount: How many of each kind.
  /// - Returns: One or two kinds: a layer of zeros has no patterns.
  static func synthetic(for layer: DenseLayer, exampleCount: Int) -> [ComparisonInputs] {
    var generator = SplitMix64(seed: 0)
    let noise = (0..<exampleCount * layer.inputCount).map { _ in
      Float((2 * generator.nextUniform() - 1) * 3.0.squareRoot())
    }
    var patterns = [Float](repeating: 0, count: noise.count)
    for example in 0..<exampleCount {
      let first = example * layer.inputCount
      for _ in 0..<rowsPerPattern {
        let output = Int(generator.next() % UInt64(layer.outputCount))
        let sign: Float = generator.next() % 2 == 0 ? 1 : -1
        for input in 0..<layer.inputCount {
          patterns[first + input] += sign * layer.weight(from: input, to: output)
        }
      }
    }
    let square = patterns.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(patterns.count)
    guard square > 0, square.isFinite else { return [ComparisonInputs(floats: noise)] }
    let scale = Float(1 / square.squareRoot())
    return [
      ComparisonInputs(floats: noise), ComparisonInputs(floats: patterns.map { $0 * scale }),
    ]
  }

  /// The rows that are summed for one example.
  private static let rowsPerPattern = 32
}
