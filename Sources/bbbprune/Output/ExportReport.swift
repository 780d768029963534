import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning

/// What `export` tells of the file it wrote.
struct ExportReport: Encodable {
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
  var bytes: Int
  var denseBytes: Int
  var ratio: Double
  var search: FrontierReport?

  enum CodingKeys: String, CodingKey {
    case checkpoint, output, criterion, weights, removed, kept, written
    case sparsityAsked = "sparsity_asked"
    case sparsity, threshold
    case expectedCost = "expected_cost"
    case bytes
    case denseBytes = "dense_bytes"
    case ratio, search
  }

  init(
    checkpoint: String, output: String, _ posterior: Posterior, _ pruned: Pruning, byteCount: Int,
    asked: Double?, model: CompactModel?, denseCount: Int?, frontier: Frontier?
  ) {
    let parameterCount =
      denseCount ?? posterior.layers.reduce(0) { $0 + $1.weight.count + ($1.bias?.count ?? 0) }
    self.checkpoint = checkpoint
    self.output = output
    criterion = pruned.criterion.name
    weights = pruned.keeps.count
    removed = pruned.removedCount
    kept = pruned.keptCount
    written = model?.weightCount
    sparsityAsked = asked
    sparsity = pruned.sparsity
    threshold = pruned.threshold?.finite
    let costs = model?.origin.layerCosts ?? []
    expectedCost = costs.isEmpty ? nil : costs.reduce(0) { $0 + Double($1) }.finite
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
    return lines.joined(separator: "\n") + "\n"
  }

  private var withoutEffect: String {
    guard let written, written < kept else { return "" }
    return "; \(NumberText.grouped(kept - written)) of them are without effect and not in the file"
  }
}
