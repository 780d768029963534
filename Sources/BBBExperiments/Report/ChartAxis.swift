import BBBReports

/// An axis of a chart: where values are, and which have a label.
struct ChartAxis {
  /// The labelled places, ascending; the first at 0, the last at 1.
  let ticks: [AxisTick]
  private let ends: ClosedRange<Double>
  private let place: @Sendable (Double) -> Double

  /// An axis between two values, with labels at equal distances.
  ///
  /// - Parameters:
  ///   - low: Where it begins.
  ///   - high: Where it ends.
  ///   - step: The distance of labels.
  init(from low: Double, to high: Double, step: Double) {
    let count = Int(((high - low) / step).rounded())
    ticks = (0...max(1, count)).map { number in
      AxisTick(
        position: Double(number) / Double(max(1, count)),
        label: NumberText.trimmed(low + Double(number) * step))
    }
    ends = low...high
    place = { ($0 - low) / (high - low) }
  }

  /// An axis of counts and sums, from 0 or logarithmic.
  ///
  /// - Parameters:
  ///   - axis: The axis.
  ///   - minimumDistance: How far apart labels must be at least, as a part of the axis.
  init(_ axis: ValueAxis, minimumDistance: Double) {
    ticks = axis.ticks(showing: [], minimumDistance: minimumDistance) { value in
      value < 1e15 ? NumberText.grouped(Int(value.rounded())) : "\(value)"
    }
    // A sum below the first label is drawn at the beginning.
    ends = -.greatestFiniteMagnitude...(axis.tickValues.last ?? .greatestFiniteMagnitude)
    place = { axis.position(of: $0) }
  }

  /// Whether a value is on the axis.
  func reaches(_ value: Double) -> Bool { ends.contains(value) }

  /// The end of the axis that a value lies beyond.
  func end(before value: Double) -> Double {
    value < ends.lowerBound ? ends.lowerBound : ends.upperBound
  }

  /// The place of a value: 0 at the beginning, 1 at the end; values beyond are put there.
  func position(of value: Double) -> Double { min(max(place(value), 0), 1) }
}
