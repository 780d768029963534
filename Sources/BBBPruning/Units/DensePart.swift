import BBBNetwork
import BBBTensors

/// The rows and columns of a matrix's tensors that belong to units which stay.
struct DensePart {
  private let shape: WeightShape
  private let rows: [Int]
  private let columns: [Int]

  /// Chooses rows and columns of a matrix.
  ///
  /// - Parameters:
  ///   - pruning: The units that stay.
  ///   - parameter: The network's parameter.
  init(_ pruning: UnitPruning, parameter: Int) {
    let network = pruning.network
    shape = network.shapes[parameter]
    func kept(_ units: [Int]) -> [Int] { units.indices.filter { pruning.isKept[units[$0]] } }
    rows = kept(network.places.rows[parameter])
    columns = kept(network.places.columns[parameter])
  }

  /// Whether a mask keeps everything in this part.
  func isWhole(_ mask: Mask, isBias: Bool) -> Bool {
    positions(isBias: isBias).allSatisfy { mask[$0] }
  }

  /// The part of a tensor that has one element for each unit.
  ///
  /// - Parameters:
  ///   - tensor: One-dimensional.
  ///   - ofInputs: Whether its units are those that the matrix, a linear layer's, reads rather than its own.
  /// - Returns: A shorter tensor, or one of the same length if all units stay.
  /// - Throws: `TensorFileError` if the tensor cannot be read.
  func selected(from tensor: Tensor, ofInputs: Bool) throws -> Tensor {
    let units = ofInputs ? columns : rows
    return try Self.elements(of: tensor, at: units, shape: [units.count])
  }

  /// The part of a tensor.
  ///
  /// - Parameters:
  ///   - tensor: Of the shape of the weights or biases; real numbers or bytes.
  ///   - isBias: Whether it is that of the biases.
  /// - Returns: A smaller tensor, or one of the same shape if all units stay.
  /// - Throws: `TensorFileError` if the tensor cannot be read.
  func selected(from tensor: Tensor, isBias: Bool) throws -> Tensor {
    // A constant has more axes than one.
    if isBias, rows.count == tensor.count { return tensor }
    return try Self.elements(
      of: tensor, at: positions(isBias: isBias),
      shape: isBias ? [rows.count] : smaller(tensor.shape))
  }

  private static func elements(
    of tensor: Tensor, at positions: [Int], shape: [Int]
  ) throws -> Tensor {
    if tensor.elementType == .uint8 {
      let bytes = try tensor.bytes()
      return Tensor(name: tensor.name, shape: shape, bytes: positions.map { bytes[$0] })
    }
    let values = try tensor.doubles()
    return Tensor(
      name: tensor.name, shape: shape, tensor.elementType, doubles: positions.map { values[$0] })
  }

  /// The shape of the weights that stay: fewer rows and columns, the same kernel.
  private func smaller(_ whole: [Int]) -> [Int] {
    let inputs = columns.count / shape.taps
    switch shape.order {
    case .outputInput: return [rows.count, inputs] + whole.dropFirst(2)
    case .inputOutput: return whole.dropLast(2) + [inputs, rows.count]
    case .transposedConvolution:
      return [inputs * shape.groups, rows.count / shape.groups] + whole.dropFirst(2)
    }
  }

  /// Row-major in the shape of the whole tensor.
  private func positions(isBias: Bool) -> [Int] {
    if isBias { return rows }
    let positions = rows.flatMap { row in columns.map { shape.position(row: row, column: $0) } }
    // Rows and columns ascend, and so do positions, but for tensors that are not arranged by row.
    return shape.order == .outputInput ? positions : positions.sorted()
  }
}
