/// A value that files hold for each point of a sweep: a column of the CSV, a key of the JSON.
struct SweepColumn {
  /// A value as files hold it.
  enum Value: Equatable {
    case integer(Int)
    /// A finite number.
    case real(Double)
    case missing

    fileprivate init(_ value: Double?) {
      self = value?.finite.map(Value.real) ?? .missing
    }
  }

  let name: String
  let value: (SweepPoint) -> Value

  private init(_ name: String, _ value: @escaping (SweepPoint) -> Double?) {
    self.name = name
    self.value = { Value(value($0)) }
  }

  private init(counting name: String, _ value: @escaping (SweepPoint) -> Int?) {
    self.name = name
    self.value = { value($0).map(Value.integer) ?? .missing }
  }

  /// The columns for some points, in order; what no point has is left out.
  static func columns(for points: [SweepPoint]) -> [SweepColumn] {
    let hasSeparation = points.contains { $0.scores.auroc != nil }
    var columns = [
      SweepColumn("sparsity") { $0.sparsity },
      SweepColumn(counting: "removed") { $0.removed },
      SweepColumn(counting: "kept") { $0.kept },
      SweepColumn("threshold") { $0.threshold },
      SweepColumn("threshold_db") { $0.thresholdDecibels },
      SweepColumn(counting: "errors") { $0.errors },
      SweepColumn(counting: "images") { $0.images },
      SweepColumn("error") { $0.error },
      SweepColumn("error_low") { $0.errorLow },
      SweepColumn("error_high") { $0.errorHigh },
    ]
    columns += likelihoods(prefix: "", hasSeparation) { $0.scores }
    columns += [
      SweepColumn("p_value") { $0.pValue },
      SweepColumn(counting: "bytes") { $0.bytes },
      SweepColumn("ratio") { $0.ratio },
    ]
    for (prefix, scores) in [("mc_", \SweepPoint.monteCarlo), ("one_pass_", \.onePass)]
    where points.contains(where: { $0[keyPath: scores] != nil }) {
      columns += [
        SweepColumn(counting: prefix + "errors") { $0[keyPath: scores]?.errors },
        SweepColumn(prefix + "error") { $0[keyPath: scores]?.error },
      ]
      columns += likelihoods(prefix: prefix, hasSeparation) { $0[keyPath: scores] }
    }
    if points.contains(where: { $0.units != nil }) {
      columns.append(SweepColumn(counting: "units") { $0.units })
    }
    if points.contains(where: { $0.latency != nil }) {
      columns += [
        SweepColumn("single_microseconds") { $0.latency?.singleMicroseconds },
        SweepColumn("batch_microseconds") { $0.latency?.batchMicroseconds },
      ]
    }
    return columns
  }

  private static func likelihoods(
    prefix: String, _ hasSeparation: Bool, _ scores: @escaping (SweepPoint) -> PredictionScores?
  ) -> [SweepColumn] {
    [
      SweepColumn(prefix + "nll") { scores($0)?.nll },
      SweepColumn(prefix + "ece") { scores($0)?.ece },
      SweepColumn(prefix + "brier") { scores($0)?.brier },
      SweepColumn(prefix + "aurc") { scores($0)?.riskArea },
    ] + (hasSeparation ? [SweepColumn(prefix + "auroc") { scores($0)?.auroc }] : [])
  }
}
