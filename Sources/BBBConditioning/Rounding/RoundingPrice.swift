import CBBBLibc

/// What a bit of the file is worth, in nats of the outputs' divergence: the one number that decides which weights go, and how
/// coarsely the others are rounded.
public struct RoundingPrice: Hashable, Sendable {
  /// Nats per example and bit.
  public let natsPerBit: Double

  /// Creates a price; `nil` unless the number is positive and finite.
  ///
  /// - Parameter natsPerBit: Nats per example and bit.
  public init?(natsPerBit: Double) {
    guard natsPerBit > 0, natsPerBit.isFinite else { return nil }
    self.natsPerBit = natsPerBit
  }

  init(unchecked natsPerBit: Double) {
    self.natsPerBit = natsPerBit
  }

  /// What the removal of a weight may cost before anything is rounded.
  ///
  /// It saves more bits than that; rounding removes
  /// what is left of the others, and knows how many bits each takes.
  var removalLimit: Double { Self.bitsPerRemoval * natsPerBit }

  private static let bitsPerRemoval = 3.0

  /// The step of uniform levels at which one bit more is worth what it costs.
  ///
  /// Where a change d costs s d², a step Δ costs s Δ²/12, and one bit more halves the step: Δ² = 12 λ/(2 ln 2 · s). That is so of
  /// many levels; of few, most of the bits are for positions, and coarser ones are better.
  ///
  /// - Parameter sensitivity: s, the mean of nats per square.
  /// - Returns: The step.
  func step(forSensitivity sensitivity: Double) -> Double {
    Self.coarseness * (12 * natsPerBit / (2 * log(2.0) * sensitivity)).squareRoot()
  }

  private static let coarseness = 1.5
}
