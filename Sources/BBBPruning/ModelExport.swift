import BBBInference
import BBBPosterior

/// A pruned network as a `.bbbz` file, read back from its bytes.
public struct ModelExport: Sendable {
  /// The whole file.
  public let file: [UInt8]
  /// The model that the file gives.
  public let model: CompactModel
  /// What is removed.
  public let pruning: Pruning

  /// Encodes a model in coding order and reads it back.
  ///
  /// - Throws: `CompactModelError` if the format cannot hold the model.
  init(
    _ model: CompactModel, _ pruning: Pruning, valuesAs encoding: ValueEncoding?
  ) throws(CompactModelError) {
    file = try model.encodedInCodingOrder(valuesAs: encoding)
    self.model = try CompactModel(bytes: file)
    self.pruning = pruning
  }
}

/// How an exported model holds its weights and biases.
public enum ValueStorage: Hashable, Sendable {
  /// Every value in one encoding.
  case floats(ValueEncoding)
  /// Rounded as far as the posterior allows.
  case quantised(Precision)

  /// How an export holds values where nothing else is asked for: rounded as far as the posterior allows; of a point
  /// estimate, which says nothing about how far its weights may be rounded, in full.
  ///
  /// - Parameter posterior: What is exported.
  /// - Returns: The storage.
  public static func standard(for posterior: Posterior) -> ValueStorage {
    posterior.hasDeviations ? .quantised(.standard) : .floats(.float32)
  }
}

extension GaussianNetwork {
  /// The file of what a pruning leaves.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that this network was read from.
  ///   - storage: How values are held.
  ///   - keepsUncertainty: Whether the standard deviations of what is left are in the file.
  /// - Returns: The file; its pruning tells what quantisation removed as well.
  /// - Throws: `CompactModelError` if the format cannot hold the model.
  public func exported(
    _ pruning: Pruning, as storage: ValueStorage, keepsUncertainty: Bool = false
  ) throws(CompactModelError) -> ModelExport {
    switch storage {
    case .floats(let encoding):
      let model = PrunedStructure(means, pruning).model(
        means.layers, deviations: keepsUncertainty ? deviations : nil)
      return try ModelExport(model, pruning, valuesAs: encoding)
    case .quantised(let precision):
      let quantised = quantisedInGivenOrder(
        pruning, to: precision, keepsUncertainty: keepsUncertainty)
      return try ModelExport(quantised.model, quantised.pruning, valuesAs: nil)
    }
  }
}
