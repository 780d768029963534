/// A number that a network takes as input: a float as it is, or a byte to be scaled.
public protocol NetworkInput: BitwiseCopyable, Sendable {
  /// The input of the first layer.
  ///
  /// - Parameter scale: The model's ``CompactModel/inputScale``; floats ignore it.
  /// - Returns: The number that the first layer's weights multiply.
  func networkInput(scale: Float) -> Float

  /// Writes the inputs of the first layer for many numbers: ``networkInput(scale:)`` of each.
  ///
  /// - Parameters:
  ///   - source: The numbers.
  ///   - target: As many floats; overwritten.
  ///   - scale: The model's ``CompactModel/inputScale``.
  static func writeNetworkInputs(
    _ source: Span<Self>, into target: inout MutableSpan<Float>, scale: Float)
}

extension NetworkInput {
  /// Writes the inputs of the first layer one by one.
  public static func writeNetworkInputs(
    _ source: Span<Self>, into target: inout MutableSpan<Float>, scale: Float
  ) {
    for index in source.indices { target[index] = source[index].networkInput(scale: scale) }
  }
}

extension Float: NetworkInput {
  /// The number itself: floats are taken as already scaled.
  @inlinable
  public func networkInput(scale: Float) -> Float { self }

  /// Copies the numbers.
  public static func writeNetworkInputs(
    _ source: Span<Float>, into target: inout MutableSpan<Float>, scale: Float
  ) {
    precondition(target.count == source.count, "as many floats as numbers")
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { _ = $0.update(from: source) }
    }
  }
}

extension UInt8: NetworkInput {
  /// The byte times the scale, as for pixels.
  @inlinable
  public func networkInput(scale: Float) -> Float { Float(self) * scale }

  /// Multiplies each byte with the scale.
  public static func writeNetworkInputs(
    _ source: Span<UInt8>, into target: inout MutableSpan<Float>, scale: Float
  ) {
    precondition(target.count == source.count, "as many floats as numbers")
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        for index in source.indices { target[index] = Float(source[index]) * scale }
      }
    }
  }
}
