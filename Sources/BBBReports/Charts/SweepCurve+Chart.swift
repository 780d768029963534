import BBBEvaluation

extension SweepCurve {
  /// What a plot calls the error, and what it multiplies it by.
  var errorAxis: (title: String, factor: Double) { isNumeric ? ("RMSE", 1) : ("error, %", 100) }

  /// The points that a plot can show.
  var plottedPoints: [SweepPoint] {
    points.filter {
      0...1 ~= $0.sparsity && 0...($0.scores.isNumeric ? .greatestFiniteMagnitude : 1) ~= $0.error
        && $0.pruned.bytes >= 0
    }
  }

  /// What a legend calls the curve: its criterion, and its checkpoint where that differs.
  func label(among curves: [SweepCurve]) -> String {
    curves.allSatisfy { $0.checkpoint == checkpoint }
      ? criterion : "\(criterion), \(shortCheckpoint)"
  }

  /// At most 50 characters of the checkpoint: the end, which tells paths apart.
  var shortCheckpoint: String {
    checkpoint.count <= 50 ? checkpoint : "…" + checkpoint.suffix(49)
  }
}
