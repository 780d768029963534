import BBBDatasets

/// What two networks say about the noisy curve, where they have seen it and where they have not.
public struct RegressionResult: Sendable {
  /// What a method says.
  public struct Prediction: Sendable {
    /// The method.
    public let method: RegressionExperiment.Method
    /// For each place the quartiles over draws of the weights; of a plain network they are one.
    public let quartiles: [Quartiles]
  }

  /// What decided the result.
  public let settings: RegressionExperiment.Settings
  /// What was learned from.
  public let examples: (x: [Double], y: [Double])
  /// Where the predictions are made, ascending.
  public let x: [Double]
  /// What each method says there.
  public let predictions: [Prediction]

  /// How wide a method's bands are, and how far its medians are from the curve.
  public struct Width: Sendable {
    /// The mean interquartile range where the data are.
    public let inside: Double
    /// The mean interquartile range elsewhere.
    public let outside: Double
    /// The root mean square distance of the median from the curve without noise, where the data are.
    public let errorInside: Double
    /// The same elsewhere.
    public let errorOutside: Double

    /// How many times wider the bands are where there are no data; `nil` if there are no bands.
    public var ratio: Double? { inside > 0 ? outside / inside : nil }
  }

  /// The widths of a method's bands.
  ///
  /// - Parameter prediction: What the method says.
  /// - Returns: The means over the places inside and outside the range of the data.
  public func width(of prediction: Prediction) -> Width {
    let range = settings.start...settings.end
    func mean(_ isInside: Bool, _ value: (Double, Quartiles) -> Double) -> Double {
      let values = zip(x, prediction.quartiles).filter { range.contains($0.0) == isInside }
        .map(value)
      return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
    func squaredError(_ x: Double, _ quartiles: Quartiles) -> Double {
      let error = quartiles.median - NoisyCurve.value(at: x, noise: 0)
      return error * error
    }
    return Width(
      inside: mean(true) { $1.width }, outside: mean(false) { $1.width },
      errorInside: mean(true, squaredError).squareRoot(),
      errorOutside: mean(false, squaredError).squareRoot())
  }
}
