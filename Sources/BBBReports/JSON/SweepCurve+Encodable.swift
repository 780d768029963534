import BBBEvaluation

extension SweepCurve: Encodable {
  private enum CodingKeys: String, CodingKey {
    case checkpoint, convention, criterion, dataset, weights, tolerance, samples, seed, ood,
      calibration, assumptions, points
  }

  /// Writes what was swept and the points; what a sweep did without, such as draws, has no key.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(checkpoint, forKey: .checkpoint)
    try container.encode(convention, forKey: .convention)
    try container.encode(criterion, forKey: .criterion)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(weights, forKey: .weights)
    try container.encode(tolerance, forKey: .tolerance)
    try container.encodeIfPresent(samples, forKey: .samples)
    try container.encodeIfPresent(seed, forKey: .seed)
    try container.encodeIfPresent(ood, forKey: .ood)
    try container.encodeIfPresent(calibration, forKey: .calibration)
    try container.encode(assumptions, forKey: .assumptions)
    try container.encode(points, forKey: .points)
  }
}

extension SweepCurve.Calibration: Encodable {
  private enum CodingKeys: String, CodingKey { case name, count }

  /// Writes what the examples are called, and how many there were.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(count, forKey: .count)
  }
}
