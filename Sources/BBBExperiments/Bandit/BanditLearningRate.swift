/// A learning rate that may fall while an agent gathers experience.
public struct BanditLearningRate: Hashable, Codable, Sendable {
  /// The rate at the start.
  public var start: Double
  /// After how many interactions it is half of that, falling as 1 / (1 + t / halving); `nil` if it
  /// stays.
  public var halving: Double?

  /// Creates a learning rate.
  ///
  /// - Parameters:
  ///   - start: The rate at the start.
  ///   - halving: After how many interactions it is half of that; `nil` if it stays.
  public init(start: Double, halving: Double? = nil) {
    self.start = start
    self.halving = halving
  }

  /// The rate at an interaction.
  ///
  /// - Parameter interaction: The number of the interaction, counted from 0.
  /// - Returns: The rate.
  public func rate(at interaction: Int) -> Double {
    guard let halving else { return start }
    return start / (1 + Double(interaction) / halving)
  }
}
