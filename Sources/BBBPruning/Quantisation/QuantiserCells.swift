/// The numbers of a layer that are to be quantised, with what the posterior says of them.
struct QuantiserCells {
  /// μ.
  var means: [Double] = []
  /// σ, all positive.
  var deviations: [Double] = []
  /// The unit that each belongs to.
  var rows: [Int] = []
  /// The number of units.
  var rowCount: Int
  /// The number of places that a unit's numbers are chosen from: with their count it tells what a position costs.
  var placesPerRow: Int

  var count: Int { means.count }

  /// The standard deviation of a typical number worth keeping, in proportion to which steps are tried.
  var typicalDeviation: Double? {
    let certain = zip(means, deviations).filter { $0.magnitude >= $1 }.map(\.1)
    let sorted = (certain.isEmpty ? deviations : certain).sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }
}
