/// Whether a pruned network can take the unpruned one's place, by margins stated beforehand.
///
/// It can if its error is not inferior (the upper end of the paired difference's interval is within the tolerance),
/// its likelihood is not much worse, and its output still depends on the input. A test that finds no significant
/// difference would not do: with few examples it finds none.
package struct SweepJudgement {
  /// Why a network cannot take the unpruned one's place.
  package enum Shortcoming: Equatable {
    /// Every example is predicted alike.
    case constant
    /// The error may be higher by more than the tolerance.
    case error
    /// The negative log-likelihood is higher by more than is tolerated.
    case likelihood
  }

  /// The tolerance of the error where none is asked for: 0.2 percentage points.
  package static let standardTolerance = 0.002
  /// The tolerance of a root mean squared error where none is asked for: 2 % of the unpruned network's.
  static let numericTolerance = 0.02
  /// What the mean negative log-likelihood of numbers may rise by, in nats for each target: at an error like the noise,
  /// a rise of the error by 5 %.
  static let numericLikelihoodTolerance = 0.05
  /// What the mean negative log-likelihood may rise by at least, in nats.
  static let smallestLikelihoodTolerance = 0.01
  /// What it may rise by, as a fraction of the unpruned network's, where that is more.
  static let relativeLikelihoodTolerance = 0.1

  /// By how much the error may rise, as a fraction of the examples, or of the unpruned network's root mean squared
  /// error.
  let tolerance: Double

  /// The tolerance where none is asked for: the standard one, or what the examples can show if they are few.
  ///
  /// - Parameters:
  ///   - count: The number of examples.
  ///   - isNumeric: Whether numbers are predicted.
  /// - Returns: A fraction of the examples: no less than the smallest increase that could be significant; of the
  ///   root mean squared error of numbers.
  static func defaultTolerance(among count: Int, isNumeric: Bool) -> Double {
    isNumeric
      ? numericTolerance
      : max(standardTolerance, McNemarTest.smallestSignificantIncrease(among: count) ?? 1)
  }

  /// By how much the mean negative log-likelihood may rise, in nats.
  package func likelihoodTolerance(for file: MeasuredFile) -> Double {
    guard !file.scores.isNumeric, let nll = file.scores.nll, let increase = file.nllIncrease else {
      return Self.numericLikelihoodTolerance
    }
    return max(
      Self.smallestLikelihoodTolerance, Self.relativeLikelihoodTolerance * (nll - increase))
  }

  /// What a network lacks; `nil` if it can take the unpruned one's place.
  package func shortcoming(of file: MeasuredFile) -> Shortcoming? {
    if file.isConstant { return .constant }
    guard file.errorIncrease.high <= tolerance else { return .error }
    guard let increase = file.nllIncrease else { return nil }
    return increase <= likelihoodTolerance(for: file) ? nil : .likelihood
  }

  /// What the first of a point's networks that lacks something lacks: the pruned one, then its file by default.
  package func defect(of point: SweepPoint) -> SweepFinding.Defect? {
    for file in [point.pruned, point.exported].compactMap(\.self) {
      if let shortcoming = shortcoming(of: file) {
        return SweepFinding.Defect(file: file, shortcoming: shortcoming)
      }
    }
    return nil
  }

  /// Whether so many examples can show that the error rises by no more than the tolerance, if no answer changes.
  package func isDecisive(_ file: MeasuredFile) -> Bool {
    guard !file.scores.isNumeric else { return file.images > 1 }
    return McNemarTest.smallestSignificantIncrease(among: file.images) != nil
      && PairedDifference(onlyFirst: 0, onlySecond: 0, count: file.images).high <= tolerance
  }
}
