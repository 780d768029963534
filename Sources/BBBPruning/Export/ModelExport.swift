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

  /// Whether no weights lead from the input to the output.
  ///
  /// Outputs can be the same for every input all the same, where units never leave the flat part of their activation:
  /// only predictions tell.
  public var isDisconnected: Bool {
    var depends = [true]
    var matrices = model.matrices[...]
    for node in model.network.nodes {
      let reads = node.inputs.contains { depends[$0.index] }
      if node.operation.hasParameter, let matrix = matrices.popFirst() {
        depends.append(reads && matrix.weightCount > 0)
      } else {
        depends.append(reads)
      }
    }
    return !depends[depends.count - 1]
  }

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
