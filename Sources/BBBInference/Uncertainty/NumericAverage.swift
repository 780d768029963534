/// The numbers that draws of the weights predict, put together.
///
/// Means and their variance are updated draw by draw (Welford 1962), which loses no digits where the draws differ by
/// little from each other.
struct NumericAverage {
  private let targetCount: Int
  private var means: [Double]
  /// Σ (m − mean)² over the draws.
  private var squaredDifferences: [Double]
  /// Σ n² over the draws; `nil` if the noise is not known.
  private var noiseVariances: [Double]?
  private var drawCount = 0

  /// Begins with the prediction of one draw.
  init(_ draw: NumericDistribution) {
    targetCount = draw.targetCount
    means = Array(repeating: 0, count: draw.means.count)
    squaredDifferences = means
    noiseVariances = draw.noiseDeviations.map { _ in Array(repeating: 0, count: draw.means.count) }
    add(draw)
  }

  /// Adds the prediction of one draw; sums are rounded, so that the order of draws matters in the last digits.
  mutating func add(_ draw: NumericDistribution) {
    precondition(draw.means.count == means.count, "a draw of other examples")
    drawCount += 1
    for (index, mean) in draw.means.enumerated() {
      let difference = mean - means[index]
      means[index] += difference / Double(drawCount)
      squaredDifferences[index] += difference * (mean - means[index])
    }
    guard let noise = draw.noiseDeviations else { return }
    for (index, deviation) in noise.enumerated() {
      noiseVariances?[index] += deviation * deviation
    }
  }

  /// The mixture's mean and variance: of N draws, a deviation from the weights is √(Σ (m − mean)²/N).
  var distribution: NumericDistribution {
    let count = Double(drawCount)
    return NumericDistribution(
      targetCount: targetCount, means: means,
      weightDeviations: squaredDifferences.map { ($0 / count).squareRoot() },
      noiseDeviations: noiseVariances?.map { ($0 / count).squareRoot() })
  }
}
