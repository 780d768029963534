/// What a network makes of the sums of a posterior's rows: factor × sum + shift, one of each for every row.
///
/// That is what is left of batch normalisation behind a matrix once an exporter has folded it: the weights of a row are those
/// of the posterior times its factor, and of the bias what is not the posterior's is the shift.
public struct RowMap: Hashable, Sendable {
  /// What each row's weights, and its bias, are multiplied by; may be negative, or 0.
  public let factors: [Double]
  /// What is added to each row's sum behind that.
  public let shifts: [Double]
  /// Whether the posterior's biases are among the sums: of several matrices that have the same weights one takes them.
  public var takesBias = true

  /// Whether every sum stays what it is.
  public var isIdentity: Bool {
    factors.allSatisfy { $0 == 1 } && shifts.allSatisfy { $0 == 0 }
  }
}
