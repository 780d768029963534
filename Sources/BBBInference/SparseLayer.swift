import BBBNetwork

/// A fully connected layer that holds only the weights that were kept.
///
/// It computes `activation(W x + b)`. `W` is (outputs, inputs) in compressed sparse rows: the weights of
/// output `o` are at `rowStarts[o] ..< rowStarts[o + 1]` of `columns` and `values`, by ascending input.
public struct SparseLayer: Equatable, Sendable {
  /// How uncertain a layer's weights and biases are.
  public struct StandardDeviations: Equatable, Sendable {
    /// σ of each weight, in the order of ``SparseLayer/values``.
    public var weights: [Float]
    /// σ of each bias; 0 where a bias is certain.
    public var biases: [Float]

    /// Creates standard deviations.
    ///
    /// - Parameters:
    ///   - weights: σ of each weight, in the order of the layer's values.
    ///   - biases: σ of each bias.
    public init(weights: [Float], biases: [Float]) {
      self.weights = weights
      self.biases = biases
    }
  }

  /// The number of inputs.
  public let inputCount: Int
  /// The position of each output's first weight, and the number of weights: outputs + 1 entries.
  public let rowStarts: [UInt32]
  /// The input that each weight multiplies.
  public let columns: [UInt32]
  /// The weights.
  public let values: [Float]
  /// The biases, one per output.
  public let biases: [Float]
  /// What follows the linear map.
  public let activation: Activation
  /// How uncertain the weights and biases are; `nil` if that was not kept.
  public let standardDeviations: StandardDeviations?

  /// The number of outputs.
  public var outputCount: Int { biases.count }
  /// The number of weights kept.
  public var weightCount: Int { values.count }
  /// The fraction of the possible weights that is kept; 0 for a layer without inputs.
  public var density: Double {
    let possible = inputCount * outputCount
    return possible == 0 ? 0 : Double(weightCount) / Double(possible)
  }

  /// Creates a layer from compressed sparse rows.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs.
  ///   - rowStarts: Outputs + 1 ascending positions, from 0 to the number of weights.
  ///   - columns: The input of each weight, ascending within an output.
  ///   - values: The weights.
  ///   - biases: One per output.
  ///   - activation: What follows the linear map.
  ///   - standardDeviations: One for each weight and bias, if they are known.
  /// - Precondition: The arrays describe a matrix of `biases.count` by `inputCount`.
  public init(
    inputCount: Int, rowStarts: [UInt32], columns: [UInt32], values: [Float], biases: [Float],
    activation: Activation, standardDeviations: StandardDeviations? = nil
  ) {
    require(rowStarts.count == biases.count + 1, "one row start per output, and one more")
    require(
      rowStarts.first == 0 && rowStarts.last.map(Int.init) == values.count,
      "the rows begin at 0 and end with the weights")
    require(
      zip(rowStarts, rowStarts.dropFirst()).allSatisfy { $0 <= $1 }, "a row ends before it begins")
    require(columns.count == values.count, "one column per weight")
    // All are looked at, several at once, which is faster than stopping at the first.
    require(
      columns.isEmpty || columns.withUnsafeBufferPointer { $0.reduce(0, max) } < inputCount,
      "a column lies beyond the inputs")
    require(
      standardDeviations.map {
        $0.weights.count == values.count && $0.biases.count == biases.count
      } ?? true, "one standard deviation for each weight and bias")
    self.inputCount = inputCount
    self.rowStarts = rowStarts
    self.columns = columns
    self.values = values
    self.biases = biases
    self.activation = activation
    self.standardDeviations = standardDeviations
  }

  /// The layer with other biases.
  ///
  /// - Parameter biases: One per output.
  /// - Returns: The layer, otherwise the same.
  public func with(biases: [Float]) -> SparseLayer {
    SparseLayer(
      inputCount: inputCount, rowStarts: rowStarts, columns: columns, values: values,
      biases: biases, activation: activation, standardDeviations: standardDeviations)
  }

  /// The layer with other standard deviations, or none.
  ///
  /// - Parameter standardDeviations: One for each weight and bias, or `nil`.
  /// - Returns: The layer, otherwise the same.
  public func with(standardDeviations: StandardDeviations?) -> SparseLayer {
    SparseLayer(
      inputCount: inputCount, rowStarts: rowStarts, columns: columns, values: values,
      biases: biases, activation: activation, standardDeviations: standardDeviations)
  }
}
