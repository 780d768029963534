import BBBConditioning
import BBBPruning

/// How a sweep conditions its networks on what was removed of them.
public struct SweepConditioning: Sendable {
  /// What conditions; made for the network that is swept.
  public var conditioner: Conditioner
  /// Such as `mnist`: what the examples are called that it looks at.
  public var name: String
  /// The share of the weights that a conditional order begins with; `nil` for the usual one.
  public var preCut: Double?
  /// Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  public var keepsNoise: Bool
  /// The examples on which the exported files are to keep the outputs; `nil` for synthetic ones.
  public var comparison: ComparisonInputs?

  /// Tells how to condition.
  ///
  /// - Parameters:
  ///   - conditioner: What conditions; made for the network that is swept.
  ///   - name: What the examples are called that it looks at.
  ///   - preCut: The share of the weights that a conditional order begins with; `nil` for the usual one.
  ///   - keepsNoise: Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  ///   - comparison: The examples on which the exported files are to keep the outputs; `nil` for synthetic ones.
  public init(
    _ conditioner: Conditioner, name: String, preCut: Double? = nil, keepsNoise: Bool = false,
    comparison: ComparisonInputs? = nil
  ) {
    self.conditioner = conditioner
    self.name = name
    self.preCut = preCut
    self.keepsNoise = keepsNoise
    self.comparison = comparison
  }
}
