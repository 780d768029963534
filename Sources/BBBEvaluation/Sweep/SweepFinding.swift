/// How far a sweep shows that a network can be pruned.
///
/// The sparsity recommended is the largest such that *every* pruned point up to it passes, as pruned and as the file that
/// an export writes by default: the error is shown to rise by no more than the tolerance, the likelihood is not much
/// worse, and the output depends on the input. A sparsity that passes beyond one that fails is not taken: in a
/// curve that dips and recovers, that would be picking the luckiest of many tests.
package enum SweepFinding: Equatable {
  /// A file, and what it lacks to take the unpruned network's place.
  package struct Defect: Equatable {
    /// The file: that of the point as pruned, or the one that an export writes by default.
    package var file: MeasuredFile
    /// What it lacks.
    package var shortcoming: SweepJudgement.Shortcoming
  }

  /// There are no points.
  case empty
  /// No point is pruned; the unpruned network's default file may lack something.
  case nothingPruned(SweepPoint, Defect?)
  /// The examples are too few to show anything, however well a network does.
  case tooFewExamples(MeasuredFile)
  /// Already a point at the beginning, pruned or not, lacks something.
  case failing(SweepPoint, Defect)
  /// The last point up to which every one passes.
  case recommended(SweepPoint)
}

extension SweepCurve {
  /// How far the curve shows that its network can be pruned.
  package var finding: SweepFinding {
    let pruned = points.filter { $0.removed > 0 }
    guard let first = pruned.first else {
      return unpruned.map { .nothingPruned($0, exportDefect(of: $0)) } ?? .empty
    }
    guard judgement.isDecisive(first.pruned) else { return .tooFewExamples(first.pruned) }
    if let unpruned, let defect = exportDefect(of: unpruned) { return .failing(unpruned, defect) }
    if let defect = judgement.defect(of: first) { return .failing(first, defect) }
    return .recommended(pruned.prefix { judgement.defect(of: $0) == nil }.last ?? first)
  }

  /// The measurement at the sparsity that is recommended.
  ///
  /// `nil` if no point is pruned, the examples are too few, or already the first pruned point, or the default file of the
  /// unpruned network, fails.
  public var recommendation: SweepPoint? {
    if case .recommended(let point) = finding { point } else { nil }
  }

  /// What the file lacks that an export writes by default where nothing is to be removed; quantisation alone may do harm.
  private func exportDefect(of unpruned: SweepPoint) -> SweepFinding.Defect? {
    guard judgement.isDecisive(unpruned.pruned), let exported = unpruned.exported,
      judgement.shortcoming(of: unpruned.pruned) == nil
    else { return nil }
    return judgement.shortcoming(of: exported).map {
      SweepFinding.Defect(file: exported, shortcoming: $0)
    }
  }
}
