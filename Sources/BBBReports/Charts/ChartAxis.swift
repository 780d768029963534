/// An axis of a chart: where values are, and which places have a label.
package struct ChartAxis: Sendable {
  /// What it counts.
  package let title: String
  /// The labelled places, by ascending position.
  package let ticks: [AxisTick]
  private let ends: ClosedRange<Double>
  private let place: @Sendable (Double) -> Double

  /// An axis between two values, with labels at equal distances.
  ///
  /// - Parameters:
  ///   - title: What it counts.
  ///   - low: Where it begins.
  ///   - high: Where it ends.
  ///   - step: The distance of labels.
  package init(_ title: String, from low: Double, to high: Double, step: Double) {
    let count = max(1, Int(((high - low) / step).rounded()))
    self.title = title
    ticks = (0...count).map { number in
      AxisTick(
        position: Double(number) / Double(count),
        label: NumberText.trimmed(low + Double(number) * step))
    }
    ends = low...high
    place = { ($0 - low) / (high - low) }
  }

  /// An axis of values that are not negative, from 0 or logarithmic; what is below its beginning is drawn there.
  ///
  /// - Parameters:
  ///   - title: What it counts, beside the scale.
  ///   - axis: The axis.
  ///   - values: The values it shows, to tell whether its beginning stands for 0.
  ///   - minimumDistance: How far apart labels must be at least, as a part of the axis.
  ///   - label: The text for a value.
  package init(
    _ title: String, _ axis: ValueAxis, showing values: [Double] = [], minimumDistance: Double,
    label: (Double) -> String = NumberText.tick
  ) {
    self.title = title + (axis.isLogarithmic ? " (log scale)" : "")
    ticks = axis.ticks(showing: values, minimumDistance: minimumDistance, label: label)
    ends = (axis.tickValues.first ?? 0)...(axis.tickValues.last ?? 0)
    place = { axis.position(of: $0) }
  }

  /// An axis of sparsity, which widens towards 1.
  ///
  /// - Parameters:
  ///   - title: What it counts.
  ///   - axis: The axis.
  ///   - minimumDistance: How far apart labels must be at least, as a part of the axis.
  init(_ title: String, _ axis: SparsityAxis, minimumDistance: Double) {
    self.title = title
    ticks = axis.ticks(minimumDistance: minimumDistance)
    ends = 0...1
    place = { axis.position(of: $0) }
  }

  /// An axis whose values are parts of its length.
  ///
  /// - Parameters:
  ///   - title: What it counts.
  ///   - ticks: Its labels.
  package init(_ title: String, ticks: [AxisTick]) {
    self.title = title
    self.ticks = ticks
    ends = 0...1
    place = { $0 }
  }

  /// Whether a value lies between the ends.
  package func reaches(_ value: Double) -> Bool { ends.contains(value) }

  /// The end of the axis that a value lies beyond.
  func end(before value: Double) -> Double {
    value < ends.lowerBound ? ends.lowerBound : ends.upperBound
  }

  /// The place of a value: 0 at the beginning, 1 at the end; values beyond are put there.
  package func position(of value: Double) -> Double { min(max(place(value), 0), 1) }
}
