/// How the numbers of a dataset become the inputs that a network was trained on: (x · factor − mean)/deviation.
///
/// Mean and deviation are one number, or one for each channel of an example (channels, rows, columns).
public struct InputScaling: Hashable, Sendable {
  /// What a number is multiplied by first: 1/255 for pixels; positive and finite.
  public let factor: Double
  /// What is subtracted then, one number or one for each channel; empty for nothing.
  public let means: [Double]
  /// What the difference is divided by, one number or one for each channel; empty for nothing.
  public let deviations: [Double]

  /// Pixels 0…255 become 0…1.
  public static let pixels = InputScaling(uncheckedFactor: 1.0 / 255)
  /// Numbers stay what they are.
  public static let identity = InputScaling(uncheckedFactor: 1)

  private init(uncheckedFactor factor: Double) {
    self.factor = factor
    means = []
    deviations = []
  }

  /// Creates a scaling; `nil` unless all numbers are finite, the factor and the deviations positive, and means and
  /// deviations are for as many channels where both are for more than one.
  ///
  /// - Parameters:
  ///   - factor: What a number is multiplied by first.
  ///   - means: What is subtracted then, one number or one for each channel; empty for nothing.
  ///   - deviations: What the difference is divided by, one number or one for each channel; empty for nothing.
  public init?(factor: Double, means: [Double] = [], deviations: [Double] = []) {
    guard factor > 0, factor.isFinite, means.allSatisfy(\.isFinite),
      deviations.allSatisfy({ $0 > 0 && $0.isFinite }),
      means.count <= 1 || deviations.count <= 1 || means.count == deviations.count
    else { return nil }
    self.factor = factor
    self.means = means
    self.deviations = deviations
  }

  /// The number of channels that means and deviations are given for; 1 if they are the same everywhere.
  public var channelCount: Int { max(means.count, deviations.count, 1) }

  /// Whether numbers are multiplied by a factor only.
  public var isFactorOnly: Bool { means.isEmpty && deviations.isEmpty }

  /// Scales one number.
  ///
  /// - Parameters:
  ///   - number: A number of the dataset.
  ///   - channel: Its channel, from 0 to ``channelCount``.
  /// - Returns: The input.
  public func callAsFunction(_ number: Double, channel: Int = 0) -> Double {
    (number * factor - Self.value(means, channel, default: 0))
      / Self.value(deviations, channel, default: 1)
  }

  private static func value(_ values: [Double], _ channel: Int, default: Double) -> Double {
    values.isEmpty ? `default` : values.count == 1 ? values[0] : values[channel]
  }
}
