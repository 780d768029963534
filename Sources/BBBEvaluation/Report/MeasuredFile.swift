/// A model file at one point of a sweep, run on the examples and compared with the unpruned network on the same ones.
public struct MeasuredFile: Equatable, Sendable {
  /// The fraction of the prunable weights that is removed, in 0...1.
  public var sparsity: Double
  /// The number of prunable weights kept.
  public var kept: Int
  /// What the prediction by posterior means scores.
  public var scores: EvaluationScores
  /// The number of examples.
  public var images: Int
  /// The lower end of the 95 % confidence interval of a classifier's error; `nil` of numbers.
  public var errorLow: Double?
  /// The upper end of the 95 % confidence interval of a classifier's error; `nil` of numbers.
  public var errorHigh: Double?
  /// By how much the error is above the unpruned network's.
  public var errorIncrease: PairedDifference
  /// By how much the mean negative log-likelihood is above the unpruned network's, in nats; `nil` if the
  /// noise of numbers is not known.
  public var nllIncrease: Double?
  /// The p-value of the exact McNemar test against the unpruned network, 1 for that network itself; `nil` of numbers.
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
    scores = EvaluationScores(result, auroc: auroc)
    images = result.count
    errorLow = result.classes?.errorInterval.low
    errorHigh = result.classes?.errorInterval.high
    errorIncrease = PairedDifference(unpruned, result)
    if let nll = result.negativeLogLikelihood, let reference = unpruned.negativeLogLikelihood {
      nllIncrease = nll - reference
    }
    if let classes = result.classes, let reference = unpruned.classes {
      pValue =
        McNemarTest(isCorrectFirst: reference.isCorrect, isCorrectSecond: classes.isCorrect).pValue
    }
    self.isConstant = isConstant
    self.bytes = bytes
    ratio = Double(denseByteCount) / Double(bytes)
  }
}

extension MeasuredFile {
  /// Whether the network predicts numbers, so that its error is a root mean squared error.
  var isNumeric: Bool { scores.numbers != nil }

  /// The error of the unpruned network on the same examples.
  var unprunedError: Double { scores.error - errorIncrease.difference }

  /// The mean negative log-likelihood of the unpruned network; `nil` if the noise of numbers is not known.
  var unprunedLikelihood: Double? {
    scores.nll.flatMap { nll in nllIncrease.map { nll - $0 } }
  }
}
