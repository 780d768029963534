import BBBEvaluation
import EvaluationSamples
import Foundation

/// One point of a network with 1,000,000 weights on 10,000 images, 200 of which every network gets
/// wrong but for `better`; it errs on `worse` others.
///
/// The Monte Carlo prediction, if there is one, errs on the first `monteCarloErrors`; the file that an export writes by
/// default, if there is one, on `exportedWorse` others.
func point(
  sparsity: Double, worse: Int = 0, better: Int = 0, exportedWorse: Int? = nil,
  monteCarloErrors: Int? = nil
) -> SweepPoint {
  let own = result(errorsAt: better..<(200 + worse), of: 10000)
  let unpruned = result(errorsAt: 0..<200, of: 10000)
  let removed = Int((sparsity * 1e6).rounded())
  var point = SweepPoint(
    removed: removed, threshold: removed == 0 ? nil : 1 / (1.001 - sparsity),
    thresholdDecibels: removed == 0 ? nil : -20 * log10(1.001 - sparsity),
    pruned: MeasuredFile(
      sparsity: sparsity, kept: 1_000_000 - removed, result: .classes(own),
      unpruned: .classes(removed == 0 ? own : unpruned), bytes: 10000 + (1_000_000 - removed) * 2,
      denseByteCount: 4_000_000),
    exported: exportedWorse.map {
      MeasuredFile(
        sparsity: sparsity + (1 - sparsity) / 2, kept: (1_000_000 - removed) / 2,
        result: .classes(result(errorsAt: 0..<(200 + $0), of: 10000)), unpruned: .classes(unpruned),
        bytes: 5000 + (1_000_000 - removed) / 2, denseByteCount: 4_000_000)
    })
  point.monteCarlo = monteCarloErrors.map {
    PredictionScores(result(errorsAt: 0..<$0, of: 10000))
  }
  return point
}

func curve(
  _ points: [SweepPoint], criterion: String = "signal-to-noise ratio",
  checkpoint: String = "model.safetensors"
) -> SweepCurve {
  SweepCurve(
    checkpoint: checkpoint, convention: "bbbprune", criterion: criterion, dataset: "mnist",
    weights: 1_000_000, points: points)
}

/// A curve as they mostly are: flat, then rising.
let usualCurve = curve([
  point(sparsity: 0), point(sparsity: 0.5, worse: 2, better: 3), point(sparsity: 0.9, worse: 8),
  point(sparsity: 0.95, worse: 4, better: 1), point(sparsity: 0.98, worse: 100),
  point(sparsity: 0.99, worse: 3500),
])

/// The same curve with the files that an export writes by default.
let exportedCurve = curve([
  point(sparsity: 0, exportedWorse: 0), point(sparsity: 0.5, worse: 2, better: 3, exportedWorse: 1),
  point(sparsity: 0.9, worse: 8, exportedWorse: 20),
])

/// A curve with Monte Carlo predictions.
let monteCarloCurve: SweepCurve = {
  var curve = curve([
    point(sparsity: 0, monteCarloErrors: 150), point(sparsity: 0.5, monteCarloErrors: 160),
  ])
  curve.samples = 1000
  curve.seed = 7
  return curve
}()
