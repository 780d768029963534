import BBBEvaluation

/// The beginning of the page: what was measured, the verdict, the main numbers.
struct ReportSummary {
  let model: ReportModel

  static func title(_ curves: [SweepCurve]) -> String {
    let names = Set(curves.map { fileName($0.checkpoint) }).sorted()
    return
      "How far can \(names.isEmpty ? "a network" : names.joined(separator: " and ")) be pruned?"
  }

  /// The last part of a path: folders would tell whose machine it was.
  static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  var header: String {
    let curves = model.curves
    let images = curves.lazy.flatMap(\.points).map(\.images).first
    let facts = [
      curves.first.map { "\(NumberText.grouped($0.weights)) prunable weights" },
      curves.first.map { "measured on \($0.dataset)" },
      curves.contains(where: \.hasUnits) ? "hidden units removed as a whole" : nil,
      images.map { "\(NumberText.grouped($0)) \($0 == 1 ? "example" : "examples")" },
    ].compactMap(\.self)
    return """
      <header>
      <p class="kind">bbbprune sweep</p>
      <h1>\(Self.title(curves).escaped)</h1>
      <p class="facts">\(facts.joined(separator: " · ").escaped)</p>
      \(verdicts)
      </header>
      """
  }

  private var verdicts: String {
    guard let curve = model.leadCurve else { return "" }
    /// A text whose numbers are not parted from what they count.
    func joined(_ text: String) -> String { text.escaped.replacing(" %", with: "\u{A0}%") }
    let others = model.curves.enumerated().filter { $0.offset != ReportModel.lead }.map {
      "<strong class=\"\(ReportModel.colorClass($0.offset))\">"
        + "\($0.element.label(among: model.curves).escaped)</strong> "
        + joined(SweepVerdict.summary(of: $0.element))
    }
    let name =
      others.isEmpty
      ? "" : "<strong class=\"c0\">\(curve.label(among: model.curves).escaped):</strong> "
    return "<p class=\"verdict\">\(name)\(joined(SweepVerdict.sentence(for: curve)))</p>"
      + (others.isEmpty
        ? ""
        : "\n<ul class=\"others\">\n<li>\(others.joined(separator: "</li>\n<li>"))</li>\n</ul>")
  }

  /// The slider, which the page's script shows, and the numbers at the sparsity chosen.
  var controls: String {
    """
    <section class="choice" aria-labelledby="chosen">
    <h2 id="chosen">At \(model.number("sparsity", curve: 0)) sparsity\(criterion)</h2>
    <dl class="figures">
    \(figures.joined(separator: "\n"))
    </dl>
    <p class="hidden" role="status" id="status"></p>
    </section>
    """
  }

  /// What the numbers are ranked by, where the page has several criteria.
  private var criterion: String {
    guard model.curves.count > 1, let curve = model.leadCurve else { return "" }
    return " by \(curve.label(among: model.curves).escaped)"
  }

  /// What stays in sight while the reader scrolls.
  var slider: String {
    guard model.stops.count > 1 else { return "" }
    return """
      <div class="slider" hidden="">
      <label for="sparsity">Sparsity</label>
      <button type="button" id="less" aria-label="Less sparse">−</button>
      <input type="range" id="sparsity" min="0" max="\(model.stops.count - 1)" step="1" value="\(model.chosen)"/>
      <button type="button" id="more" aria-label="Sparser">+</button>
      <output for="sparsity" aria-live="off">\(model.number("sparsity", curve: 0))</output>
      \(left)
      <button type="button" id="best" hidden="">back to \(bestText)</button>
      </div>
      """
  }

  /// The weights left of the first curve, if it has a point at every stop.
  private var left: String {
    guard model.stops.allSatisfy({ $0.points.first.flatMap(\.self) != nil }) else { return "" }
    return "<span class=\"left\">\(model.number("kept", curve: 0)) weights left by pruning</span>"
  }

  private var bestText: String { model.stops[model.chosen].text }

  /// A main number: what it is called, the name of its format, and what stands below it.
  private typealias Figure = (title: String, key: String, detail: String)

  /// Numbers of the file that the reader will write, or of the one that was measured if that was not.
  private var fileFigures: [Figure] {
    let prefix = model.has(SweepColumn.exportPrefix + "bytes") ? SweepColumn.exportPrefix : ""
    func number(_ key: String, withUnit: Bool = true) -> String {
      model.number(prefix + key, curve: ReportModel.lead, withUnit: withUnit)
    }
    let subject = prefix.isEmpty ? "" : ", as exported"
    let total = "of \(NumberText.grouped(model.leadCurve?.weights ?? 0)): "
    return [
      ("file size in bytes\(subject)", prefix + "bytes", number("comparison")),
      (
        "error\(subject)", prefix + "error",
        "95 % interval " + number("error_low", withUnit: false) + "–" + number("error_high")
      ),
      (
        "root mean squared error\(subject)", prefix + "rmse",
        "95 % interval " + number("rmse_low") + "–" + number("rmse_high")
      ),
      ("weights left\(subject)", prefix + "kept", total + number("sparsity") + " removed"),
    ]
  }

  private var figures: [String] {
    let pruned: [Figure] = [
      ("hidden units left", "units", ""),
      (
        "one prediction, pruned", "single_microseconds",
        "in batches " + model.number("batch_microseconds", curve: ReportModel.lead)
      ),
      (
        "out-of-distribution AUROC", "auroc",
        model.leadCurve?.ood.map { "against \($0.escaped)" } ?? ""
      ),
    ]
    return (fileFigures + pruned).filter { model.has($0.key, in: ReportModel.lead) }.map { figure in
      "<div><dt>\(figure.title)</dt><dd><b>\(model.number(figure.key, curve: ReportModel.lead))</b>"
        + " <small>\(figure.detail)</small></dd></div>"
    }
  }
}
