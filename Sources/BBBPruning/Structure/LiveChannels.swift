import BBBInference
import BBBNetwork

/// What pruning leaves of each channel of each value of a network: which are constants, and which anything depends on.
///
/// - A row without weights is a constant, its bias, and so is what operations make of constants: a matrix that reads one
///   takes it into its biases. That may leave further rows without weights, so values go first to last.
/// - A channel that no weight and no operation reads reaches nothing. That may leave further ones unread, so values go
///   last to first; it never takes a weight from a row that is read, so one sweep each way suffices.
///
/// A matrix that several nodes use is taken whole: of its rows and columns one node may need others than another, and what one of them
/// reads as a constant is none for the next. So nothing is folded into its biases, and only its empty rows are constants.
///
/// Both depend on the connections only, not on their values. A constant is one number for all positions: where a convolution
/// pads a channel with zeros, the channel is none, and stays; nor is one with a number for each position, as a network's
/// constants may have.
struct LiveChannels {
  /// What a channel is without regard to the values of weights.
  enum Content {
    /// 0 for every input.
    case zero
    /// The same number for every input.
    case constant
    /// Something else.
    case varying
  }

  /// By `Value.index` and channel.
  private(set) var contents: [[Content]]
  /// By `Value.index` and channel: whether the output depends on it other than by folded constants.
  private(set) var isNeeded: [[Bool]]
  /// For each parameter and each channel it reads: what becomes of its weights.
  private(set) var readings: [[Reading]]

  /// What becomes of the weights that read a channel.
  enum Reading {
    /// They stay.
    case connected
    /// Their products are constants and part of the biases.
    case folded
    /// Their products are 0.
    case dropped
  }

  /// Finds out.
  ///
  /// - Parameters:
  ///   - network: The dense network.
  ///   - spaces: Its units.
  ///   - columns: For each parameter, the channels of its columns.
  ///   - patterns: For each parameter, the weights that stay.
  init(
    _ network: Network, _ spaces: UnitSpaces, _ columns: [MatrixColumns], _ patterns: [KeptPattern]
  ) {
    contents = [Array(repeating: .varying, count: spaces.channels[0].count)]
    readings = []
    isNeeded = []
    for node in network.nodes {
      switch node.operation {
      case .matrix(let matrix):
        if let owner = matrix.sharing {
          contents.append(contents[owner + 1])
          continue
        }
        let parameter = readings.count
        let isShared = network.parameters[parameter].isShared
        let readings = contents[node.inputs[0].index].map { content -> Reading in
          switch content {
          case _ where isShared: .connected
          case .varying: .connected
          case .zero: .dropped
          case .constant: matrix.window?.hasPadding == true ? .connected : .folded
          }
        }
        contents.append(
          Self.rows(of: patterns[parameter], columns[parameter], readings, hasBias: matrix.hasBias))
        self.readings.append(readings)
      case .constant(let shape):
        contents.append(
          Array(
            repeating: shape.positionCount == 1 ? .constant : .varying, count: shape.extents[0]))
        readings.append([])
      default:
        contents.append(Self.contents(of: node, in: network, spaces, contents))
      }
    }
    var reads = ReadChannels(network, spaces, columns)
    for parameter in patterns.indices.reversed() {
      let columnIsRead = Self.columnsRead(
        by: reads.rows(of: parameter), of: patterns[parameter].pattern)
      let channels = columns[parameter].channels
      let readings = readings[parameter]
      reads.insert(
        columnIsRead.indices.lazy.filter {
          columnIsRead[$0] && readings[channels[$0]] == .connected
        }, of: parameter)
    }
    isNeeded = reads.all()
  }

  /// Whether an entry of some rows stands in each column.
  private static func columnsRead(by isRead: [Bool], of pattern: SparsePattern) -> [Bool] {
    var columnIsRead = [Bool](repeating: false, count: pattern.columnCount)
    columnIsRead.withUnsafeMutableBufferPointer { columnIsRead in
      pattern.columns.withUnsafeBufferPointer { columns in
        // SAFETY: a pattern's columns lie within its count, its entries within its columns.
        for row in isRead.indices where isRead[row] {
          for entry in pattern.entries(ofRow: row) { columnIsRead[Int(columns[entry])] = true }
        }
      }
    }
    return columnIsRead
  }

