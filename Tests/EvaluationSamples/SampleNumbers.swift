import BBBEvaluation
import BBBInference

/// The errors of a network that predicts numbers: of every size from −0.95 to 0.95.
package let sampleErrors = (0..<400).map { Double($0 % 20) / 10 - 0.95 }

/// A file of a network that predicts numbers whose every error is a tenth larger than the unpruned network's.
package func numericFile() throws -> MeasuredFile {
  func result(_ errors: [Double]) throws -> EvaluationResult {
    .numbers(
      try NumericResult(
        NumericDistribution(
          targetCount: 1, means: errors,
          noiseDeviations: Array(repeating: 1, count: errors.count)),
        targets: Array(repeating: 0, count: errors.count)))
  }
  return try MeasuredFile(
    sparsity: 0.5, kept: 50, result: result(sampleErrors.map { $0 * 1.1 }),
    unpruned: result(sampleErrors), bytes: 50, denseByteCount: 400)
}
