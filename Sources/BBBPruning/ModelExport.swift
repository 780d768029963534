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

/// How an exported model holds its weights and biases.
public enum ValueStorage: Hashable, Sendable {
  /// Every value in one encoding.
  case floats(ValueEncoding)
  /// Rounded as far as the posterior allows at a precision.
  case quantised(Precision)
  /// Rounded at the standard precision, or as much more finely as is needed for the outputs to stay what they are; floats
  /// where no precision is fine enough.
  case automatic

  /// How finely weights are rounded; `nil` if they are floats, or it is found out.
  public var precision: Precision? {
    guard case .quantised(let precision) = self else { return nil }
    return precision
  }

  /// The encoding of floats; `nil` if values are rounded.
  public var encoding: ValueEncoding? {
    guard case .floats(let encoding) = self else { return nil }
    return encoding
  }

  /// How an export holds values where nothing else is asked for: rounded as far as the posterior allows; of a point
  /// estimate, which says nothing about how far its weights may be rounded, in full.
  ///
  /// - Parameter posterior: What is exported.
  /// - Returns: The storage.
  public static func standard(for posterior: Posterior) -> ValueStorage {
    posterior.hasDeviations ? .automatic : .floats(.float32)
  }
}

extension GaussianNetwork {
  /// The file of what a pruning leaves.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that this network was read from.
  ///   - storage: How values are held.
  ///   - keepsUncertainty: Whether the standard deviations of what is left are in the file.
  ///   - calibration: Inputs of the kind that the network is for, on which quantisation is to keep the outputs; `nil` for
  ///     synthetic ones.
  /// - Returns: The file; its pruning tells what quantisation removed as well.
  /// - Throws: `CompactModelError` if the format cannot hold the model, or the inputs are not those of the network.
  public func exported(
    _ pruning: Pruning, as storage: ValueStorage, keepsUncertainty: Bool = false,
    calibration: ComparisonInputs? = nil
  ) throws(CompactModelError) -> ModelExport {
    try calibration?.check(inputCount: means.inputCount)
    switch storage {
    case .floats(let encoding):
      let model = PrunedStructure(means, pruning).model(
        means.layers, deviations: keepsUncertainty ? deviations : nil)
      return try ModelExport(model, pruning, valuesAs: encoding)
    case .quantised(let precision):
      return try exported(
        quantised(
          pruning, to: precision, keepsUncertainty: keepsUncertainty, calibration: calibration))
    case .automatic:
      guard
        let network = quantisedAutomatically(
          pruning, keepsUncertainty: keepsUncertainty, calibration: calibration)
      else {
        return try exported(
          pruning, as: .floats(.float32), keepsUncertainty: keepsUncertainty)
      }
      return try exported(network)
    }
  }

  private func exported(_ network: QuantisedNetwork) throws(CompactModelError) -> ModelExport {
    try ModelExport(network.model, network.pruning, valuesAs: nil, network.quantisation)
  }
}
