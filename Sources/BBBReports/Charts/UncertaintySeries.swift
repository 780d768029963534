import BBBEvaluation

/// The lines that show how good a network's uncertainty is: each way of predicting, for each curve.
enum UncertaintySeries {
  /// A way of predicting.
  enum Method: CaseIterable {
    case posteriorMean
    case monteCarlo
    case onePass

    var name: String {
      switch self {
      case .posteriorMean: "posterior mean"
      case .monteCarlo: "Monte Carlo"
      case .onePass: "one pass"
      }
    }

    func scores(_ point: SweepPoint) -> PredictionScores? {
      switch self {
      case .posteriorMean: point.scores
      case .monteCarlo: point.monteCarlo
      case .onePass: point.onePass
      }
    }
  }

  /// What is drawn of the scores.
  enum Measure: CaseIterable {
    case likelihood
    case calibration
    case brier
    case separation

    var title: String {
      switch self {
      case .likelihood: "NLL, nats"
      case .calibration: "ECE, %"
      case .brier: "Brier score"
      case .separation: "1 − AUROC, %"
      }
    }

    var emptyEnd: Double { self == .likelihood || self == .brier ? 0.01 : 1 }

    func value(_ scores: PredictionScores) -> Double? {
      switch self {
      case .likelihood: scores.nll
      case .calibration: scores.ece.map { $0 * 100 }
      case .brier: scores.brier
      // As an error, lower is better, as in the other diagrams.
      case .separation: scores.auroc.map { (1 - $0) * 100 }
      }
    }
  }

  /// The ways in which points were predicted; none if there is nothing to compare.
  static func methods(of curves: [SweepCurve]) -> [Method] {
    let points = curves.flatMap(\.points)
    let methods = Method.allCases.filter { method in
      points.contains { method.scores($0) != nil }
    }
    let isSeparated = points.contains { $0.scores.auroc != nil }
    return methods.count > 1 || isSeparated ? methods : []
  }

  /// The lines of one measure.
  static func series(of curves: [SweepCurve], _ measure: Measure) -> [SweepSeries] {
    entries(of: curves).map { entry in
      SweepSeries(curve: entry.curve, style: entry.style) { point in
        entry.method.scores(point).flatMap(measure.value)
      }
    }.filter { line in
      let values = line.plottedPoints.map(\.value)
      // Densities have negative costs, which an axis that begins at 0 cannot show; the table has them.
      return !values.isEmpty && values.allSatisfy { $0 >= 0 }
    }
  }

  /// Draws what tells the ways of predicting apart, each line of which is drawn in the colour of its curve.
  ///
  /// - Parameters:
  ///   - curves: What is drawn.
  ///   - top: What it stands below.
  ///   - canvas: What to draw on.
  /// - Returns: The y of the last row; that of `top` if there is one way only.
  static func drawLegend(
    of curves: [SweepCurve], from top: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let methods = methods(of: curves)
    guard methods.count > 1 else { return top }
    return SVGLegend.draw(
      methods.enumerated().map { index, method in
        SVGLegend.Entry(
          label: method.name,
          style: curves.count > 1
            ? SVGSeriesStyle.neutral.drawn(forMethod: index) : SVGSeriesStyle(index: index),
          hasMarkers: curves.count == 1)
      }, from: top + 40, on: &canvas)
  }

  /// What the line of a curve's posterior means looks like.
  ///
  /// - Parameter index: The number of the curve.
  /// - Returns: A continuous line.
  static func style(ofCurve index: Int) -> SVGSeriesStyle {
    SVGSeriesStyle(index: index).drawn(forMethod: 0)
  }

  /// One curve's lines differ in all respects; those of several by colour and marker, and the ways of predicting by dashes.
  private static func entries(
    of curves: [SweepCurve]
  ) -> [(curve: SweepCurve, method: Method, style: SVGSeriesStyle)] {
    let methods = methods(of: curves)
    return curves.enumerated().flatMap { curveIndex, curve in
      methods.enumerated().map { index, method in
        (
          curve, method,
          curves.count > 1
            ? SVGSeriesStyle(index: curveIndex).drawn(forMethod: index)
            : SVGSeriesStyle(index: index)
        )
      }
    }
  }
}
