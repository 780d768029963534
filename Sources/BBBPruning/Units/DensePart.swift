import BBBPosterior
import BBBTensors

/// The rows and columns of a layer's tensors that belong to units which stay.
struct DensePart {
  private let kind: LayerKind
  private let outputs: [Int]
  private let inputs: [Int]

  /// Chooses rows and columns of a fully connected layer.
  ///
  /// - Parameters:
  ///   - kind: What the layer does.
  ///   - units: The units that stay on both sides; `nil` where all do.
  init(_ kind: LayerKind, _ units: (outputs: [Int]?, inputs: [Int]?)) {
    self.kind = kind
    outputs = units.outputs ?? Array(0..<kind.outputCount)
    inputs = units.inputs ?? Array(0..<kind.inputCount)
  }

  /// Whether a mask keeps everything in this part.
  func isWhole(_ mask: Mask, isBias: Bool) -> Bool {
    positions(isBias: isBias).allSatisfy { mask[$0] }
  }

  /// The part of a tensor that has one element for each unit.
  ///
  /// - Parameters:
  ///   - tensor: One-dimensional.
  ///   - ofInputs: Whether its units are the layer's inputs rather than its outputs.
  /// - Returns: A shorter tensor, or one of the same length if all units stay.
  /// - Throws: `TensorFileError` if the tensor cannot be read.
  func selected(from tensor: Tensor, ofInputs: Bool) throws -> Tensor {
    let units = ofInputs ? inputs : outputs
    return try Self.elements(of: tensor, at: units, shape: [units.count])
  }

  /// The part of a tensor.
  ///
  /// - Parameters:
  ///   - tensor: Of the shape of the layer's weights or biases; real numbers or bytes.
  ///   - isBias: Whether it is that of the biases.
  /// - Returns: A smaller tensor, or one of the same shape if all units stay.
  /// - Throws: `TensorFileError` if the tensor cannot be read.
  func selected(from tensor: Tensor, isBias: Bool) throws -> Tensor {
    let positions = positions(isBias: isBias)
    let shape = isBias ? [outputs.count] : isOutputFirst ? sizes : sizes.reversed()
    return try Self.elements(of: tensor, at: positions, shape: shape)
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

  private var sizes: [Int] { [outputs.count, inputs.count] }

  private var isOutputFirst: Bool {
    if case .fullyConnected(_, _, .outputInput) = kind { true } else { false }
  }

  /// Row-major in the shape of the whole tensor.
  private func positions(isBias: Bool) -> [Int] {
    if isBias { return outputs }
    return isOutputFirst
      ? outputs.flatMap { output in inputs.map { output * kind.inputCount + $0 } }
      : inputs.flatMap { input in outputs.map { input * kind.outputCount + $0 } }
  }
}
