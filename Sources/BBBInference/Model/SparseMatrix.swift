/// The weights and biases of a network's matrix, only those weights that were kept.
///
/// A row is an output unit. A column is an element of what is read: of plain units the unit, of a convolution (channel ·
/// cells of the kernel + cell), over all channels.
public struct SparseMatrix: Equatable, Sendable {
  /// How uncertain weights and biases are.
  public struct StandardDeviations: Equatable, Sendable {
    /// σ of each weight, in the order of ``SparseMatrix/values``.
    public var weights: [Float]
    /// σ of each bias; 0 where a bias is certain.
    public var biases: [Float]

    /// Creates standard deviations.
    ///
    /// - Parameters:
    ///   - weights: σ of each weight, in the order of the matrix's values.
    ///   - biases: σ of each bias.
    public init(weights: [Float], biases: [Float]) {
      self.weights = weights
      self.biases = biases
    }
  }

  /// Which weights there are.
  public let pattern: SparsePattern
  /// The weights, in the order of the pattern's entries.
  public let values: [Float]
  /// The biases, one per row; 0 where the network has none.
  public let biases: [Float]
  /// How uncertain the weights and biases are; `nil` if that was not kept.
  public let standardDeviations: StandardDeviations?

  /// The number of rows: output units.
  public var rowCount: Int { pattern.rowCount }
  /// The number of columns.
  public var columnCount: Int { pattern.columnCount }
  /// The number of weights kept.
  public var weightCount: Int { values.count }
  /// The fraction of the possible weights that is kept; 0 for a matrix without rows or columns.
  public var density: Double { pattern.density }

  /// Creates a matrix.
  ///
  /// - Parameters:
  ///   - pattern: Which weights there are.
  ///   - values: The weights, in the order of the pattern's entries.
  ///   - biases: One per row.
  ///   - standardDeviations: One for each weight and bias, if they are known.
  /// - Precondition: There is a value for each entry and a bias for each row.
  public init(
    _ pattern: SparsePattern, values: [Float], biases: [Float],
    standardDeviations: StandardDeviations? = nil
  ) {
    require(values.count == pattern.count, "one weight for each entry of the pattern")
    require(biases.count == pattern.rowCount, "one bias per row")
    require(
      standardDeviations.map {
        $0.weights.count == values.count && $0.biases.count == biases.count
      } ?? true, "one standard deviation for each weight and bias")
    self.pattern = pattern
    self.values = values
    self.biases = biases
    self.standardDeviations = standardDeviations
  }

  /// The matrix with other biases.
  ///
  /// - Parameter biases: One per row.
  /// - Returns: The matrix, otherwise the same.
  public func with(biases: [Float]) -> SparseMatrix {
    SparseMatrix(pattern, values: values, biases: biases, standardDeviations: standardDeviations)
  }

  /// The matrix with other standard deviations, or none.
  ///
  /// - Parameter standardDeviations: One for each weight and bias, or `nil`.
  /// - Returns: The matrix, otherwise the same.
  public func with(standardDeviations: StandardDeviations?) -> SparseMatrix {
    SparseMatrix(pattern, values: values, biases: biases, standardDeviations: standardDeviations)
  }
}
