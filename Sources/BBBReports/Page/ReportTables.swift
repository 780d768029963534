import BBBEvaluation

/// Every number of the sweep: what is read aloud and printed.
struct ReportTables {
  let model: ReportModel

  private struct Column {
    var key: String
    var title: String
    var unit = ""
  }

  private static let columns = [
    Column(key: "units", title: "units", unit: "left"),
    Column(key: "kept", title: "weights left"),
    Column(key: "threshold_db", title: "threshold", unit: "dB"),
    Column(key: "threshold", title: "threshold"),
    Column(key: "errors", title: "errors"),
    Column(key: "error", title: "error", unit: "%"),
    Column(key: "error_low", title: "95 % from", unit: "%"),
    Column(key: "error_high", title: "to", unit: "%"),
    Column(key: "rmse", title: "RMSE"),
    Column(key: "rmse_low", title: "95 % from"),
    Column(key: "rmse_high", title: "to"),
    Column(key: "nll", title: "NLL", unit: "nats"),
    Column(key: "coverage", title: "coverage", unit: "%"),
    Column(key: "interval_width", title: "width"),
    Column(key: "ece", title: "ECE", unit: "%"),
    Column(key: "brier", title: "Brier"),
    Column(key: "aurc", title: "AURC", unit: "%"),
    Column(key: "auroc", title: "AUROC", unit: "%"),
    Column(key: "p_value", title: "p-value"),
    Column(key: "cut_errors", title: "cut errors"),
    Column(key: "cut_error", title: "cut", unit: "%"),
    Column(key: "cut_rmse", title: "cut RMSE"),
    Column(key: "cut_nll", title: "cut NLL", unit: "nats"),
    Column(key: "divergence", title: "KL", unit: "nats"),
    Column(key: "predicted_divergence", title: "KL at least", unit: "nats"),
    Column(key: "bytes", title: "file", unit: "bytes"),
    Column(key: "ratio", title: "ratio"),
    Column(key: "single_microseconds", title: "single", unit: "µs"),
    Column(key: "batch_microseconds", title: "batch", unit: "µs"),
  ]

  private var exportColumns: [Column] {
    let own = [
      Column(key: "sparsity", title: "reached", unit: "%"),
      Column(key: "error_increase_high", title: "rise up to", unit: "points"),
      Column(key: "rmse_increase_high", title: "rise up to", unit: "%"),
    ]
    return (own + Self.columns).map {
      Column(key: SweepColumn.exportPrefix + $0.key, title: $0.title, unit: $0.unit)
    }
  }

  private static let scores = [
    "errors", "error", "rmse", "nll", "coverage", "interval_width", "ece", "brier", "aurc", "auroc",
  ]

  var html: String {
    // Those of the other criteria are folded: they would be most of the page.
    let others = model.curves.indices.filter { $0 != ReportModel.lead }.map { curve in
      """
      <details class="more"><summary class="\(ReportModel.colorClass(curve))">\
      \(model.curves[curve].label(among: model.curves).escaped)</summary>
      \(tables(curve))
      </details>
      """
    }
    return """
      <section aria-labelledby="numbers">
      <h2 id="numbers">Every number</h2>
      \(model.leadCurve == nil ? "" : tables(ReportModel.lead))
      \(others.joined(separator: "\n"))
      \(notes)
      </section>
      """
  }

  /// The tables of one criterion.
  private func tables(_ curve: Int) -> String {
    var tables = [
      table(
        curve, "every point, predicted by posterior means",
        Self.columns.filter { isShown($0.key, of: curve) })
    ]
    if model.curves[curve].hasExports {
      tables.append(
        table(
          curve, "the file that 'export' writes by default at each point",
          exportColumns.filter { isShown($0.key, of: curve) }))
    }
    for method in model.methods.dropFirst() {
      let columns = Self.columns.filter { Self.scores.contains($0.key) }.map {
        Column(key: method.prefix + $0.key, title: $0.title, unit: $0.unit)
      }
      tables.append(
        table(curve, "predicted by \(method.name)", columns.filter { isShown($0.key, of: curve) }))
    }
    return tables.joined(separator: "\n")
  }

