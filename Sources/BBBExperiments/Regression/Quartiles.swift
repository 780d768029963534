/// The three values that cut a sample into quarters.
public struct Quartiles: Equatable, Sendable {
  /// A quarter of the sample lies below.
  public let lower: Double
  /// Half of the sample lies below.
  public let median: Double
  /// Three quarters of the sample lie below.
  public let upper: Double

  /// The interquartile range: the width of the band that holds half of the sample.
  public var width: Double { upper - lower }

  /// Finds the quartiles of a sample: between two order statistics their values are interpolated
  /// (Hyndman and Fan 1996, definition 7, which is NumPy's and R's).
  ///
  /// - Parameter sample: At least one number, in any order, all finite.
  public init(of sample: [Double]) {
    precondition(!sample.isEmpty, "quartiles of nothing")
    let sorted = sample.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    lower = quantile(0.25)
    median = quantile(0.5)
    upper = quantile(0.75)
  }
}
