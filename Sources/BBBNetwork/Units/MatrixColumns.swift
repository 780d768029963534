/// Which channel of what a matrix reads each of its columns belongs to.
public struct MatrixColumns: Hashable, Sendable {
  /// The first column of each channel, and the number of columns: channels + 1 entries.
  public let starts: [Int]
  /// The channel of each column.
  public let channels: [Int]

  /// Divides the columns of a matrix among the channels that it reads.
  ///
  /// - Parameters:
  ///   - parameter: The matrix, where it is used first.
  ///   - network: The network that it belongs to.
  ///   - spaces: The network's own.
  public init(of parameter: Parameter, in network: Network, _ spaces: UnitSpaces) {
    self.init(ofNode: parameter.node, in: network, spaces)
  }

  /// Divides the columns of a matrix among the channels that a node reads which uses it.
  ///
  /// - Parameters:
  ///   - node: The number of the node: a convolution has a column for each cell of the kernel and channel, a linear layer one for
  ///     each element; a constant has none.
  ///   - network: The network that it belongs to.
  ///   - spaces: The network's own.
  public init(ofNode node: Int, in network: Network, _ spaces: UnitSpaces) {
    var starts = [0]
    var channels: [Int] = []
    let source = network.nodes[node].inputs.first.map { spaces.channels[$0.index] } ?? []
    for (number, channel) in source.enumerated() {
      let width =
        if case .matrix(let matrix) = network.nodes[node].operation, let window = matrix.window {
          window.cellCount
        } else { channel.elementCount }
      channels.append(contentsOf: repeatElement(number, count: width))
      starts.append(channels.count)
    }
    self.starts = starts
    self.channels = channels
  }

  /// The columns of a channel.
  ///
  /// - Parameter channel: Its number in the value that is read.
  /// - Returns: Their numbers.
  public func columns(ofChannel channel: Int) -> Range<Int> {
    starts[channel]..<starts[channel + 1]
  }
}
