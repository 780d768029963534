import CBBBLibc

/// The standard normal distribution's cumulative function Φ, from a table.
///
/// Many times faster than `erfc`, and wrong by less than 1e-9: between the table's places it is the
/// cubic that has the value and the slope of Φ at both (error ≤ h⁴/384 · max |Φ⁗|, h = 1/64).
struct NormalDistribution: Sendable {
  /// Beyond this, Φ is 0 or 1 to double precision.
  static let reach = 8.5
  static let standard = NormalDistribution()

  private static let placesPerUnit = 64.0
  /// Φ, and its slope over the distance of two places, from -``reach`` on.
  private let places: [(value: Double, slope: Double)]

  private init() {
    let count = Int(2 * Self.reach * Self.placesPerUnit) + 1
    places = (0..<count).map { index in
      let z = Double(index) / Self.placesPerUnit - Self.reach
      return (
        0.5 * erfc(-z / 2.0.squareRoot()),
        exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() / Self.placesPerUnit
      )
    }
  }

  /// The probability of a value up to `z`.
  @inline(__always)
  func cumulative(_ z: Double) -> Double {
    guard z > -Self.reach else { return 0 }
    guard z < Self.reach else { return 1 }
    let place = (z + Self.reach) * Self.placesPerUnit
    let index = min(Int(place), places.count - 2)
    let t = place - Double(index)
    let (left, right) = (places[index], places[index + 1])
    let rise = right.value - left.value
    // Hermite's cubic in the form a + t (b + t (c + t d)).
    let c = 3 * rise - 2 * left.slope - right.slope
    let d = left.slope + right.slope - 2 * rise
    return left.value + t * (left.slope + t * (c + t * d))
  }
}
