/// How plain weights are learned: the baselines of the paper's Table 1.
///
/// With everything 0 this is maximum likelihood; with a penalty it is maximum a posteriori.
public struct PointEstimate: Hashable, Codable, Sendable {
  /// The weight of Σ w² / 2 in the cost, in nats per example: a Gaussian prior's 1 / (σ² N).
  public var ridge: Double
  /// The weight of Σ |w| in the cost, in nats per example: a Laplace prior's 1 / (b N).
  public var lasso: Double
  /// The probability with which an input is left out (Srivastava and others 2014).
  public var inputDropout: Double
  /// The probability with which a hidden unit is left out.
  ///
  /// Hidden units are the rows of matrices that do not give the network's output, behind the activation where that alone reads
  /// them.
  public var hiddenDropout: Double

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - ridge: The weight of Σ w² / 2.
  ///   - lasso: The weight of Σ |w|.
  ///   - inputDropout: The probability with which an input is left out; below 1.
  ///   - hiddenDropout: The probability with which a hidden unit is left out; below 1.
  public init(
    ridge: Double = 0, lasso: Double = 0, inputDropout: Double = 0, hiddenDropout: Double = 0
  ) {
    self.ridge = ridge
    self.lasso = lasso
    self.inputDropout = inputDropout
    self.hiddenDropout = hiddenDropout
  }
}
