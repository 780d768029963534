/// The largest or the mean element of a window, channel by channel.
public struct Pool: Hashable, Sendable {
  /// What is made of the elements in the window.
  public enum Kind: Hashable, Sendable {
    /// The largest; the padding has none.
    case max
    /// Their mean; with `countsPadding` the padding's zeros are among them, else only what lies inside.
    case average(countsPadding: Bool)
  }

  /// What is made of the elements.
  public var kind: Kind
  /// The window.
  public var window: Window

  /// Creates a pool.
  ///
  /// - Parameters:
  ///   - kind: What is made of the elements.
  ///   - window: The window.
  public init(_ kind: Kind, _ window: Window) {
    self.kind = kind
    self.window = window
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard input.extents.count > 1 else {
      throw NetworkError(
        .mismatched, "a pool reads channels of one axis or more, and there are \(input) plain units"
      )
    }
    let outputs = try window.outputPositions(of: input)
    // A window that lies in the padding alone has no largest element, and no mean.
    for (axis, (count, outputCount)) in zip(window.axes, zip(input.positions, outputs)) {
      guard (0..<outputCount).allSatisfy({ axis.readsElement($0, of: count) }) else {
        throw NetworkError(
          .mismatched, "a window lies in the padding alone; let there be less of it")
      }
    }
    return Shape([input.extents[0]] + outputs)
  }
}
