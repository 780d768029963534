import BBBEvaluation

/// A chart of the page: values against sparsity, in percent of a frame whose size the style sheet decides.
///
/// Lines are drawn in a stretched coordinate system and keep their width; labels and markers are placed in
/// percent and keep their size. So a chart fits every screen without a script.
struct ReportChart {
  /// The name in the page's code.
  let id: String
  let series: [ReportModel.Series]
  private let model: ReportModel
  private let measure: ReportMeasure
  /// What stands above it.
  private let caption: String
  private let isMain: Bool
  /// The lines that decide how far the axis reaches.
  private let scale: [ReportModel.Series]

  /// A chart of the curve that the page is about; `nil` if nothing was measured.
  init?(_ measure: ReportMeasure, of model: ReportModel) {
    self.init(
      id: measure.id, model: model, measure: measure, series: model.series(of: measure),
      caption: "<span class=\"name\">\(measure.title)</span>", isMain: measure.isError)
  }

  /// A chart of the errors of another curve beside that one's, with an axis that is the same for all.
  ///
  /// - Parameters:
  ///   - curve: The number of the curve.
  ///   - model: All curves.
  init?(comparing curve: Int, of model: ReportModel) {
    let measure: ReportMeasure =
      model.has(ReportMeasure.error.key) ? .error : .rootMeanSquaredError
    let exportKey = SweepColumn.exportPrefix + measure.key
    func line(_ curve: Int, _ key: String, _ label: String, dash: Int) -> ReportModel.Series {
      .init(curve: curve, key: key, label: label, color: curve, dash: dash)
    }
    var reference = line(
      ReportModel.lead, measure.key, model.curves[ReportModel.lead].label(among: model.curves),
      dash: 0)
    reference.isReference = true
    let name = model.curves[curve].label(among: model.curves)
    let own = line(curve, measure.key, model.has(exportKey, in: curve) ? "pruned" : name, dash: 0)
    self.init(
      id: "criterion-\(curve)", model: model, measure: measure,
      series: [reference, own]
        + (model.has(exportKey, in: curve) ? [line(curve, exportKey, "as exported", dash: 3)] : []),
      caption: "<span class=\"name \(own.classes)\">\(name.escaped)</span>",
      isMain: false,
      scale: model.curves.indices.map { line($0, measure.key, "", dash: 0) })
  }

  private init?(
    id: String, model: ReportModel, measure: ReportMeasure, series: [ReportModel.Series],
    caption: String, isMain: Bool, scale: [ReportModel.Series]? = nil
  ) {
    let scale = scale ?? series
    // Densities have negative costs, which an axis that begins at 0 cannot show; the tables have them.
    let isBelowZero = scale.contains { line in
      model.curves[line.curve].points.contains { (model.value(line.key, of: $0) ?? 0) < 0 }
    }
    guard !series.isEmpty, !isBelowZero else { return nil }
    self.id = id
    self.model = model
    self.measure = measure
    self.series = series
    self.caption = caption
    self.isMain = isMain
    self.scale = scale
  }

  private var factor: Double {
    measure.key == "bytes" ? 1 : model.formats[measure.key]?.factor ?? 1
  }

  /// A value as the axis counts it: downwards from 100 % where that is best.
  private func height(_ value: Double) -> Double {
    measure.isHighBest ? max(0, (1 - value) * factor) : value * factor
  }

  private func interval(_ point: SweepPoint) -> (low: Double, high: Double)? {
    let (low, high) = (point.pruned.errorLow, point.pruned.errorHigh)
    guard low.isFinite, high.isFinite else { return nil }
    return (low * factor, high * factor)
  }

  private typealias Place = (stop: Int, point: SweepPoint, value: Double)

  private func places(_ line: ReportModel.Series) -> [Place] {
    model.stops.indices.compactMap { stop in
      guard let point = model.point(line.curve, at: stop),
        let value = model.value(line.key, of: point), value >= 0
      else { return nil }
      return (stop, point, value)
    }
  }

