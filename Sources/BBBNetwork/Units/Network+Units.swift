extension Network {
  /// Which channels are the same unit, and which units can change places.
  public var unitSpaces: UnitSpaces { UnitSpaces(self) }

  /// The network of sparse matrices that computes the same: without groups, as which channels a row reads is a matter of
  /// its weights, and with biases everywhere, into which constants can be folded.
  public var sparseForm: Network {
    var nodes = nodes
    for index in nodes.indices {
      guard case .matrix(var matrix) = nodes[index].operation else { continue }
      matrix.groupCount = 1
      matrix.hasBias = true
      nodes[index].operation = .matrix(matrix)
    }
    do {
      return try Network(input: input, nodes: nodes)
    } catch {
      preconditionFailure("a network without groups is one: \(error)")
    }
  }

  /// The network with some of its units only.
  ///
  /// - Parameters:
  ///   - isKept: Whether each unit of `spaces` stays; those of fixed spaces do.
  ///   - spaces: The network's own.
  /// - Returns: A network in which every matrix has the rows of units that stay.
  /// - Precondition: Groups, where there are any, are left with as many units each.
  public func keeping(_ isKept: [Bool], of spaces: UnitSpaces) -> Network {
    var smaller = nodes
    for (index, node) in nodes.enumerated() {
      func keptCount(_ channels: ArraySlice<UnitSpaces.Channel>) -> Int {
        channels.count { isKept[$0.unit] }
      }
      let own = spaces.channels[index + 1]
      switch node.operation {
      case .matrix(var matrix):
        matrix.unitCount = keptCount(own[...])
        smaller[index].operation = .matrix(matrix)
      case .slice(var slice):
        let source = spaces.channels[node.inputs[0].index]
        // The others take of channels that all stay.
        guard
          let taken = node.operation.channelsTaken(
            of: source, in: shapes[node.inputs[0].index]), taken.isRun,
          let first = taken.numbers.first, let last = taken.numbers.last
        else { continue }
        // Of what was flattened, all is taken.
        let areFlattened = own.count != shapes[index + 1].extents[0]
        func extent(_ channels: ArraySlice<UnitSpaces.Channel>) -> Int {
          channels.filter { isKept[$0.unit] }.reduce(0) {
            $0 + (areFlattened ? $1.elementCount : 1)
          }
        }
        slice.axes[0].start = extent(source[..<first])
        slice.axes[0].count = extent(source[first...last])
        smaller[index].operation = .slice(slice)
      case .pad(var pad):
        pad.before[0] = keptCount(own[..<pad.before[0]])
        pad.after[0] = keptCount(own[(own.count - pad.after[0])...])
        smaller[index].operation = .pad(pad)
      case .reshape(var reshape):
        reshape.extents[0] = keptCount(own[...])
        smaller[index].operation = .reshape(reshape)
      case .activation, .pool, .arithmetic, .concatenate, .flatten, .gather, .constant, .transpose,
        .softmax, .normalise, .product:
        break
      }
    }
    do {
      return try Network(input: input, nodes: smaller)
    } catch {
      preconditionFailure("units of a network leave a network: \(error)")
    }
  }
}
