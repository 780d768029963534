import BBBEvaluation

/// What every part of the page draws on: the points by sparsity, and how each value is found and shown.
struct ReportModel {
  /// A sparsity that can be chosen.
  struct Stop: Encodable {
    var sparsity: Double
    /// The sparsity as the page shows it.
    var text: String
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
    /// Whether it is drawn without markers, to compare with.
    var isReference = false

    /// The classes that its elements have.
    var classes: String { isReference ? "reference" : "\(ReportModel.colorClass(color)) d\(dash)" }
    var marker: Int { color % SVGSeriesStyle.Marker.allCases.count }
  }

  /// The number of the curve that the page is about: the first one asked for.
  static let lead = 0

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
        sparsity: sparsity, text: ReportMeasure.sparsityFormat.text(sparsity),
        x: Self.x(axis.position(of: sparsity)),
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

  /// The curve that the page is about; `nil` if there is none.
  var leadCurve: SweepCurve? { curves.first }

  /// The class that gives an element the colour of a curve.
  static func colorClass(_ index: Int) -> String { "c\(index % SVGSeriesStyle.colors.count)" }

  /// The horizontal place in percent, which begins beside the frame, lest markers hide it.
  static func x(_ position: Double) -> Double { 2 + 96 * position }

  /// The point of a curve at a stop.
  func point(_ curve: Int, at stop: Int) -> SweepPoint? {
    guard stops.indices.contains(stop), stops[stop].points.indices.contains(curve) else {
      return nil
    }
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
    curves.indices.contains(curve) && curves[curve].points.contains { value(key, of: $0) != nil }
  }

  /// The lines of a chart of the curve that the page is about; those of which nothing was measured are left out.
  func series(of measure: ReportMeasure) -> [Series] {
    let exportKey = SweepColumn.exportPrefix + measure.key
    let hasExport = measure.showsExport && has(exportKey, in: Self.lead)
    let hasMethod = methods.count > 1 && measure.isPredicted
    let predictions = methods.enumerated().compactMap { number, method -> Series? in
      guard measure.isPredicted || method == .posteriorMean else { return nil }
      let key = method.prefix + measure.key
      guard has(key, in: Self.lead) else { return nil }
      return Series(
        curve: Self.lead, key: key, label: hasMethod ? method.name : hasExport ? "pruned" : "",
        color: number, dash: number)
    }
    let export = Series(
      curve: Self.lead, key: exportKey, label: "as exported", color: 0, dash: 3)
    return predictions + (hasExport ? [export] : [])
  }

  /// What the page's script shows of each point of each curve, without units, by the name of the format.
  var texts: [String: [[String]]] {
    Dictionary(
      uniqueKeysWithValues: formats.filter { has($1.key ?? $0) }.map { name, format in
        (
          name,
          curves.map { $0.points.map { format.number(value(format.key ?? name, of: $0)) } }
        )
      })
  }

  /// A number that the page's script changes with the sparsity: as text, and exactly.
  ///
  /// - Parameters:
  ///   - name: The name of the format, which is the key of the value if the format names none; the sparsity is the
  ///     stop's, also where the curve has no point.
  ///   - curve: The index of the curve.
  ///   - withUnit: Whether the unit stands behind it.
  /// - Returns: An element.
  func number(_ name: String, curve: Int, withUnit: Bool = true) -> String {
    let format = formats[name] ?? ReportFormat()
    let key = format.key ?? name
    let value =
      key == "sparsity" && stops.indices.contains(chosen)
      ? stops[chosen].sparsity : value(key, of: point(curve, at: chosen))
    return "<data data-curve=\"\(curve)\" data-key=\"\(key)\""
      + (format.key == nil ? "" : " data-format=\"\(name)\"")
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
