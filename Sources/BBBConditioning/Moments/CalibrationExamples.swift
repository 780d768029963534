import BBBNetwork
import BBBPruning

/// Unlabelled inputs of the kind that a network is for, as it takes them.
public struct CalibrationExamples: Sendable {
  /// (examples, inputs), row-major.
  let inputs: [Float]
  /// How many there are.
  public let count: Int

  /// Examples of a network.
  ///
  /// - Parameters:
  ///   - inputs: (examples, inputs), row-major, as the network takes them.
  ///   - network: The network.
  /// - Precondition: There are whole examples, at least one.
  public init(floats inputs: [Float], of network: DenseNetwork) {
    precondition(
      !inputs.isEmpty && inputs.count.isMultiple(of: network.inputCount), "whole examples")
    self.inputs = inputs
    count = inputs.count / network.inputCount
  }

  /// Examples of a network that are bytes, which it scales.
  ///
  /// - Parameters:
  ///   - bytes: (examples, inputs), row-major.
  ///   - network: The network.
  /// - Precondition: There are whole examples, at least one.
  public init(bytes: [UInt8], of network: DenseNetwork) {
    let count = network.inputCount
    let positions = network.network.input.positionCount
    let scaling = network.inputScaling
    let channels = scaling.channelCount
    let table = (0..<channels).flatMap { channel in
      (0..<256).map { Float(scaling(Double($0), channel: channel)) }
    }
    self.init(
      floats: bytes.enumerated().map { index, byte in
        let channel = channels > 1 ? index % count / positions : 0
        return table[channel * 256 + Int(byte)]
      }, of: network)
  }

  /// So many of the examples, evenly over all, whose order may be that of the classes.
  func evenly(_ most: Int) -> CalibrationExamples {
    guard count > most else { return self }
    return CalibrationExamples(
      inputs: (0..<most).flatMap { rows($0 * count / most..<$0 * count / most + 1) }, count: most)
  }

  /// The first examples.
  func prefix(_ most: Int) -> CalibrationExamples {
    guard count > most else { return self }
    return CalibrationExamples(inputs: rows(0..<most), count: most)
  }

  /// The same examples, every fourth of them at the end.
  ///
  /// - Returns: The examples, and how many are not at the end: all, if there are too few to do without some.
  func holdingOut() -> (examples: CalibrationExamples, fitted: Int) {
    guard count >= 16 else { return (self, count) }
    let order = (0..<count).filter { $0 % 4 != 3 } + stride(from: 3, to: count, by: 4)
    return (
      CalibrationExamples(inputs: order.flatMap { rows($0..<$0 + 1) }, count: count),
      count - count / 4
    )
  }

  private init(inputs: [Float], count: Int) {
    self.inputs = inputs
    self.count = count
  }

  /// The inputs of some examples.
  func rows(_ range: Range<Int>) -> [Float] {
    let length = inputs.count / count
    return Array(inputs[range.lowerBound * length..<range.upperBound * length])
  }
}
