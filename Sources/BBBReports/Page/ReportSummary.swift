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
      images.map { "\(NumberText.grouped($0)) examples" },
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
    model.curves.enumerated().map { index, curve in
      let name =
        model.curves.count > 1
        ? "<strong class=\"c\(index % 4)\">\(curve.label(among: model.curves).escaped):</strong> "
        : ""
      return "<p class=\"verdict\(index > 0 ? " next" : "")\">\(name)"
        + "\(SweepVerdict.sentence(for: curve).escaped)</p>"
    }.joined(separator: "\n")
  }

  /// The slider, which the page's script shows, and the numbers at the sparsity chosen.
  var controls: String {
    """
    <section class="choice" aria-labelledby="chosen">
    <h2 id="chosen">At \(model.number("sparsity", curve: 0)) sparsity</h2>
    <dl class="figures">
    \(figures.joined(separator: "\n"))
    </dl>
    <p class="hidden" role="status" id="status"></p>
    </section>
    """
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
    return "<span class=\"left\">\(model.number("kept", curve: 0)) weights left</span>"
  }

  private var bestText: String {
    (model.formats["sparsity"] ?? ReportFormat()).text(model.stops[model.chosen].sparsity)
  }

  /// The size of the file that the reader will write, or of the one that was measured if that was not.
  private var size: (title: String, key: String, detail: (Int) -> String) {
    let export = SweepColumn.exportPrefix
    guard model.has(export + "bytes") else {
      return (
        "file size in bytes", "bytes", { model.number("ratio", curve: $0, format: "comparison") }
      )
    }
    return (
      "exported by default, bytes", export + "bytes",
      {
        let (noun, key) = model.has(export + "rmse") ? ("RMSE", "rmse") : ("error", "error")
        return model.number(export + "ratio", curve: $0, format: "comparison") + ", \(noun) "
          + model.number(export + key, curve: $0)
      }
    )
  }

  private var figures: [String] {
    let entries: [(title: String, key: String, detail: (Int) -> String)] = [
      ("hidden units left", "units", { _ in "" }),
      (
        "weights left", "kept",
        { _ in "of \(NumberText.grouped(model.curves.first?.weights ?? 0))" }
      ),
      (
        "error", "error",
        {
          "95 % interval " + model.number("error_low", curve: $0, withUnit: false) + "–"
            + model.number("error_high", curve: $0, withUnit: false)
        }
      ),
      (
        "root mean squared error", "rmse",
        {
          "95 % interval " + model.number("rmse_low", curve: $0) + "–"
            + model.number("rmse_high", curve: $0)
        }
      ),
      size,
      (
        "one prediction", "single_microseconds",
        { "in batches " + model.number("batch_microseconds", curve: $0) }
      ),
      (
        "out-of-distribution AUROC", "auroc",
        { model.curves[$0].ood.map { "against \($0.escaped)" } ?? "" }
      ),
    ]
    return entries.filter { model.has($0.key) }.map { entry in
      let values = model.curves.indices.map { curve in
        let color = model.curves.count > 1 ? " class=\"c\(curve % 4)\"" : ""
        let name =
          model.curves.count > 1
          ? "<span class=\"quiet\">\(model.curves[curve].label(among: model.curves).escaped)</span>"
          : ""
        return "<dd\(color)>\(name)<b>\(model.number(entry.key, curve: curve))</b>"
          + " <small>\(entry.detail(curve))</small></dd>"
      }
      return "<div><dt>\(entry.title)</dt>\(values.joined())</div>"
    }
  }
}
