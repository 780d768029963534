import BBBEvaluation

/// How far a network can be pruned, in one sentence.
public enum SweepVerdict {
  /// Tells what a curve shows.
  ///
  /// - Parameter curve: Points by ascending sparsity, compared with the unpruned network.
  /// - Returns: One sentence; another one if the output of some points does not depend on the input.
  public static func sentence(for curve: SweepCurve) -> String {
    switch curve.finding {
    case .empty: return "The sweep has no points."
    case .nothingPruned(let unpruned, let defect):
      return "Nothing was pruned: the unpruned network's \(shown(unpruned.scores)); "
        + size(unpruned) + (defect.map { ", but \(reason($0, at: unpruned, curve))" } ?? "") + "."
    case .tooFewExamples(let file): return powerlessness(file, curve)
    case .failing(let point, let defect):
      return "No sparsity tried keeps what the unpruned network can: already at \(place(point)) "
        + reason(defect, at: point, curve) + "."
    case .recommended(let best):
      let pruned = curve.points.filter { $0.removed > 0 }
      let isLast = best.sparsity == pruned.last?.sparsity ? ", the highest sparsity tried," : ""
      return "At \(place(best))\(isLast) the \(comparison(best.pruned, curve)); "
        + size(best) + "." + constants(pruned)
    }
  }

  /// The same in few words, to stand beside the name of the criterion.
  ///
  /// - Parameter curve: Points by ascending sparsity, compared with the unpruned network.
  /// - Returns: Part of a sentence.
  static func summary(of curve: SweepCurve) -> String {
    switch curve.finding {
    case .empty: "has no points"
    case .nothingPruned: "was not pruned"
    case .tooFewExamples: "has too few examples to tell"
    case .failing(let point, let defect):
      "fails already at \(sparsity(point)), \(summary(of: defect, isExport: defect.file != point.pruned))"
    case .recommended(let best):
      "holds up to \(sparsity(best))"
        + (best.exported.map { ", exported in \(NumberText.grouped($0.bytes)) bytes" } ?? "")
    }
  }

  private static func summary(of defect: SweepFinding.Defect, isExport: Bool) -> String {
    let scores = defect.file.scores
    let what =
      switch defect.shortcoming {
      case .constant: "where the output is constant"
      case .error: "\(noun(scores)) \(size(of: scores.error, scores.isNumeric))"
      case .likelihood: "NLL \(nats(scores.nll)) nats"
      }
    return what + (isExport ? " as exported" : "")
  }

  private static func sparsity(_ point: SweepPoint) -> String {
    "\(NumberText.trimmed(point.sparsity * 100)) %"
  }

  /// Why the examples can show nothing, however well a network does.
  private static func powerlessness(_ file: MeasuredFile, _ curve: SweepCurve) -> String {
    let images = file.images
    guard !file.scores.isNumeric else {
      return "One example is too few to tell any rise of the error from chance."
    }
    guard McNemarTest.smallestSignificantIncrease(among: images) != nil else {
      let needed = Int(
        (Double(McNemarTest.fewestSignificant) / SweepJudgement.standardTolerance).rounded(.up))
      return
        "\(counted(images)) too few to tell any rise of the error from chance; for a tolerance of "
        + "\(margin(SweepJudgement.standardTolerance)) points, give \(NumberText.grouped(needed)) of them."
    }
    return "\(counted(images)) too few to show that the error rises by no more than "
      + "\(margin(curve.tolerance)) points (--tolerance), even where no answer changes; give at least "
      + "\(NumberText.grouped(PairedDifference.fewestExamples(showing: curve.tolerance))) of them, or a larger "
      + "tolerance."
  }

  private static func counted(_ images: Int) -> String {
    images == 1 ? "One example is" : "\(NumberText.grouped(images)) examples are"
  }

  /// The error beside the unpruned network's: `error is …`, or `RMSE is …`.
  private static func comparison(
    _ file: MeasuredFile, _ curve: SweepCurve, of subject: String = ""
  ) -> String {
    let increase = file.errorIncrease
    let isNumeric = file.scores.isNumeric
    let distance =
      increase.high.isInfinite
      ? "any number of %" : points(abs(increase.high)) + (isNumeric ? " %" : " points")
    let bound =
      increase.high < 0
      ? "with 95 % confidence at least \(distance) lower"
      : "with 95 % confidence at most \(distance) higher (\(tolerance(file, curve)))"
    let unpruned =
      isNumeric
      ? file.scores.error / (1 + increase.difference) : file.scores.error - increase.difference
    return "\(noun(file.scores)) \(subject)is \(size(of: file.scores.error, isNumeric)), "
      + "the unpruned network's \(size(of: unpruned, isNumeric)): \(bound)\(likelihood(file))"
  }

