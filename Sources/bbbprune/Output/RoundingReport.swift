import BBBConditioning
import BBBPruning
import BBBReports

/// What `export` tells of how a model's values were rounded, and of what that does to its outputs.
struct RoundingReport: Encodable {
  /// In nats per weight; `nil` if the values are floats, because no rounding kept the outputs.
  var precision: Double?
  /// Whether it is finer than the standard one for the outputs' sake; `nil` if it was chosen.
  var precisionIsFiner: Bool?
  /// The type of the values, if they are floats.
  var values: String?
  var outputChange: Double?
  /// Up to which change a precision is taken; `nil` if it was chosen, whatever the change.
  var outputChangeLimit: Double?
  /// What a bit was worth where others took over what rounding changed, in nats per example; `nil` if σ said how coarsely to round.
  var natsPerBit: Double?
  /// By how much the outputs diverge then, in nats per example.
  var divergence: Double?
  /// Up to which divergence a file was acceptable, or up to how many bytes.
  var divergenceLimit: Double?
  var bytesLimit: Int?
  /// Where the inputs come from that the outputs were compared on.
  var comparedOn: String
  /// How many they are, if they were given.
  var examples: Int?

  enum CodingKeys: String, CodingKey {
    case precision
    case precisionIsFiner = "precision_is_finer"
    case values
    case outputChange = "output_change"
    case outputChangeLimit = "output_change_limit"
    case natsPerBit = "nats_per_bit"
    case divergence
    case divergenceLimit = "divergence_limit"
    case bytesLimit = "bytes_limit"
    case comparedOn = "compared_on"
    case examples
  }

  /// Takes what was done while others took over.
  init(_ rounded: RoundedNetwork, on calibration: CalibrationInputOptions.Calibration) {
    natsPerBit = rounded.network.price?.natsPerBit
    divergence = rounded.divergence.finite
    switch rounded.goal {
    case .divergence(let most): divergenceLimit = most
    case .bytes(let most): bytesLimit = most
    }
    comparedOn = calibration.name
    examples = rounded.network.heldOutCount
  }

  /// Takes what was done; `nil` if floats were asked for.
  ///
  /// - Parameters:
  ///   - export: The file.
  ///   - storage: How it was to hold values.
  ///   - calibration: The inputs that outputs were compared on, if any were given.
  init?(
    _ export: ModelExport, _ storage: ValueStorage,
    _ calibration: CalibrationInputOptions.Calibration?
  ) {
    comparedOn = calibration?.name ?? "synthetic inputs"
    examples = calibration?.comparedCount
    guard let quantisation = export.quantisation else {
      guard storage == .automatic else { return nil }
      values = "float32"
      return
    }
    precision = quantisation.precision.natsPerWeight
    outputChange = quantisation.outputChange.finite
    if storage == .automatic {
      precisionIsFiner =
        quantisation.precision.natsPerWeight < Precision.standard.natsPerWeight
      outputChangeLimit = quantisation.ceiling
    }
  }

  /// Why the values are floats though nobody asked for them; `nil` if they are rounded.
  var note: String? {
    guard let values else { return nil }
    let remedy = examples == nil ? "; give inputs of the network's own kind with '--calibrate'" : ""
    return "values are \(values), because no rounding kept the outputs on \(inputs)\(remedy)"
  }

  private func sentence(natsPerBit: Double) -> String {
    let change = divergence.map { NumberText.significant($0, digits: 2) } ?? "an unknown number of"
    let limit = divergenceLimit.map {
      "; up to \(NumberText.significant($0, digits: 2)) is acceptable"
    }
    return
      "rounded and removed at \(NumberText.significant(natsPerBit, digits: 2)) nats a bit: the outputs diverge by \(change) nats "
      + "per example of \(inputs) that were held out" + (limit ?? "")
  }

  /// What rounding and removing do to the outputs, and whether precision was made finer for their sake.
  ///
  /// - Parameter outputIsNumber: Whether the outputs are numbers rather than class probabilities: what
  ///   ``outputChange`` means.
  /// - Returns: One sentence; `nil` if the values are floats.
  func sentence(outputIsNumber: Bool) -> String? {
    if let natsPerBit { return sentence(natsPerBit: natsPerBit) }
    guard let precision else { return nil }
    let change = outputChange.map { NumberText.fixed($0 * 100, decimals: 2) + " %" }
    let measure =
      outputIsNumber ? "of the output's spread" : "of the class probabilities (total variation)"
    let finer =
      precisionIsFiner == true
      ? "precision \(NumberText.significant(precision, digits: 3)) instead of "
        + "\(NumberText.trimmed(Precision.standard.natsPerWeight)), σ being larger than the outputs bear: "
      : ""
    let limit = outputChangeLimit.map {
      "; up to \(NumberText.fixed($0 * 100, decimals: 2)) % is acceptable"
    }
    return finer + "outputs change by \(change ?? "an unknown part") \(measure) on \(inputs)"
      + (limit ?? "")
  }

  private var inputs: String {
    examples.map { "\(NumberText.grouped($0)) examples of \(comparedOn)" } ?? comparedOn
  }
}
