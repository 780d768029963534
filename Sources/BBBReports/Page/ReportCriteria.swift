/// The other criteria beside the one that the page is about: a small chart of errors each, with axes that are the same.
struct ReportCriteria {
  /// The charts, one for each criterion.
  let charts: [ReportChart]
  private let model: ReportModel

  /// The charts; `nil` if there is one criterion only.
  init?(_ model: ReportModel) {
    charts = model.curves.indices.filter { $0 != ReportModel.lead }
      .compactMap { ReportChart(comparing: $0, of: model) }
    guard !charts.isEmpty else { return nil }
    self.model = model
  }

  var html: String {
    let name = model.leadCurve?.label(among: model.curves) ?? ""
    return """
      <section aria-labelledby="criteria">
      <h2 id="criteria">Other criteria</h2>
      <p class="lead">The same network, pruned in another order. The grey line is \(name.escaped); all axes are the same.</p>
      <div class="charts">
      \(charts.map(\.html).joined(separator: "\n"))
      </div>
      </section>
      """
  }
}
