import BBBEvaluation

/// A chart of the page: values against sparsity, in percent of a frame whose size the style sheet decides.
///
/// Lines are drawn in a stretched coordinate system and keep their width; labels and markers are placed in
/// percent and keep their size. So a chart fits every screen without a script.
struct ReportChart {
  let model: ReportModel
  let measure: ReportMeasure
  let series: [ReportModel.Series]

  /// A chart; `nil` if nothing was measured.
  init?(_ measure: ReportMeasure, of model: ReportModel) {
    series = model.series(of: measure)
    // Densities have negative costs, which an axis that begins at 0 cannot show; the tables have them.
    let isBelowZero = series.contains { line in
      model.curves[line.curve].points.contains { (model.value(line.key, of: $0) ?? 0) < 0 }
    }
    guard !series.isEmpty, !isBelowZero else { return nil }
    self.model = model
    self.measure = measure
  }

  private var factor: Double {
    measure.key == "bytes" ? 1 : model.formats[measure.key]?.factor ?? 1
  }
  private var isMain: Bool { measure.isError }

  /// A value as the axis counts it: downwards from 100 % where that is best.
  private func height(_ value: Double) -> Double {
    measure.isHighBest ? max(0, (1 - value) * factor) : value * factor
  }

  private func interval(_ point: SweepPoint) -> (low: Double, high: Double)? {
    let (low, high) = (point.pruned.errorLow, point.pruned.errorHigh)
    guard low.isFinite, high.isFinite else { return nil }
    return (low * factor, high * factor)
  }

  var html: String {
    let points = series.map { line in
      model.stops.indices.compactMap { stop -> (stop: Int, point: SweepPoint, value: Double)? in
        guard let point = model.point(line.curve, at: stop),
          let value = model.value(line.key, of: point), value >= 0
        else { return nil }
        return (stop, point, value)
      }
    }
    let values = points.joined().map { height($0.value) }
    let bounds = isMain ? points.joined().compactMap { interval($0.point)?.high } : []
    let axis = ValueAxis(values, reaching: bounds, emptyEnd: measure.emptyEnd)
    func y(_ height: Double) -> Double {
      let position = axis.position(of: height)
      return 100 * (measure.isHighBest ? position : 1 - position)
    }

    var shapes: [String] = []
    var markers: [String] = []
    for (line, points) in zip(series, points) {
      let places = points.map { (x: model.stops[$0.stop].x, y: y(height($0.value))) }
      if isMain, line.key == measure.key {
        let ends = points.compactMap { entry in
          interval(entry.point).map {
            (x: model.stops[entry.stop].x, low: y($0.low), high: y($0.high))
          }
        }
        let outline = ends.map { ($0.x, $0.high) } + ends.reversed().map { ($0.x, $0.low) }
        shapes.append("<polygon class=\"band \(line.classes)\" points=\"\(list(outline))\"/>")
      }
      shapes.append(
        "<polyline class=\"line \(line.classes)\" points=\"\(list(places.map { ($0.x, $0.y) }))\"/>"
      )
      for (entry, place) in zip(points, places) {
        let isOpen =
          isMain && line.key == measure.key
          && model.curves[line.curve].isSignificantlyWorse(entry.point)
        markers.append(
          "<use href=\"#marker\(line.marker)\" class=\"dot \(line.classes)\(isOpen ? " open" : "")"
            + "\(entry.stop == model.chosen ? " on" : "")\" data-stop=\"\(entry.stop)\""
            + " x=\"\(percentText(place.x))%\" y=\"\(percentText(place.y))%\"/>")
      }
    }
    return """
      <figure class="chart\(isMain ? " main" : "")" id="chart-\(measure.id)">
      <figcaption><span class="name">\(measure.title)</span> \
      <span class="unit">\(measure.unit)\(axis.isLogarithmic && !measure.isHighBest ? ", log scale" : "")</span>
      <span class="now">\(current)</span></figcaption>
      <div class="plot" data-chart="\(measure.id)" role="img" aria-label="\(description.escaped)">
      <svg class="frame" aria-hidden="true">
      \(grid(axis, values, y))
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      \(shapes.joined(separator: "\n"))
      </svg>
      \(cursor)
      \(markers.joined(separator: "\n"))
      </svg>
      </div>
      <p class="meaning">\(measure.meaning)</p>
      </figure>
      """
  }

  /// The values at the sparsity chosen.
  private var current: String {
    series.map { line in
      "<span class=\"\(line.classes)\">\(ReportLegend.key(line))"
        + (line.label.isEmpty ? "" : "<span class=\"hidden\">\(line.label.escaped) </span>")
        + model.number(line.key, curve: line.curve) + "</span>"
    }.joined(separator: " ")
  }

  private var cursor: String {
    guard let x = model.stops.isEmpty ? nil : model.stops[model.chosen].x else { return "" }
    let place = "x1=\"\(percentText(x))%\" x2=\"\(percentText(x))%\" y1=\"0\" y2=\"100%\""
    return "<line class=\"cursor\" \(place)/>"
  }

  private func grid(_ axis: ValueAxis, _ values: [Double], _ y: (Double) -> Double) -> String {
    let label: (Double) -> String = { value in
      if measure.key == "bytes" { return NumberText.bytes(value) }
      return NumberText.trimmed(measure.isHighBest ? 100 - value : value)
    }
    let rows = axis.ticks(
      showing: values, minimumDistance: isMain ? 0.075 : 0.17, label: label
    ).map { tick in
      let place = percentText(100 * (measure.isHighBest ? tick.position : 1 - tick.position))
      return "<line class=\"grid\" x2=\"100%\" y1=\"\(place)%\" y2=\"\(place)%\"/>"
        + "<text class=\"row\" x=\"0\" y=\"\(place)%\" dx=\"-8\" dy=\"0.32em\">\(tick.label)</text>"
    }
    return (rows + [ReportChart.sparsityTicks(model.axis)]).joined(separator: "\n")
  }

  /// Labels of the horizontal axis; those that a narrow chart has no room for are of the class `fine`.
  static func sparsityTicks(_ axis: SparsityAxis) -> String {
    let coarse = Set(axis.ticks(minimumDistance: 0.13).map(\.label))
    return axis.ticks(minimumDistance: 0.055).map { tick in
      let x = percentText(ReportModel.x(tick.position))
      let fine = coarse.contains(tick.label) ? "" : " fine"
      return "<line class=\"grid\(fine)\" x1=\"\(x)%\" x2=\"\(x)%\" y2=\"100%\"/>"
        + "<text class=\"column\(fine)\" x=\"\(x)%\" y=\"100%\" dy=\"1.5em\">\(tick.label)</text>"
    }.joined(separator: "\n")
  }

  private var description: String {
    let parts = series.map { line -> String in
      let format = model.formats[line.key] ?? ReportFormat()
      func part(_ stop: Int) -> String? {
        guard let point = model.point(line.curve, at: stop) else { return nil }
        let value = model.value(line.key, of: point)
        return "\(format.text(value)) at"
          + " \(NumberText.trimmed(model.stops[stop].sparsity * 100)) % sparsity"
      }
      let stops = Set([0, model.chosen, model.stops.count - 1]).sorted()
      return (line.label.isEmpty ? "" : line.label + ": ")
        + stops.compactMap(part).joined(separator: ", ")
    }
    return "\(measure.title) against sparsity. \(parts.joined(separator: "; "))."
  }

  private func list(_ places: [(Double, Double)]) -> String {
    places.map { "\(percentText($0.0)),\(percentText($0.1))" }.joined(separator: " ")
  }
}
