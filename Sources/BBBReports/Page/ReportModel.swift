import BBBEvaluation

/// What every part of the page draws on: the points by sparsity, and how each value is found and shown.
struct ReportModel {
  /// A sparsity that can be chosen.
  struct Stop: Encodable {
    var sparsity: Double
    /// The place on the horizontal axis, in percent of its length.
    var x: Double
    /// For each curve the index of its point; `nil` if it has none here.
    var points: [Int?]
  }

  /// A line of a chart.
  struct Series: Encodable {
    var curve: Int
    var key: String
    var label: String
    /// Which colour and marker it has.
    var color: Int
    /// Which dashes it has.
    var dash: Int
    /// Whether it is that of the file that an export writes by default.
    var isExport = false

    /// The classes that its elements have.
    var classes: String { "c\(color % 4) d\(dash)" }
    var marker: Int { color % SVGSeriesStyle.Marker.allCases.count }
  }

  let curves: [SweepCurve]
  let stops: [Stop]
  let axis: SparsityAxis
  let formats = ReportMeasure.formats
  /// The index of the stop that the page opens with.
  let chosen: Int
  /// The ways of predicting that were measured.
  let methods: [UncertaintySeries.Method]
  private let columns: [String: SweepColumn]

  init(_ curves: [SweepCurve]) {
    self.curves = curves
    let points = curves.flatMap(\.points)
    let sparsities = Set(points.map(\.sparsity).filter { 0...1 ~= $0 }).sorted()
    let axis = SparsityAxis(sparsities)
    stops = sparsities.map { sparsity in
      Stop(
        sparsity: sparsity, x: Self.x(axis.position(of: sparsity)),
        points: curves.map { $0.points.firstIndex { $0.sparsity == sparsity } })
    }
    self.axis = axis
    columns = Dictionary(
      SweepColumn.columns(for: points).map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    let best = curves.lazy.compactMap(\.recommendation).first
    chosen = best.flatMap { sparsities.firstIndex(of: $0.sparsity) } ?? 0
    methods = UncertaintySeries.Method.allCases.filter { method in
      method == .posteriorMean || points.contains { method.scores($0) != nil }
    }
  }

  /// The horizontal place in percent, which begins beside the frame, lest markers hide it.
  static func x(_ position: Double) -> Double { 2 + 96 * position }

  /// The point of a curve at a stop.
  func point(_ curve: Int, at stop: Int) -> SweepPoint? {
    guard stops.indices.contains(stop) else { return nil }
    return stops[stop].points[curve].map { curves[curve].points[$0] }
  }

  /// The value under a key of the JSON.
  func value(_ key: String, of point: SweepPoint?) -> Double? {
    guard let point, let column = columns[key] else { return nil }
    return switch column.value(point) {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .flag, .missing: nil
    }
  }

  /// Whether some point has a value under a key.
  func has(_ key: String) -> Bool { curves.indices.contains { has(key, in: $0) } }

  /// Whether some point of a curve has a value under a key.
  func has(_ key: String, in curve: Int) -> Bool {
    curves[curve].points.contains { value(key, of: $0) != nil }
  }

  /// The lines of a chart; those of which nothing was measured are left out.
  func series(of measure: ReportMeasure) -> [Series] {
    curves.enumerated().flatMap { index, curve in
      predictions(of: measure, index, curve)
        + (export(of: measure, index, curve).map { [$0] } ?? [])
    }
  }

  private func predictions(
    of measure: ReportMeasure, _ index: Int, _ curve: SweepCurve
  ) -> [Series] {
    methods.enumerated().compactMap { number, method -> Series? in
      guard measure.isPredicted || method == .posteriorMean else { return nil }
      let key = method.prefix + measure.key
      guard has(key, in: index) else { return nil }
      let hasCriterion = curves.count > 1
      let hasMethod = methods.count > 1 && measure.isPredicted
      let names =
        (hasCriterion ? [curve.label(among: curves)] : []) + (hasMethod ? [method.name] : [])
      return Series(
        curve: index, key: key, label: names.joined(separator: ", "),
        color: hasCriterion ? index : number, dash: number)
    }
  }

  /// The line of the files that an export writes by default, in the colour of the curve.
  private func export(of measure: ReportMeasure, _ index: Int, _ curve: SweepCurve) -> Series? {
    let key = SweepColumn.exportPrefix + measure.key
    guard measure.showsExport, has(key, in: index) else { return nil }
    let names = (curves.count > 1 ? [curve.label(among: curves)] : []) + ["as exported"]
    return Series(
      curve: index, key: key, label: names.joined(separator: ", "),
      color: curves.count > 1 ? index : 0, dash: 3, isExport: true)
  }

  /// A number that the page's script changes with the sparsity: as text, and exactly.
  ///
  /// - Parameters:
  ///   - key: The key; the sparsity is the stop's, also where the curve has no point.
  ///   - curve: The index of the curve.
  ///   - name: The key of another format than the value's own, if any.
  ///   - withUnit: Whether the unit stands behind it.
  /// - Returns: An element.
  func number(
    _ key: String, curve: Int, format name: String? = nil, withUnit: Bool = true
  ) -> String {
    let value =
      key == "sparsity" && stops.indices.contains(chosen)
      ? stops[chosen].sparsity : value(key, of: point(curve, at: chosen))
    let format = formats[name ?? key] ?? ReportFormat()
    return "<data data-curve=\"\(curve)\" data-key=\"\(key)\""
      + (name.map { " data-format=\"\($0)\"" } ?? "")
      + (withUnit ? "" : " data-bare=\"\"")
      + " value=\"\(value.map { "\($0)" } ?? "")\">"
      + (withUnit ? format.text(value) : format.number(value)).escaped + "</data>"
  }
}

extension String {
  /// The text as HTML and XML hold it, in elements and in quoted attributes.
  var escaped: String { SVGCanvas.escaped(self) }
}

/// A place or length in percent, as attributes hold it.
func percentText(_ value: Double) -> String { NumberText.trimmed((value * 100).rounded() / 100) }
