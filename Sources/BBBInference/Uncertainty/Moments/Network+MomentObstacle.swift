import BBBNetwork

extension Network {
  /// Why means and variances cannot be passed through the network in one pass, as a sentence; `nil` if they can.
  ///
  /// Averages over draws know no such obstacle.
  public var momentObstacle: String? {
    if let node = nodes.first(where: { !$0.operation.hasMomentRule }) {
      return
        "'\(node.name)' is a \(node.operation.word), for whose means and variances there is no rule"
    }
    // Sums of the same weights depend on each other, the more the oftener they are used.
    guard let shared = parameters.first(where: \.isShared) else { return nil }
    return
      "'\(nodes[shared.sharers[0]].name)' uses the weights of '\(shared.name)', and there is no rule for means and variances of "
      + "weights that are used more than once"
  }
}

extension Operation {
  /// Whether means and variances can be passed through.
  ///
  /// They cannot where numbers that depend on each other are multiplied or divided, nor where a Gaussian divisor comes near 0 now and
  /// then, whose quotient has neither mean nor variance. A Gaussian is also negative now and then, where logarithm, square root and
  /// power are no numbers; and what is integrated over few nodes must not jump.
  fileprivate var hasMomentRule: Bool {
    switch self {
    case .softmax, .normalise, .product: false
    case .activation(.logarithm), .activation(.squareRoot): false
    case .activation(let activation): !activation.jumps
    case .arithmetic(.divide), .arithmetic(.power), .arithmetic(.equal), .arithmetic(.less),
      .arithmetic(.select):
      false
    case .matrix, .pool, .arithmetic, .concatenate, .flatten, .slice, .gather, .pad,
      .transpose,
      .reshape, .constant:
      true
    }
  }
}
