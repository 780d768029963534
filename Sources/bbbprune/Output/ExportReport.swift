import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning

/// What `export` tells of the file it wrote.
struct ExportReport: Encodable {
  /// How weights were rounded.
  struct Rounding: Encodable {
    /// In nats per weight.
    var precision: Double
    var precisionIsFiner: Bool
    var outputChange: Double?
    var outputChangeLimit: Double
    /// Where the inputs come from that the outputs were compared on.
    var comparedOn: String
    /// How many they are, if they were given.
    var examples: Int?

    enum CodingKeys: String, CodingKey {
      case precision
      case precisionIsFiner = "precision_is_finer"
      case outputChange = "output_change"
      case outputChangeLimit = "output_change_limit"
      case comparedOn = "compared_on"
      case examples
    }
  }

  var checkpoint: String
  var output: String
  var criterion: String
  var weights: Int
  var removed: Int
  var kept: Int
  /// The weights in the file: those left, but for units without effect; `nil` for dense tensors.
  var written: Int?
  var sparsityAsked: Double?
  var sparsity: Double
  var threshold: Double?
  /// What quantisation costs in expectation, in nats.
  var expectedCost: Double?
  var rounding: Rounding?
  /// Whether the outputs are numbers rather than class probabilities: what ``Rounding/outputChange`` means.
  private var outputIsNumber: Bool
  var bytes: Int
  var denseBytes: Int
  var ratio: Double
  var search: FrontierReport?
  /// What is taken for granted about the network.
  var assumptions: [String]

  enum CodingKeys: String, CodingKey {
    case checkpoint, output, criterion, weights, removed, kept, written
    case sparsityAsked = "sparsity_asked"
    case sparsity, threshold
    case expectedCost = "expected_cost"
    case rounding, bytes
    case denseBytes = "dense_bytes"
    case ratio, search, assumptions
  }

  init(
    checkpoint: String, output: String, _ posterior: Posterior, _ pruned: Pruning, byteCount: Int,
    asked: Double?, model: ModelExport?, denseCount: Int?,
    calibration: CalibrationOptions.Calibration?, frontier: Frontier?
  ) {
    let parameterCount =
      denseCount ?? posterior.layers.reduce(0) { $0 + $1.weight.count + ($1.bias?.count ?? 0) }
    self.checkpoint = checkpoint
    self.output = output
    criterion = pruned.criterion.name
    assumptions = posterior.network.assumptions.map(\.text)
    weights = pruned.keeps.count
    removed = pruned.removedCount
    kept = pruned.keptCount
    written = model?.model.weightCount
    sparsityAsked = asked
    sparsity = pruned.sparsity
    threshold = pruned.threshold?.finite
    let costs = model?.model.origin.layerCosts ?? []
    expectedCost = costs.isEmpty ? nil : costs.reduce(0) { $0 + Double($1) }.finite
    rounding = model?.quantisation.map { quantisation in
      Rounding(
        precision: quantisation.precision.natsPerWeight,
        precisionIsFiner: quantisation.precision.natsPerWeight
          < Precision.standard.natsPerWeight,
        outputChange: quantisation.outputChange.finite,
        outputChangeLimit: quantisation.ceiling,
        comparedOn: calibration?.name ?? "synthetic inputs", examples: calibration?.count)
    }
    outputIsNumber = model?.model.output.isClassification == false
    bytes = byteCount
    denseBytes = 4 * parameterCount
    ratio = Double(4 * parameterCount) / Double(byteCount)
    search = frontier.map(FrontierReport.init)
  }

  var text: String {
    var lines = [
      "\(output): \(NumberText.grouped(bytes)) bytes, \(NumberText.sizeComparison(ratio)) the dense "
        + "float32 network (\(NumberText.grouped(denseBytes)) bytes)",
      "\(NumberText.grouped(kept)) of \(NumberText.grouped(weights)) weights left (sparsity "
        + "\(NumberText.trimmed(sparsity * 100)) %, by \(criterion))\(withoutEffect)",
    ]
    if written == 0 {
      lines.append("no weights are left: the output does not depend on the input any more")
    }
    if let expectedCost {
      lines.append(
        "quantisation, by rounding and by removing, costs \(NumberText.nats(expectedCost)) nats in "
          + "expectation")
    }
    lines += rounding.map { [sentence($0)] } ?? []
    return lines.joined(separator: "\n") + "\n"
  }

  /// What rounding and removing do to the outputs, and whether precision was made finer for their sake.
  private func sentence(_ rounding: Rounding) -> String {
    let change = rounding.outputChange.map { NumberText.fixed($0 * 100, decimals: 2) + " %" }
    let inputs =
      rounding.examples.map { "\(NumberText.grouped($0)) examples of \(rounding.comparedOn)" }
      ?? "\(rounding.comparedOn), none being given"
    let measure =
      outputIsNumber ? "of the output's spread" : "of the class probabilities (total variation)"
    let finer =
      rounding.precisionIsFiner
      ? "precision \(NumberText.trimmed(rounding.precision)) instead of "
        + "\(NumberText.trimmed(Precision.standard.natsPerWeight)), σ being larger than the outputs bear: "
      : ""
    return finer + "outputs change by \(change ?? "an unknown part") \(measure) on \(inputs); "
      + "up to \(NumberText.fixed(rounding.outputChangeLimit * 100, decimals: 2)) % is acceptable"
  }

  private var withoutEffect: String {
    guard let written, written < kept else { return "" }
    return "; \(NumberText.grouped(kept - written)) of them are without effect and not in the file"
  }
}
