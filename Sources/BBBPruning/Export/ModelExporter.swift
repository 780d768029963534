import BBBInference
import Synchronization

/// Makes the files of what prunings leave of one network.
///
/// Prunings share the work that does not depend on them, from any thread; the files do not depend on what was made before.
public final class ModelExporter: Sendable {
  private let network: DenseNetwork
  private let calibration: ComparisonInputs?
  /// Made when first needed: files of floats do without.
  private let quantiser = Mutex<NetworkQuantiser?>(nil)

  /// Prepares for a network.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - calibration: Inputs of the kind that the network is for, on which quantisation is to keep the outputs; `nil` for
  ///     synthetic ones.
  /// - Throws: `CompactModelError` if the inputs are not those of the network.
  public init(
    _ network: DenseNetwork, calibration: ComparisonInputs? = nil
  ) throws(CompactModelError) {
    try calibration?.check(inputCount: network.inputCount)
    self.network = network
    self.calibration = calibration
  }

  /// The file of what a pruning leaves.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that the network was read from.
  ///   - storage: How values are held.
  ///   - keepsUncertainty: Whether the standard deviations of what is left are in the file.
  /// - Returns: The file; its pruning tells what quantisation removed as well.
  /// - Throws: `CompactModelError` if the format cannot hold the model.
  public func export(
    _ pruning: Pruning, as storage: ValueStorage, keepsUncertainty: Bool = false
  ) throws(CompactModelError) -> ModelExport {
    let quantised =
      switch storage {
      case .floats, .exact: nil as QuantisedNetwork?
      case .quantised(let precision): networkQuantiser.quantised(pruning, to: precision)
      case .automatic: networkQuantiser.quantisedAutomatically(pruning)
      }
    guard let quantised else {
      let model = LiveNetwork(network, pruning).model(
        network.matrices, keepsDeviations: keepsUncertainty)
      return try ModelExport(
        model, pruning, valuesAs: storage == .exact ? nil : storage.encoding ?? .float32)
    }
    return try ModelExport(
      keepsUncertainty ? quantised.model : quantised.model.withoutUncertainty(),
      quantised.pruning, valuesAs: nil, quantised.quantisation)
  }

  private var networkQuantiser: NetworkQuantiser {
    quantiser.withLock { quantiser in
      let made = quantiser ?? NetworkQuantiser(network, calibration: calibration)
      quantiser = made
      return made
    }
  }
}
