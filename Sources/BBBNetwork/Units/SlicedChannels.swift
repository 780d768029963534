/// The channels that a slice takes, or takes a part of.
public struct SlicedChannels: Sendable {
  /// The number of each in the value that is read: one for each channel taken, or for each element of some that were
  /// flattened, if not all are taken.
  public let numbers: [Int]
  /// Whether each is one of the slice's own.
  let areWhole: Bool
  /// Whether they stand side by side and are whole.
  let isRun: Bool
}

extension Slice {
  /// The channels that are taken.
  ///
  /// - Parameters:
  ///   - channels: Those of the value that is read.
  ///   - input: Its shape.
  /// - Returns: Their numbers, and how they stand.
  public func channels(of channels: [UnitSpaces.Channel], in input: Shape) -> SlicedChannels {
    let axis = axes[0]
    if axis.isWhole(of: input.extents[0]) {
      return SlicedChannels(numbers: Array(channels.indices), areWhole: true, isRun: true)
    }
    guard channels.count != input.extents[0] else {
      return SlicedChannels(
        numbers: (0..<axis.count).map(axis.position), areWhole: true,
        isRun: axis.step == 1 || axis.count <= 1)
    }
    var numbers: [Int] = []
    var (number, end) = (0, channels.first?.elementCount ?? 0)
    for element in 0..<axis.count {
      while axis.position(element) >= end {
        number += 1
        end += channels[number].elementCount
      }
      numbers.append(number)
    }
    return SlicedChannels(numbers: numbers, areWhole: false, isRun: false)
  }
}
