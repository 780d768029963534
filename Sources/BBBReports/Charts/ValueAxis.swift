import CBBBLibc

/// An axis of values that are not negative: logarithmic if they span a factor of 10, else from 0.
package struct ValueAxis {
  /// What distances stand for.
  package enum Scale {
    /// Factors if the values span one of 10, else differences.
    case automatic
    /// Differences.
    case linear
  }

  /// Whether equal distances are equal factors.
  package let isLogarithmic: Bool
  /// The values that get a tick, ascending; the first is at the beginning, the last at the end.
  ///
  /// On a logarithmic axis that must show 0 too, the first stands for 0.
  package let tickValues: [Double]

  /// Spans an axis.
  ///
  /// - Parameters:
  ///   - values: What to show, finite and not negative.
  ///   - bounds: What the axis should reach up to as well, such as the ends of intervals.
  ///   - emptyEnd: Where the axis ends if every value is 0.
  ///   - scale: What distances stand for.
  package init(
    _ values: [Double], reaching bounds: [Double] = [], emptyEnd: Double,
    scale: Scale = .automatic
  ) {
    let lowest = values.filter { $0 > 0 }.min() ?? 0
    let highest = (values + bounds).max() ?? 0
    isLogarithmic =
      scale == .automatic && lowest > 0 && (values.max() ?? 0) >= 10 * lowest
    if isLogarithmic {
      tickValues = Self.logarithmicTicks(lowest, highest, hasZero: values.contains(0))
    } else {
      tickValues = Self.linearTicks(to: highest > 0 ? highest : emptyEnd)
    }
  }

  /// 1, 2 and 5 times the power of ten.
  private static func steps(_ exponent: Int) -> [Double] {
    let power = exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
    return [power, 2 * power, 5 * power]
  }

  private static func linearTicks(to highest: Double) -> [Double] {
    let exponent = Int(log10(highest).rounded(.down))
    let candidates = steps(exponent - 1) + steps(exponent)
    let step = candidates.first { $0 * 5 >= highest } ?? highest
    let count = Int((highest / step - 1e-9).rounded(.up))
    return (0...count).map { Double($0) * step }
  }

  private static func logarithmicTicks(
    _ lowest: Double, _ highest: Double, hasZero: Bool
  ) -> [Double] {
    let exponents = (Int(log10(lowest).rounded(.down)) - 1)...Int(log10(highest).rounded(.up))
    let ladder = exponents.flatMap(steps)
    let reached = (ladder.lastIndex { $0 <= lowest * (1 + 1e-9) } ?? 0) - (hasZero ? 1 : 0)
    let start = max(reached, 0)
    let end = ladder.firstIndex { $0 >= highest * (1 - 1e-9) } ?? ladder.count - 1
    return Array(ladder[start...end])
  }

  /// The place of a value: 0 at the beginning of the axis, 1 at its end; values beyond are put there.
  package func position(of value: Double) -> Double {
    guard let first = tickValues.first, let last = tickValues.last, first < last else { return 0 }
    let position =
      isLogarithmic
      ? (value > 0 ? log10(value / first) / log10(last / first) : 0)
      : (value - first) / (last - first)
    return min(max(position, 0), 1)
  }

  /// Whether a value lies between the ends.
  func reaches(_ value: Double) -> Bool {
    guard let first = tickValues.first, let last = tickValues.last else { return false }
    return first...last ~= value
  }

  /// The labels by ascending position; both ends have one.
  ///
  /// - Parameters:
  ///   - values: The values the axis shows, to tell whether its beginning stands for 0.
  ///   - minimumDistance: How far apart labels must be at least, as a part of the axis.
  ///   - label: The text for a value.
  /// - Returns: The ticks that get a label.
  package func ticks(
    showing values: [Double], minimumDistance: Double, label: (Double) -> String
  ) -> [AxisTick] {
    var ticks: [AxisTick] = []
    // The ends first, then powers of ten, then the rest.
    let ends = [tickValues.first, tickValues.last].compactMap { $0 }
    let inner = tickValues.dropFirst().dropLast()
    let isPower = { (value: Double) in
      !isLogarithmic || abs(log10(value) - log10(value).rounded()) < 1e-9
    }
    for value in ends + inner.filter(isPower) + inner.filter({ !isPower($0) }) {
      let position = position(of: value)
      guard ticks.allSatisfy({ abs($0.position - position) >= minimumDistance }) else { continue }
      let standsForZero = isLogarithmic && position == 0 && values.contains(0)
      ticks.append(AxisTick(position: position, label: label(standsForZero ? 0 : value)))
    }
    return ticks.sorted { $0.position < $1.position }
  }
}