  private static func likelihood(_ file: MeasuredFile) -> String {
    guard file.scores.nll != nil else { return "" }
    return
      ", at an NLL of \(nats(file.scores.nll)) instead of \(nats(unprunedLikelihood(file))) nats"
  }

  private static func unprunedLikelihood(_ file: MeasuredFile) -> Double? {
    file.scores.nll.flatMap { nll in file.nllIncrease.map { nll - $0 } }
  }

  /// What an error is called.
  private static func noun(_ scores: PredictionScores) -> String {
    scores.isNumeric ? "RMSE" : "error"
  }

  /// An error rate, or a root mean squared error.
  private static func size(of error: Double, _ isNumeric: Bool) -> String {
    isNumeric ? NumberText.significant(error, digits: 4) : percent(error)
  }

  private static func shown(_ scores: PredictionScores) -> String {
    "\(noun(scores)) is \(size(of: scores.error, scores.isNumeric))"
  }

  /// The tolerance, and whether it is no more than what few examples can show.
  private static func tolerance(_ file: MeasuredFile, _ curve: SweepCurve) -> String {
    let text = "tolerance \(margin(curve.tolerance))" + (file.scores.isNumeric ? " %" : "")
    let isForced =
      !file.scores.isNumeric && curve.tolerance > SweepJudgement.standardTolerance
      && curve.tolerance == McNemarTest.smallestSignificantIncrease(among: file.images)
    guard isForced else { return text }
    return text + ", the least rise that \(NumberText.grouped(file.images)) examples can show"
  }

  private static func reason(
    _ defect: SweepFinding.Defect, at point: SweepPoint, _ curve: SweepCurve
  ) -> String {
    let file = defect.file
    let subject = file == point.pruned ? "" : "of the file that 'export' writes by default "
    return switch defect.shortcoming {
    case .constant: "the output \(subject)does not depend on the input any more"
    case .error: "the \(comparison(file, curve, of: subject))"
    case .likelihood:
      "the NLL \(subject)is \(nats(file.scores.nll)) nats instead of "
        + "\(nats(unprunedLikelihood(file))), a rise of more than "
        + nats(curve.judgement.likelihoodTolerance(for: file))
    }
  }

  /// From where on the network is a constant, which no error rate tells.
  private static func constants(_ points: [SweepPoint]) -> String {
    guard
      let first = points.first(where: { $0.pruned.isConstant || $0.exported?.isConstant == true })
    else { return "" }
    return " At \(NumberText.trimmed(first.sparsity * 100)) % sparsity the output "
      + (first.pruned.isConstant ? "" : "of the file that 'export' writes by default ")
      + "does not depend on the input any more."
  }

  private static func place(_ point: SweepPoint) -> String {
    "\(NumberText.trimmed(point.sparsity * 100)) % sparsity"
      + " (\(NumberText.grouped(point.kept)) weights left)"
  }

  /// The file that the reader will write, or the one that was measured if that was not.
  private static func size(_ point: SweepPoint) -> String {
    let file = point.exported ?? point.pruned
    let text =
      "\(NumberText.grouped(file.bytes)) bytes, \(NumberText.sizeComparison(file.ratio)) dense float32"
    guard let exported = point.exported else { return "the file has \(text)" }
    let (scores, isNumeric) = (exported.scores, exported.scores.isNumeric)
    return "the file that 'export' writes by default has \(text), and an \(noun(scores)) of "
      + "\(size(of: scores.error, isNumeric)) at \(NumberText.fixed(exported.sparsity * 100, decimals: 1)) % sparsity"
  }

  /// A tolerance in points, as it was given.
  private static func margin(_ fraction: Double) -> String { NumberText.trimmed(fraction * 100) }

  private static func points(_ fraction: Double) -> String {
    NumberText.fixed(fraction * 100, decimals: 2)
  }

  private static func nats(_ value: Double?) -> String { NumberText.fixed(value, decimals: 3) }

  private static func percent(_ fraction: Double) -> String { points(fraction) + " %" }
}
