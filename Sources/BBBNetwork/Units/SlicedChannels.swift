/// The channels that a slice or a gathering takes, or takes a part of.
public struct SlicedChannels: Sendable {
  /// The number of each in the value that is read: one for each channel taken, or for each element of some that were
  /// flattened, if not all are taken.
  public let numbers: [Int]
  /// Whether each is one of the slice's own.
  let areWhole: Bool
  /// Whether they stand side by side and are whole.
  let isRun: Bool
}

extension Operation {
  /// The channels that a slice or a gathering takes; `nil` of other operations.
  ///
  /// - Parameters:
  ///   - channels: Those of the value that is read.
  ///   - input: Its shape.
  /// - Returns: Their numbers, and how they stand.
  public func channelsTaken(
    of channels: [UnitSpaces.Channel], in input: Shape
  ) -> SlicedChannels? {
    switch self {
    case .slice(let slice):
      let axis = slice.axes[0]
      return axis.isWhole(of: input.extents[0])
        ? SlicedChannels(all: channels)
        : SlicedChannels(
          (0..<axis.count).map(axis.position), of: channels, in: input,
          isRun: axis.step == 1 || axis.count <= 1)
    case .gather(let gather):
      return gather.axis > 0
        ? SlicedChannels(all: channels)
        : SlicedChannels(gather.positions, of: channels, in: input, isRun: false)
    default: return nil
    }
  }
}

extension SlicedChannels {
  /// All channels.
  fileprivate init(all channels: [UnitSpaces.Channel]) {
    numbers = Array(channels.indices)
    areWhole = true
    isRun = true
  }

  /// The channels at some positions of the first axis.
  ///
  /// - Parameters:
  ///   - positions: The positions.
  ///   - channels: The channels of the value that is read.
  ///   - input: Its shape.
  ///   - isRun: Whether the positions stand side by side.
  fileprivate init(
    _ positions: [Int], of channels: [UnitSpaces.Channel], in input: Shape, isRun: Bool
  ) {
    if channels.count == input.extents[0] {
      numbers = positions
      areWhole = true
      self.isRun = isRun
    } else {
      // The last channel that begins at a position or before; its elements may be many.
      var starts: [Int] = []
      var start = 0
      for channel in channels {
        starts.append(start)
        start += channel.elementCount
      }
      numbers = positions.map { position in
        var range = 0..<starts.count
        while range.count > 1 {
          let middle = (range.lowerBound + range.upperBound) / 2
          range = starts[middle] <= position ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
      }
      areWhole = false
      self.isRun = false
    }
  }
}
