import BBBNetwork

/// A number that a network takes as input: a float as it is, or a byte to be scaled.
public protocol NetworkInput: BitwiseCopyable, Sendable {
  /// Writes the inputs of the first layer for the numbers of whole examples.
  ///
  /// - Parameters:
  ///   - source: (examples, `inputCount`), row-major, each example's channels one behind the other.
  ///   - target: As many floats; overwritten.
  ///   - scaling: The model's ``CompactModel/inputScaling``; floats ignore it.
  ///   - inputCount: The numbers of one example; a multiple of the scaling's channels.
  static func writeNetworkInputs(
    _ source: Span<Self>, into target: inout MutableSpan<Float>, scaling: InputScaling,
    inputCount: Int)

  /// Whether all numbers are finite.
  ///
  /// - Parameter numbers: Those of an example.
  /// - Returns: `false` if one is infinite or NaN.
  static func areFinite(_ numbers: Span<Self>) -> Bool
}

extension Float: NetworkInput {
  /// Whether all numbers are finite.
  public static func areFinite(_ numbers: Span<Float>) -> Bool {
    numbers.withUnsafeBufferPointer { numbers in
      // The largest of all, several at once, is faster than stopping at the first.
      var largest: UInt32 = 0
      for number in numbers { largest = max(largest, number.magnitude.bitPattern) }
      return largest < Float.infinity.bitPattern
    }
  }

  /// Copies the numbers: floats are taken as already scaled.
  public static func writeNetworkInputs(
    _ source: Span<Float>, into target: inout MutableSpan<Float>, scaling: InputScaling,
    inputCount: Int
  ) {
    precondition(target.count == source.count, "as many floats as numbers")
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { _ = $0.update(from: source) }
    }
  }
}

extension UInt8: NetworkInput {
  /// Every byte is finite.
  public static func areFinite(_ numbers: Span<UInt8>) -> Bool { true }

  /// Scales each byte by the numbers of its channel, as for pixels.
  public static func writeNetworkInputs(
    _ source: Span<UInt8>, into target: inout MutableSpan<Float>, scaling: InputScaling,
    inputCount: Int
  ) {
    precondition(target.count == source.count, "as many floats as numbers")
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        if scaling.isFactorOnly {
          let factor = Float(scaling.factor)
          for index in source.indices { target[index] = Float(source[index]) * factor }
          return
        }
        // A channel is a line through two of its numbers: a product and a sum for each byte.
        let channelLength = inputCount / scaling.channelCount
        for start in stride(from: 0, to: source.count, by: channelLength) {
          let channel = start / channelLength % scaling.channelCount
          let offset = Float(scaling(0, channel: channel))
          let slope = Float(scaling(1, channel: channel) - scaling(0, channel: channel))
          for index in start..<start + channelLength {
            target[index] = Float(source[index]) * slope + offset
          }
        }
      }
    }
  }
}
