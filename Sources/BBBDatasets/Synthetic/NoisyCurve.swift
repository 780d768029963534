import BBBKernels
import BBBTensors
import CBBBLibc

/// The curve that the regression is about (Blundell and others 2015, section 5.2):
/// y = x + 0.3 sin(2π(x + ε)) + 0.3 sin(4π(x + ε)) + ε with ε ~ N(0, 0.02²).
public enum NoisyCurve {
  /// The standard deviation of ε: the paper's "N(0, 0.02)" taken as it is by those who repeated it.
  public static let deviation = 0.02

  /// Where the paper's data lie.
  public static let dataRange = 0...0.5

  /// A point of the curve.
  ///
  /// - Parameters:
  ///   - x: The place.
  ///   - noise: ε, the same wherever it stands in the formula.
  /// - Returns: y.
  public static func value(at x: Double, noise: Double) -> Double {
    x + 0.3 * sin(2 * .pi * (x + noise)) + 0.3 * sin(4 * .pi * (x + noise)) + noise
  }

  /// Points of the curve at random places.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - range: Where.
  ///   - seed: Which.
  /// - Returns: Places and values.
  public static func examples(
    count: Int, in range: ClosedRange<Double>, seed: UInt64
  ) -> (x: [Double], y: [Double]) {
    var random = SplitMix64(seed: seed)
    var x: [Double] = []
    var y: [Double] = []
    for _ in 0..<count {
      let place =
        range.lowerBound + (range.upperBound - range.lowerBound) * random.nextUniform()
      x.append(place)
      y.append(value(at: place, noise: deviation * random.nextGaussian()))
    }
    return (x, y)
  }
}

extension SplitMix64 {
  /// A standard normal number (Box and Muller 1958), with tails that the cheaper ones of drawings lack.
  fileprivate mutating func nextGaussian() -> Double {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return radius * cos(2 * .pi * nextUniform())
  }
}
