import BBBEvaluation

/// What one chart of the page shows: values of the JSON, by their keys.
struct ReportMeasure {
  /// The name in the page's code.
  let id: String
  let title: String
  /// What the axis counts.
  let unit: String
  /// One sentence that says what it means.
  let meaning: String
  /// The key of the prediction by posterior means, which others precede by a prefix.
  let key: String
  /// Whether each way of predicting has a value of its own.
  var isPredicted = false
  /// Whether the file that an export writes by default has a line of its own.
  var showsExport = false
  /// Whether 100 % is best, so that the axis widens towards it.
  var isHighBest = false
  /// Where the axis ends if every value is 0.
  var emptyEnd = 1.0

  static let error = ReportMeasure(
    id: "error", title: "Error", unit: "% of the examples", meaning: "Examples classified wrongly.",
    key: "error", isPredicted: true, showsExport: true)

  static let rootMeanSquaredError = ReportMeasure(
    id: "rmse", title: "Root mean squared error", unit: "RMSE",
    meaning: "How far predictions are from the numbers they predict.", key: "rmse",
    isPredicted: true, showsExport: true, emptyEnd: 0.01)

  /// Whether it is the error, which comes first, with its interval.
  var isError: Bool { [Self.error.id, Self.rootMeanSquaredError.id].contains(id) }

  static let all = [
    error,
    rootMeanSquaredError,
    ReportMeasure(
      id: "nll", title: "Negative log-likelihood", unit: "nats",
      meaning: "How surprising the right answers are.", key: "nll", isPredicted: true,
      showsExport: true, emptyEnd: 0.01),
    ReportMeasure(
      id: "coverage", title: "Intervals", unit: "% of the targets",
      meaning: "How many targets lie in the intervals that are to hold 95 % of them.",
      key: "coverage", isPredicted: true, showsExport: true),
    ReportMeasure(
      id: "ece", title: "Calibration error", unit: "ECE, %",
      meaning: "How far confidence is from how often it is right.", key: "ece", isPredicted: true),
    ReportMeasure(
      id: "brier", title: "Brier score", unit: "0 to 2",
      meaning: "Squared distance of the probabilities from the truth.", key: "brier",
      isPredicted: true, emptyEnd: 0.01),
    ReportMeasure(
      id: "aurc", title: "Selective risk", unit: "AURC, %",
      meaning: "Mean error when the least certain examples are refused.", key: "aurc",
      isPredicted: true),
    ReportMeasure(
      id: "auroc", title: "Out of distribution", unit: "AUROC, %",
      meaning: "How often examples of another kind are doubted more.", key: "auroc",
      isPredicted: true, isHighBest: true),
    ReportMeasure(
      id: "cut", title: "Error without conditioning", unit: "% of the examples",
      meaning:
        "What cutting alone would do, where the weights left did not take over what was removed.",
      key: "cut_error"),
    ReportMeasure(
      id: "cut_rmse", title: "Error without conditioning", unit: "RMSE",
      meaning:
        "What cutting alone would do, where the weights left did not take over what was removed.",
      key: "cut_rmse", emptyEnd: 0.01),
    ReportMeasure(
      id: "divergence", title: "Divergence", unit: "nats",
      meaning: "KL from the unpruned network's predictions.", key: "divergence", emptyEnd: 0.01),
    ReportMeasure(
      id: "bytes", title: "File size", unit: "bytes",
      meaning: "The .bbbz file: pruned alone, and as 'export' writes it by default.",
      key: "bytes", showsExport: true, emptyEnd: 1000),
    ReportMeasure(
      id: "single", title: "Latency, single", unit: "µs",
      meaning: "Median time for one example by itself.", key: "single_microseconds"),
    ReportMeasure(
      id: "batch", title: "Latency, batch", unit: "µs each",
      meaning: "Median time in batches of up to 1,000.", key: "batch_microseconds"),
  ]

  /// How a sparsity is shown.
  static let sparsityFormat = ReportFormat(kind: .trimmed, factor: 100, unit: " %")

  /// How values of the JSON are shown, by their keys or by names of their own.
  static let formats: [String: ReportFormat] = {
    let microseconds = ReportFormat(kind: .duration, unit: " µs")
    let rmse = ReportFormat(decimals: 4)
    var formats: [String: ReportFormat] = [
      "sparsity": sparsityFormat,
      "units": ReportFormat(kind: .grouped), "kept": ReportFormat(kind: .grouped),
      "removed": ReportFormat(kind: .grouped),
      "threshold": ReportFormat(kind: .significant),
      "threshold_db": ReportFormat(decimals: 2, unit: " dB"),
      "cut_errors": ReportFormat(kind: .grouped), "cut_error": .percent, "cut_rmse": rmse,
      "cut_nll": ReportFormat(decimals: 4), "divergence": ReportFormat(decimals: 4),
      "predicted_divergence": ReportFormat(decimals: 4),
      "single_microseconds": microseconds, "batch_microseconds": microseconds,
    ]
    let measured: [String: ReportFormat] = [
      "error_low": .percent, "error_high": .percent, "error_increase_high": .percent,
      "rmse_low": rmse, "rmse_high": rmse, "rmse_increase_high": .percent,
      "p_value": ReportFormat(kind: .probability),
      "bytes": ReportFormat(kind: .grouped), "ratio": ReportFormat(kind: .ratio, unit: "×"),
    ]
    let scores: [String: ReportFormat] = [
      "errors": ReportFormat(kind: .grouped), "error": .percent,
      "nll": ReportFormat(decimals: 4), "ece": .percent, "brier": ReportFormat(decimals: 4),
      "aurc": ReportFormat(factor: 100, decimals: 3, unit: " %"), "auroc": .percent,
      "rmse": rmse, "coverage": .percent, "interval_width": rmse,
    ]
    let export = SweepColumn.exportPrefix
    for prefix in ["", export] {
      for (key, format) in measured { formats[prefix + key] = format }
      formats[prefix + "comparison"] = ReportFormat(
        kind: .comparison, key: prefix + "ratio", unit: " float32")
    }
    formats[export + "sparsity"] = .percent
    formats[export + "kept"] = ReportFormat(kind: .grouped)
    for (key, format) in scores { formats[export + key] = format }
    for method in UncertaintySeries.Method.allCases {
      for (key, format) in scores { formats[method.prefix + key] = format }
    }
    return formats
  }()
}

extension UncertaintySeries.Method {
  /// What precedes the keys of its scores in JSON.
  var prefix: String {
    switch self {
    case .posteriorMean: ""
    case .monteCarlo: "mc_"
    case .onePass: "one_pass_"
    }
  }
}
