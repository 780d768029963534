/// Bins of equal width; five of them are a row of a table, whose places are round numbers.
package struct HistogramBins: Equatable, Sendable {
  /// The ends of the bins, ascending, one more than there are bins; bin i is edges[i] ..< edges[i + 1].
  package let edges: [Double]
  /// The width of a row.
  package let rowStep: DecimalStep
  /// The multiple of the step at which the first row begins, or in the middle of which it lies.
  package let firstRow: Int

  package static let binsPerRow = 5
  /// No bins, for lack of values to put into them.
  static let none = HistogramBins(
    edges: [], rowStep: DecimalStep(mantissa: 1, exponent: 0), firstRow: 0)

  /// Where the first bin begins and the last one ends; `nil` if there are none.
  package var ends: ClosedRange<Double>? {
    guard count > 0 else { return nil }
    return edges[0]...edges[count]
  }
  /// The number of bins.
  package var count: Int { max(0, edges.count - 1) }
  package var rowCount: Int { count / Self.binsPerRow }
  /// The width of a bin.
  var width: Double { rowStep.fifth.value(1) }

  /// Rows that begin at multiples of their width.
  ///
  /// - Parameters:
  ///   - values: The lowest and the highest value to hold.
  ///   - smallestStep: The least width of a row.
  ///   - mostRows: How many rows there may be; at least 2.
  /// - Returns: Rows that hold both values.
  static func covering(
    _ values: ClosedRange<Double>, smallestStep: Double, mostRows: Int
  ) -> HistogramBins {
    let span = max(values.upperBound - values.lowerBound, smallestStep)
    func rows(_ step: DecimalStep) -> Range<Int> {
      let first = Int((values.lowerBound / step.value(1)).rounded(.down))
      let last = Int((values.upperBound / step.value(1)).rounded(.down))
      return first..<last + 1
    }
    let candidates = DecimalStep.candidates(around: span)
    let step =
      candidates.first { $0.value(1) >= smallestStep && rows($0).count <= mostRows }
      ?? candidates[candidates.count - 1]
    let row = rows(step)
    let places = binsPerRow * row.lowerBound...binsPerRow * row.upperBound
    return HistogramBins(
      edges: places.map(step.fifth.value), rowStep: step, firstRow: row.lowerBound)
  }

  /// Rows around multiples of their width, as many on either side of 0.
  ///
  /// - Parameters:
  ///   - reach: A positive number that the rows reach to on either side.
  ///   - mostRows: How many rows there may be; at least 5.
  /// - Returns: Rows that hold all numbers of at most that magnitude.
  static func around(zeroTo reach: Double, mostRows: Int) -> HistogramBins {
    func side(_ step: DecimalStep) -> Int {
      Int(max(0, (reach / step.value(1) - 0.5).rounded(.up)))
    }
    let candidates = DecimalStep.candidates(around: reach)
    let step =
      candidates.first { 2 * side($0) + 1 <= mostRows } ?? candidates[candidates.count - 1]
    let binsPerSide = binsPerRow * side(step) + binsPerRow / 2
    let places = stride(from: -2 * binsPerSide - 1, through: 2 * binsPerSide + 1, by: 2)
    return HistogramBins(
      edges: places.map(step.fifth.half.value), rowStep: step, firstRow: -side(step))
  }

  /// The bin of a value; -1 if the value lies below all, ``count`` if it lies above.
  func index(of value: Double) -> Int {
    guard let first = edges.first, value >= first else { return -1 }
    guard let last = edges.last, value < last else { return count }
    var index = min(Int((value - first) / width), count - 1)
    // The quotient is rounded; the edges decide.
    while value < edges[index] { index -= 1 }
    while value >= edges[index + 1] { index += 1 }
    return index
  }

  /// The sums over the bins of each row.
  package func rowSums<Value: AdditiveArithmetic>(_ values: [Value]) -> [Value] {
    (0..<rowCount).map { row in
      values[row * Self.binsPerRow..<(row + 1) * Self.binsPerRow].reduce(.zero, +)
    }
  }
}
