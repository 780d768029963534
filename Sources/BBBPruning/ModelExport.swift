import BBBInference

/// A pruned network as a `.bbbz` file, read back from its bytes.
public struct ModelExport: Sendable {
  /// The whole file.
  public let file: [UInt8]
  /// The model that the file gives.
  public let model: CompactModel
  /// What is removed.
  public let pruning: Pruning
  /// How values were rounded, and what that changes; `nil` if they are floats.
  public let quantisation: Quantisation?

  /// Whether the outputs are the same for every input.
  public var isConstant: Bool { model.layers.contains { $0.weightCount == 0 } }

  /// Encodes a model in coding order and reads it back.
  ///
  /// - Throws: `CompactModelError` if the format cannot hold the model.
  init(
    _ model: CompactModel, _ pruning: Pruning, valuesAs encoding: ValueEncoding?,
    _ quantisation: Quantisation? = nil
  ) throws(CompactModelError) {
    file = try model.encodedInCodingOrder(valuesAs: encoding)
    self.model = try CompactModel(bytes: file)
    self.pruning = pruning
    self.quantisation = quantisation
  }
}