  /// Whether some point has a value; a threshold is shown in decibels where it is a ratio.
  private func isShown(_ key: String, of curve: Int) -> Bool {
    if key == "threshold", model.has("threshold_db", in: curve) { return false }
    return model.has(key, in: curve)
  }

  private func table(
    _ curve: Int, _ title: String, _ columns: [Column]
  ) -> String {
    let name =
      model.curves.count > 1 ? model.curves[curve].label(among: model.curves) + ": " : ""
    let decimals = NumberText.decimalsNeeded(model.curves[curve].points.map { $0.sparsity * 100 })
    let heads = ([Column(key: "sparsity", title: "sparsity", unit: "%")] + columns).map { column in
      "<th scope=\"col\">\(column.title)"
        + (column.unit.isEmpty ? "" : "<br/><span class=\"unit\">\(column.unit)</span>") + "</th>"
    }
    let caption = (name + title).escaped
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="\(caption)">
      <table class="points">
      <caption>\(caption)</caption>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(model.curves[curve].points.map { row($0, columns, decimals) }.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
  }

  private func row(_ point: SweepPoint, _ columns: [Column], _ decimals: Int) -> String {
    let stop = model.stops.firstIndex { $0.sparsity == point.sparsity }
    let cells = columns.map { "<td>\(cell($0.key, point))</td>" }
    return
      "<tr\(stop.map { " data-stop=\"\($0)\"" } ?? "")\(stop == model.chosen ? " class=\"on\"" : "")>"
      + "<th scope=\"row\">\(cell("sparsity", point, ReportFormat(factor: 100, decimals: decimals)))</th>\(cells.joined())</tr>"
  }

  private func cell(
    _ key: String, _ point: SweepPoint, _ ownFormat: ReportFormat? = nil
  ) -> String {
    let value = model.value(key, of: point)
    let format = ownFormat ?? model.formats[key] ?? ReportFormat()
    let text = key.hasSuffix("ratio") ? format.text(value) : format.number(value)
    return "<data class=\"\(key)\" value=\"\(value.map { "\($0)" } ?? "")\">\(text.escaped)</data>"
  }

  private var notes: String {
    let isNumeric = model.curves.contains(where: \.isNumeric)
    var notes = [
      isNumeric
        ? "RMSE: root mean squared error, with its 95 % interval. Coverage: targets in the intervals that are to hold"
          + " 95 % of them; width: that of these, on average. Ratio: dense float32 network to file."
        : "Error: with its 95 % Wilson interval; p-value: exact McNemar test against the unpruned network on the"
          + " same examples. ECE: 15 bins. Ratio: dense float32 network to file."
    ]
    if model.curves.contains(where: \.hasExports) {
      notes.append(
        isNumeric
          ? "Rise: upper end of the 95 % interval (Fieller) of the RMSE above the unpruned network's."
          : "Rise: upper end of the 95 % score interval (Tango) of the error above the unpruned network's."
      )
    }
    if model.curves.contains(where: { $0.ood != nil }) {
      let names = Set(model.curves.compactMap(\.ood)).sorted().joined(separator: ", ")
      let known = Set(model.curves.map(\.dataset)).sorted().joined(separator: ", ")
      notes.append(
        "AUROC: how often the predictive entropy of \(names) is above that of \(known).")
    }
    if model.curves.contains(where: \.hasUnits) {
      notes.append(
        "Units: hidden units were removed as a whole, with all their weights; sparsity counts the weights."
      )
    }
    if let calibration = model.curves.lazy.compactMap(\.calibration).first {
      notes.append(
        "Conditioned: the weights left took over what was removed, on \(NumberText.grouped(calibration.count)) unlabelled "
          + "examples of \(calibration.name). Cut: without that; of the conditional criterion, a cut by |μ|/σ, or |μ| without σ. "
          + "KL: from the unpruned network's predictions; at least: as the conditional order predicts."
      )
    }
    if let samples = model.curves.lazy.compactMap(\.samples).first {
      notes.append(
        "Monte Carlo: predictions averaged over \(NumberText.grouped(samples)) draws of the weights"
          + " left.")
    }
    if model.has("single_microseconds") {
      notes.append(
        "Latency: processor time of one thread of the machine named below, medians; not exactly repeatable."
      )
    }
    return "<p class=\"notes\">\(notes.joined(separator: " ").escaped)</p>"
  }
}
