/// A model file at one point of a sweep, run on the examples and compared with the unpruned network on the same ones.
public struct MeasuredFile: Equatable, Sendable {
  /// The fraction of the prunable weights that is removed, in 0...1.
  public var sparsity: Double
  /// The number of prunable weights kept.
  public var kept: Int
  /// What the prediction by posterior means scores.
  public var scores: PredictionScores
  /// The number of examples.
  public var images: Int
  /// The lower end of the 95 % confidence interval of the error.
  public var errorLow: Double
  /// The upper end of the 95 % confidence interval of the error.
  public var errorHigh: Double
  /// By how much the error is above the unpruned network's: as a fraction of the examples, or of that network's root
  /// mean squared error.
  public var errorIncrease: PairedDifference
  /// By how much the mean negative log-likelihood is above the unpruned network's, in nats; `nil` if the noise of
  /// numbers is not known.
  public var nllIncrease: Double?
  /// The p-value of the exact McNemar test against the unpruned network; 1 for that network itself, `nil` of numbers.
  public var pValue: Double?
  /// Whether every example is predicted alike: the output does not depend on the input any more.
  public var isConstant: Bool
  /// The size of the file in bytes.
  public var bytes: Int
  /// How many times larger all weights and biases of the network are as dense float32.
  public var ratio: Double

  /// Compares a file's network with the unpruned one.
  ///
  /// - Parameters:
  ///   - sparsity: The fraction of the prunable weights that is removed, in 0...1.
  ///   - kept: The number of prunable weights kept.
  ///   - result: How well the network does.
  ///   - unpruned: How well the unpruned network does on the same examples.
  ///   - auroc: How well the network's predictive entropy tells examples of another kind, if any were given.
  ///   - isConstant: Whether every example is predicted alike.
  ///   - bytes: The size of the file.
  ///   - denseByteCount: The size of all weights and biases as dense float32.
  public init(
    sparsity: Double, kept: Int, result: EvaluationResult, unpruned: EvaluationResult,
    auroc: Double? = nil, isConstant: Bool = false, bytes: Int, denseByteCount: Int
  ) {
    self.sparsity = sparsity
    self.kept = kept
    scores = PredictionScores(result, auroc: auroc)
    images = result.count
    errorLow = result.errorInterval.low
    errorHigh = result.errorInterval.high
    errorIncrease = PairedDifference(unpruned, result)
    nllIncrease = result.negativeLogLikelihood.flatMap { nll in
      unpruned.negativeLogLikelihood.map { nll - $0 }
    }
    pValue = result.classes.flatMap { result in
      unpruned.classes.map {
        McNemarTest(isCorrectFirst: $0.isCorrect, isCorrectSecond: result.isCorrect).pValue
      }
    }
    self.isConstant = isConstant
    self.bytes = bytes
    ratio = Double(denseByteCount) / Double(bytes)
  }
}