  var html: String {
    let shown = scale.flatMap(places)
    let values = shown.map { height($0.value) }
    let bounds = isMain ? shown.compactMap { interval($0.point)?.high } : []
    let axis = ValueAxis(values, reaching: bounds, emptyEnd: measure.emptyEnd)
    func y(_ height: Double) -> Double {
      let position = axis.position(of: height)
      return 100 * (measure.isHighBest ? position : 1 - position)
    }

    var shapes: [String] = []
    var markers: [String] = []
    for line in series {
      let points = places(line)
      let outline = points.map { (x: model.stops[$0.stop].x, y: y(height($0.value))) }
      if isMain, line.key == measure.key {
        let ends = points.compactMap { entry in
          interval(entry.point).map {
            (x: model.stops[entry.stop].x, low: y($0.low), high: y($0.high))
          }
        }
        let band = ends.map { ($0.x, $0.high) } + ends.reversed().map { ($0.x, $0.low) }
        shapes.append("<polygon class=\"band \(line.classes)\" points=\"\(list(band))\"/>")
      }
      shapes.append(
        "<polyline class=\"line \(line.classes)\" points=\"\(list(outline.map { ($0.x, $0.y) }))\"/>"
      )
      guard !line.isReference else { continue }
      for (entry, place) in zip(points, outline) {
        let isOpen =
          measure.isError && line.key == measure.key
          && model.curves[line.curve].isSignificantlyWorse(entry.point)
        markers.append(
          "<use href=\"#marker\(line.marker)\" class=\"dot \(line.classes)\(isOpen ? " open" : "")"
            + "\(entry.stop == model.chosen ? " on" : "")\" data-stop=\"\(entry.stop)\""
            + " x=\"\(percentText(place.x))%\" y=\"\(percentText(place.y))%\"/>")
      }
    }
    return """
      <figure class="chart\(isMain ? " main" : "")" id="chart-\(id)">
      <figcaption>\(caption) \
      <span class="unit">\(measure.unit)\(axis.isLogarithmic && !measure.isHighBest ? ", log scale" : "")</span>
      <span class="now">\(current)</span></figcaption>
      <div class="plot" data-chart="\(id)" role="img" aria-label="\(description.escaped)">
      <svg class="frame" aria-hidden="true">
      \(grid(axis, values))
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      \(shapes.joined(separator: "\n"))
      </svg>
      \(cursor)
      \(markers.joined(separator: "\n"))
      </svg>
      </div>
      <p class="meaning">\(meaning)</p>
      </figure>
      """
  }

  /// What the values mean; of a curve that is compared, how far it goes.
  private var meaning: String {
    guard let line = series.first(where: { $0.curve != ReportModel.lead }) else {
      return measure.meaning
    }
    let summary = SweepVerdict.summary(of: model.curves[line.curve]).escaped
    return summary.prefix(1).uppercased() + summary.dropFirst() + "."
  }

  /// The values at the sparsity chosen.
  private var current: String {
    series.map { line in
      "<span class=\"\(line.classes)\">\(ReportLegend.key(line))"
        + (line.label.isEmpty ? "" : "<span class=\"quiet\">\(line.label.escaped)</span> ")
        + model.number(line.key, curve: line.curve) + "</span>"
    }.joined(separator: " ")
  }

  private var cursor: String {
    guard let x = model.stops.isEmpty ? nil : model.stops[model.chosen].x else { return "" }
    let place = "x1=\"\(percentText(x))%\" x2=\"\(percentText(x))%\" y1=\"0\" y2=\"100%\""
    return "<line class=\"cursor\" \(place)/>"
  }

  private func grid(_ axis: ValueAxis, _ values: [Double]) -> String {
    let label: (Double) -> String = { value in
      if measure.key == "bytes" { return NumberText.bytes(value) }
      return NumberText.tick(measure.isHighBest ? 100 - value : value)
    }
    let rows = axis.ticks(
      showing: values, minimumDistance: isMain ? 0.075 : 0.17, label: label
    ).map { tick in
      ReportGrid.row(
        tick.label, y: 100 * (measure.isHighBest ? tick.position : 1 - tick.position))
    }
    let columns = ReportGrid.columns(
      model.axis.ticks(minimumDistance: 0.055),
      wide: model.axis.ticks(minimumDistance: 0.13), place: ReportModel.x)
    return (rows + [columns]).joined(separator: "\n")
  }

  private var description: String {
    let parts = series.map { line -> String in
      let format = model.formats[line.key] ?? ReportFormat()
      func part(_ stop: Int) -> String? {
        guard let point = model.point(line.curve, at: stop) else { return nil }
        let value = model.value(line.key, of: point)
        return "\(format.text(value)) at \(model.stops[stop].text) sparsity"
      }
      let stops = Set([0, model.chosen, model.stops.count - 1]).sorted()
      return (line.label.isEmpty ? "" : line.label + ": ")
        + stops.compactMap(part).joined(separator: ", ")
    }
    let name = series.first { $0.curve != ReportModel.lead }.map {
      " by " + model.curves[$0.curve].label(among: model.curves)
    }
    return "\(measure.title) against sparsity\(name ?? ""). \(parts.joined(separator: "; "))."
  }

  private func list(_ places: [(Double, Double)]) -> String {
    places.map { "\(percentText($0.0)),\(percentText($0.1))" }.joined(separator: " ")
  }
}
