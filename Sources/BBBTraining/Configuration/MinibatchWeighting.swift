/// How the complexity cost is shared out among the M minibatches of an epoch; the shares sum to 1.
public enum MinibatchWeighting: String, CaseIterable, Codable, Sendable {
  /// 1 / M each (Graves 2011; Blundell et al. 2015, equation 8).
  case uniform
  /// 2^(M−i) / (2^M − 1) for minibatch i = 1 … M (Blundell et al. 2015, equation 9): the first
  /// minibatches are governed by the prior, the later ones by the data.
  case geometric

  /// The share of one minibatch.
  ///
  /// - Parameters:
  ///   - index: The minibatch, counted from 0.
  ///   - count: M, the number of minibatches in an epoch; at least 1.
  /// - Returns: Its share of the complexity cost, exact for any M (2^M itself would overflow).
  public func weight(ofMinibatch index: Int, of count: Int) -> Double {
    switch self {
    case .uniform: 1 / Double(count)
    case .geometric: Self.powerOfHalf(index + 1) / (1 - Self.powerOfHalf(count))
    }
  }

  /// 2^(−exponent), 0 where that is too small for a number.
  private static func powerOfHalf(_ exponent: Int) -> Double {
    exponent > 1074 ? 0 : Double(sign: .plus, exponent: -exponent, significand: 1)
  }
}
