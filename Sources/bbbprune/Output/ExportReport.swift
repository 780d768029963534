import BBBConditioning
import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning
import BBBReports

/// What `export` tells of the file it wrote.
struct ExportReport: Encodable {
  var checkpoint: String
  var output: String
  var criterion: String
  var weights: Int
  var removed: Int
  var kept: Int
  /// The weights in the file: those left, but for units without effect; `nil` for dense tensors, and a graph as it was given.
  var written: Int?
  var sparsityAsked: Double?
  var sparsity: Double
  var threshold: Double?
  /// What quantisation costs in expectation, in nats.
  var expectedCost: Double?
  /// What the weights that are left took over; `nil` if they stayed as they were.
  var conditioning: ConditioningReport?
  /// How weights were rounded; `nil` for dense tensors, and where floats were asked for.
  var rounding: RoundingReport?
  /// Whether the outputs are numbers rather than class probabilities: what ``RoundingReport/outputChange`` means.
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
    case conditioning, rounding, bytes
    case denseBytes = "dense_bytes"
    case ratio, search, assumptions
  }

  init(
    checkpoint: String, output: String, _ posterior: Posterior, _ pruned: Pruning, byteCount: Int,
    asked: Double?, model: ModelExport?, storage: ValueStorage?, written: Int?, denseCount: Int?,
    conditioned: ConditionedNetwork?, rounded: RoundedNetwork?,
    calibration: CalibrationInputOptions.Calibration?, frontier: Frontier?
  ) {
    let parameterCount =
      denseCount ?? posterior.parameters.reduce(0) { $0 + $1.weight.count + ($1.bias?.count ?? 0) }
    self.checkpoint = checkpoint
    self.output = output
    criterion = pruned.criterion.name
    assumptions = posterior.assumptions.map(\.text)
    weights = pruned.keeps.count
    removed = pruned.removedCount
    kept = pruned.keptCount
    self.written = written
    sparsityAsked = asked
    sparsity = pruned.sparsity
    threshold = pruned.threshold?.finite
    let costs = model?.model.origin.parameterCosts ?? []
    expectedCost = costs.isEmpty ? nil : costs.reduce(0) { $0 + Double($1) }.finite
    conditioning = conditioned.flatMap { network in
      calibration.map { ConditioningReport(network, on: $0) }
    }
    rounding =
      if let rounded, let calibration {
        RoundingReport(rounded, on: calibration)
      } else {
        model.flatMap { export in storage.flatMap { RoundingReport(export, $0, calibration) } }
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
    if let conditioning { lines.append(conditioning.sentence) }
    if let rounding = rounding?.sentence(outputIsNumber: outputIsNumber) { lines.append(rounding) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var withoutEffect: String {
    guard let written, written < kept else { return "" }
    return "; \(NumberText.grouped(kept - written)) of them are without effect and not in the file"
  }
}
