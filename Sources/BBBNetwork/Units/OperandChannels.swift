/// Which channels of two operands each channel of what is computed of them reads.
public struct OperandChannels: Sendable {
  /// For each operand, the number of the channel that each of the result's reads.
  public let numbers: [[Int]]
  /// Whether each operand has a single channel, which goes with all of the other's.
  let isSpread: [Bool]
  /// Whether the result's channels are the operands'; else it has one for each element, as what was flattened differs.
  let areWhole: Bool

  /// Finds the channels.
  ///
  /// - Parameters:
  ///   - channels: The channels of each operand.
  ///   - shapes: The shape of each operand.
  init(_ channels: [[UnitSpaces.Channel]], in shapes: [Shape]) {
    let isSpread = shapes.indices.map { index in
      shapes[index].extents[0] == 1 && shapes[1 - index].extents[0] != 1
    }
    let own = zip(channels, isSpread).filter { !$1 }.map { $0.0.map(\.elementCount) }
    self.isSpread = isSpread
    areWhole = shapes[0].extents.count > 1 || own.allSatisfy { $0 == own[0] }
    if areWhole {
      numbers = isSpread.map { isSpread in
        own[0].indices.map { isSpread ? 0 : $0 }
      }
    } else {
      numbers = channels.map { channels in
        channels.enumerated().flatMap { number, channel in
          repeatElement(number, count: channel.elementCount)
        }
      }
    }
  }
}

extension UnitSpaces {
  /// The channels of what a node computes of two values.
  ///
  /// - Parameters:
  ///   - node: A node of arithmetic.
  ///   - network: The network that it belongs to, whose these spaces are.
  /// - Returns: The channels of its operands.
  public func operands(of node: Node, in network: Network) -> OperandChannels {
    OperandChannels(
      node.inputs.map { channels[$0.index] }, in: node.inputs.map { network.shape(of: $0) })
  }
}
