import CBBBLibc

/// A labelled place on an axis.
package struct AxisTick: Equatable {
  /// 0 at the beginning of the axis, 1 at its end.
  package var position: Double
  package var label: String

  /// Creates a tick.
  package init(position: Double, label: String) {
    self.position = position
    self.label = label
  }
}

/// An axis of sparsity that widens towards 1: equal distances are equal factors of density.
///
/// The coordinate is −log₁₀(1 − sparsity), so that 0 %, 90 %, 99 % and 99.9 % are equally far apart.
/// Sparsity 1, which would be at infinity, is put a factor of two beyond the highest other one.
struct SparsityAxis {
  private let highestFinite: Double
  private let end: Double

  /// Percentages worth a label, in the order in which they get one where room is short.
  private static let labelled = [
    0, 100, 90, 99, 99.9, 99.99, 99.999, 50, 95, 99.5, 99.95, 99.995, 75, 98, 99.8, 99.98, 99.998,
  ]

  /// Spans an axis from 0 to the highest sparsity, at least to 50 %.
  ///
  /// - Parameter sparsities: The values to show, in 0...1.
  init(_ sparsities: [Double]) {
    highestFinite = sparsities.filter { $0 < 1 }.map(Self.coordinate).reduce(log10(2), max)
    end = sparsities.contains(1) ? highestFinite + log10(2) : highestFinite
  }

  private static func coordinate(_ sparsity: Double) -> Double { -log10(1 - sparsity) }

  /// The place of a sparsity: 0 at the beginning of the axis, 1 at its end.
  func position(of sparsity: Double) -> Double {
    (sparsity < 1 ? Self.coordinate(sparsity) : highestFinite + log10(2)) / end
  }

  /// The labels, in percent, by ascending position.
  ///
  /// - Parameter minimumDistance: How far apart labels must be at least, as a part of the axis.
  /// - Returns: The ticks that get a label.
  func ticks(minimumDistance: Double) -> [AxisTick] {
    var ticks: [AxisTick] = []
    for percent in Self.labelled {
      let position = position(of: percent / 100)
      guard position < 1 + 1e-9,
        ticks.allSatisfy({ abs($0.position - position) >= minimumDistance })
      else { continue }
      ticks.append(AxisTick(position: position, label: NumberText.trimmed(percent)))
    }
    return ticks.sorted { $0.position < $1.position }
  }
}
