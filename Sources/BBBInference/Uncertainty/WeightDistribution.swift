import BBBNetwork

/// A network whose weights are distributed, so that networks can be drawn from it.
public protocol WeightDistribution: Sendable {
  /// The number of inputs of one example.
  var inputCount: Int { get }
  /// The number of outputs.
  var outputCount: Int { get }
  /// What the outputs are.
  var output: OutputMeaning { get }
  /// Draws a network.
  ///
  /// - Parameters:
  ///   - number: Which draw, from 0 on.
  ///   - seed: Other seeds give independent draws.
  /// - Returns: The network as it runs.
  func draw(_ number: Int, seed: UInt64) -> CompactModel
}

extension CompactModel: WeightDistribution {}
