import BBBEvaluation

/// A value that files hold for each point of a sweep: a column of the CSV, a key of the JSON.
struct SweepColumn {
  /// A value as files hold it.
  enum Value: Equatable {
    case integer(Int)
    /// A finite number.
    case real(Double)
    case flag(Bool)
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

  private init(telling name: String, _ value: @escaping (SweepPoint) -> Bool?) {
    self.name = name
    self.value = { value($0).map(Value.flag) ?? .missing }
  }

  /// What precedes the names of what is measured of the file that an export writes by default.
  static let exportPrefix = "export_"

  /// What precedes the names of what is measured of networks that are cut and not conditioned.
  private static let cutPrefix = "cut_"

  /// The columns for some points, in order; what no point has is left out.
  static func columns(for points: [SweepPoint]) -> [SweepColumn] {
    let hasSeparation = points.contains { $0.scores.auroc != nil }
    let isNumeric = points.contains { $0.scores.isNumeric }
    var columns = [
      SweepColumn("sparsity") { $0.sparsity },
      SweepColumn(counting: "removed") { $0.removed },
      SweepColumn(counting: "kept") { $0.kept },
      SweepColumn("threshold") { $0.threshold },
      SweepColumn("threshold_db") { $0.thresholdDecibels },
    ]
    columns += measured(prefix: "", isNumeric, hasSeparation) { $0.pruned }
    if points.contains(where: { $0.cut != nil }) {
      columns += errors(prefix: cutPrefix, isNumeric) { $0.cut?.scores }
      columns += [
        SweepColumn(cutPrefix + "nll") { $0.cut?.scores.nll },
        SweepColumn("divergence") { $0.divergence },
        SweepColumn("predicted_divergence") { $0.predictedDivergence },
      ]
    }
    if points.contains(where: { $0.exported != nil }) {
      columns += [
        SweepColumn(exportPrefix + "sparsity") { $0.exported?.sparsity },
        SweepColumn(counting: exportPrefix + "kept") { $0.exported?.kept },
      ]
      columns += measured(prefix: exportPrefix, isNumeric, false) { $0.exported }
    }
    for (prefix, scores) in [("mc_", \SweepPoint.monteCarlo), ("one_pass_", \.onePass)]
    where points.contains(where: { $0[keyPath: scores] != nil }) {
      columns += errors(prefix: prefix, isNumeric) { $0[keyPath: scores] }
      columns += likelihoods(prefix: prefix, isNumeric, hasSeparation) { $0[keyPath: scores] }
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

  /// What is measured of a file.
  private static func measured(
    prefix: String, _ isNumeric: Bool, _ hasSeparation: Bool,
    _ file: @escaping (SweepPoint) -> MeasuredFile?
  ) -> [SweepColumn] {
    let error = prefix + (isNumeric ? "rmse" : "error")
    let (count, test) =
      isNumeric
      ? (SweepColumn(counting: prefix + "examples") { file($0)?.images }, [])
      : (
        SweepColumn(counting: prefix + "images") { file($0)?.images },
        [SweepColumn(prefix + "p_value") { file($0)?.pValue }]
      )
    var errors = errors(prefix: prefix, isNumeric) { file($0)?.scores }
    errors.insert(count, at: errors.count - 1)
    return errors + [
      SweepColumn(error + "_low") { file($0)?.errorLow },
      SweepColumn(error + "_high") { file($0)?.errorHigh },
    ] + likelihoods(prefix: prefix, isNumeric, hasSeparation) { file($0)?.scores } + test + [
      SweepColumn(counting: prefix + "bytes") { file($0)?.bytes },
      SweepColumn(prefix + "ratio") { file($0)?.ratio },
      SweepColumn(error + "_increase") { file($0)?.errorIncrease.difference },
      SweepColumn(error + "_increase_low") { file($0)?.errorIncrease.low },
      SweepColumn(error + "_increase_high") { file($0)?.errorIncrease.high },
      SweepColumn(prefix + "nll_increase") { file($0)?.nllIncrease },
      SweepColumn(telling: prefix + "constant") { file($0)?.isConstant },
    ]
  }

  private static func errors(
    prefix: String, _ isNumeric: Bool, _ scores: @escaping (SweepPoint) -> PredictionScores?
  ) -> [SweepColumn] {
    let error = SweepColumn(prefix + (isNumeric ? "rmse" : "error")) { scores($0)?.error }
    return isNumeric
      ? [error] : [SweepColumn(counting: prefix + "errors") { scores($0)?.errors }, error]
  }

  private static func likelihoods(
    prefix: String, _ isNumeric: Bool, _ hasSeparation: Bool,
    _ scores: @escaping (SweepPoint) -> PredictionScores?
  ) -> [SweepColumn] {
    let own =
      isNumeric
      ? [
        SweepColumn(prefix + "coverage") { scores($0)?.coverage },
        SweepColumn(prefix + "interval_width") { scores($0)?.intervalWidth },
      ]
      : [
        SweepColumn(prefix + "ece") { scores($0)?.ece },
        SweepColumn(prefix + "brier") { scores($0)?.brier },
        SweepColumn(prefix + "aurc") { scores($0)?.riskArea },
      ]
    return [SweepColumn(prefix + "nll") { scores($0)?.nll }] + own
      + (hasSeparation ? [SweepColumn(prefix + "auroc") { scores($0)?.auroc }] : [])
  }
}
