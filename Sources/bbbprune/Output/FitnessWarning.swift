import BBBErrors
import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBReports

/// What is said where a posterior is not fit to be pruned by what is asked for.
enum FitnessWarning {
  /// Says on standard error what speaks against ranking by σ, if anything does and it is asked for.
  ///
  /// - Parameters:
  ///   - posterior: What is ranked.
  ///   - criteria: What ranks.
  ///   - threadCount: How many threads look at the weights.
  /// - Throws: What reading the weights throws.
  static func show(
    _ posterior: Posterior, rankedBy criteria: [Criterion], threadCount: Int
  ) throws {
    guard criteria.contains(where: \.kind.needsDeviations),
      let finding = try PosteriorFitness(posterior, threadCount: threadCount).finding
    else { return }
    StandardError.writeText(
      "warning: \(posterior.path.withoutControlCharacters): "
        + "\(finding.description.withoutControlCharacters)\n")
  }
}