  private static func rows(
    of kept: KeptPattern, _ columns: MatrixColumns, _ readings: [Reading], hasBias: Bool
  ) -> [Content] {
    (0..<kept.pattern.rowCount).map { row in
      var content: Content = hasBias ? .constant : .zero
      for column in kept.pattern.columns(ofRow: row) {
        switch readings[columns.channels[Int(column)]] {
        case .connected: return .varying
        case .folded: content = .constant
        case .dropped: break
        }
      }
      return content
    }
  }

  /// What an operation without a parameter makes of channels.
  private static func contents(
    of node: Node, in network: Network, _ spaces: UnitSpaces, _ contents: [[Content]]
  ) -> [Content] {
    let inputs = node.inputs.map { contents[$0.index] }
    switch node.operation {
    case .matrix, .constant:
      preconditionFailure("what has a parameter is no matter of what it reads")
    case .activation(let activation):
      return inputs[0].map(activation.content)
    case .pool(let pool):
      guard pool.kind == .average(countsPadding: true), pool.window.hasPadding else {
        return inputs[0]
      }
      return inputs[0].map { $0 == .constant ? .varying : $0 }
    case .flatten: return inputs[0]
    case .concatenate: return Array(inputs.joined())
    case .slice, .gather:
      let source = node.inputs[0].index
      let taken = node.operation.channelsTaken(
        of: spaces.channels[source], in: network.shapes[source])
      return taken?.numbers.map { inputs[0][$0] } ?? []
    case .pad(let pad):
      func zeros(_ count: Int) -> [Content] { Array(repeating: .zero, count: count) }
      // Beside zeros a constant is none.
      let inner = inputs[0].map { pad.reachesPositions && $0 == .constant ? .varying : $0 }
      return zeros(pad.before[0]) + inner + zeros(pad.after[0])
    case .transpose, .reshape, .softmax, .normalise, .product:
      let value = contents.count
      guard
        node.operation.keepsChannels(
          spaces.channels[node.inputs[0].index], in: network.shapes[value])
      else { return Array(repeating: .varying, count: spaces.channels[value].count) }
      switch node.operation {
      // Equal numbers share the sum of 1.
      case .softmax: return inputs[0].map { $0 == .zero ? .constant : $0 }
      // They are their mean.
      case .normalise: return inputs[0].map { $0 == .constant ? .zero : $0 }
      default: return inputs[0]
      }
    case .arithmetic(let arithmetic):
      let operands = spaces.operands(of: node, in: network).numbers
      return zip(operands[0], operands[1]).map {
        arithmetic.content(of: inputs[0][$0], inputs[1][$1])
      }
    }
  }
}

extension Activation {
  /// What a channel is made into; what may be no finite number is left to be computed.
  fileprivate func content(of channel: LiveChannels.Content) -> LiveChannels.Content {
    switch channel {
    case .zero:
      let value = self(0)
      return value == 0 ? .zero : value.isFinite ? .constant : .varying
    case .constant: return keepsFinite ? .constant : .varying
    case .varying: return .varying
    }
  }
}

extension Arithmetic {
  /// What two channels are computed into.
  ///
  /// A product is 0 where a factor is 0 for every input, as long as the other is finite; so is what is selected, of whatever.
  /// What is divided by 0, or raised to powers, may be no finite number, and is left to be computed; the power of 0 is 1.
  fileprivate func content(
    of one: LiveChannels.Content, _ other: LiveChannels.Content
  ) -> LiveChannels.Content {
    switch self {
    case .multiply, .select:
      if one == .zero || other == .zero { return .zero }
    case .divide:
      if other == .zero { return .varying }
    case .power: return other == .zero ? .constant : .varying
    case .add, .subtract, .minimum, .maximum, .equal, .less:
      if one == .zero, other == .zero { return self(0, 0) == 0 ? .zero : .constant }
    }
    return one == .varying || other == .varying ? .varying : .constant
  }
}
