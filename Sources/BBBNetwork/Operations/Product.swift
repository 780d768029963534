/// The matrix product of two values along their last two axes, for each index of the axes before, which both have alike.
///
/// Of (…, M, K) and (…, K, N) it is (…, M, N). Either can be stored transposed, as (…, K, M) and (…, N, K).
public struct Product: Hashable, Sendable {
  /// Whether the first value is stored as (…, K, M).
  public var transposesFirst: Bool
  /// Whether the second value is stored as (…, N, K).
  public var transposesSecond: Bool

  /// Creates a product.
  ///
  /// - Parameters:
  ///   - transposesFirst: Whether the first value is stored as (…, K, M).
  ///   - transposesSecond: Whether the second value is stored as (…, N, K).
  public init(transposesFirst: Bool = false, transposesSecond: Bool = false) {
    self.transposesFirst = transposesFirst
    self.transposesSecond = transposesSecond
  }

  /// The axis of the first value along which the result's rows are.
  public func rowAxis(of first: Shape) -> Int {
    first.extents.count - (transposesFirst ? 1 : 2)
  }

  /// The axis of the second value along which the result's columns are.
  public func columnAxis(of second: Shape) -> Int {
    second.extents.count - (transposesSecond ? 2 : 1)
  }

  func shape(reading inputs: [Shape]) throws(NetworkError) -> Shape {
    guard inputs.count == 2 else {
      throw NetworkError(.structure, "product reads two values, and not \(inputs.count)")
    }
    let (first, second) = (inputs[0], inputs[1])
    let rank = first.extents.count
    guard rank > 1, second.extents.count == rank else {
      throw NetworkError(
        .mismatched,
        "a product is of two values of as many axes, at least two, and not of \(first) and \(second)"
      )
    }
    let (row, column) = (rowAxis(of: first), columnAxis(of: second))
    // The last two axes' numbers add up to 2 · rank − 3.
    let (firstInner, secondInner) = (2 * rank - 3 - row, 2 * rank - 3 - column)
    guard first.extents.prefix(rank - 2) == second.extents.prefix(rank - 2),
      first.extents[firstInner] == second.extents[secondInner]
    else {
      throw NetworkError(
        .mismatched,
        "\(first) and \(second) cannot be multiplied: \(first.extents[firstInner]) columns meet "
          + "\(second.extents[secondInner]) rows, and the axes before the last two are to be alike")
    }
    return Shape(first.extents.prefix(rank - 2) + [first.extents[row], second.extents[column]])
  }
}
