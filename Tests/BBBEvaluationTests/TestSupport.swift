import BBBEvaluation
import Testing

/// The result of a classifier.
func classes(_ evaluation: Evaluation) throws -> ClassificationResult {
  try #require(evaluation.result.classes)
}
