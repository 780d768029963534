/// Which channels of a network's values are one and the same unit, and in which order units may stand.
///
/// Facts are said of a channel of one value ("constant", "used"); which channels there are, and in which order, is decided for
/// units: channels of several values that an operation joins one to one. A *space* is a run of units that stand side by
/// side, in one order, wherever they stand: so the units of a space can be put in any order, and a network
/// computes the same.
public struct UnitSpaces: Hashable, Sendable {
  /// A channel of a value.
  public struct Channel: Hashable, Sendable {
    /// The unit that it belongs to.
    public var unit: Int
    /// Its elements: those of its rows and columns.
    public var elementCount: Int
  }

  /// The channels of each value, by `Value.index`.
  public let channels: [[Channel]]
  /// The number of units.
  public let unitCount: Int
  /// The units of each space: consecutive, and each in one space.
  public let spaces: [Space]
  /// The space of each unit.
  public let spaceOfUnit: [Int]

  /// Units that stand side by side.
  public struct Space: Hashable, Sendable {
    /// The numbers of the units.
    public let units: Range<Int>
    /// Whether the units must stay and stay in order: inputs and outputs of the network, constants, operands of other channels
    /// than their partner's, and rows and columns of a matrix that several nodes use.
    public let isFixed: Bool
    /// Whether units can go: the zeros that a value is padded with are no units of a matrix.
    public var isFree: Bool { !isFixed && !writers.isEmpty }
    /// The parameters of which the units are rows, each with the number of the first unit's row, in order of evaluation.
    public let writers: [Place]
    /// The values that matrices read with the units among their channels, by parameter, each with the number of the first
    /// unit's channel, in order of evaluation.
    public let readers: [Place]
  }

  /// Where the first unit of a space stands in a matrix's rows, or in the channels that it reads.
  public struct Place: Hashable, Sendable {
    /// The number of the parameter.
    public let parameter: Int
    /// The number of the row or channel.
    public let first: Int

    /// Creates a place.
    public init(parameter: Int, first: Int) {
      self.parameter = parameter
      self.first = first
    }
  }

  /// The channel that each row of a parameter gives: of a constant, whose rows are elements, that of the element.
  ///
  /// - Parameters:
  ///   - parameter: A matrix or a constant.
  ///   - network: The network that it belongs to, whose these spaces are.
  /// - Returns: For each row the number of its channel.
  public func rowChannels(of parameter: Parameter, in network: Network) -> [Int] {
    let own = channels[parameter.node + 1]
    guard parameter.isConstant(in: network) else { return Array(own.indices) }
    return own.enumerated().flatMap { repeatElement($0, count: $1.elementCount) }
  }

  /// Finds the units of a network.
  ///
  /// - Parameter network: The network.
  public init(_ network: Network) {
    let (channels, unitCount, pinned) = Self.units(of: network)
    let followers = Self.followers(in: channels, unitCount: unitCount)
    // Numbered anew, space by space, in the order in which they first stand somewhere.
    var number = [Int?](repeating: nil, count: unitCount)
    var ranges: [Range<Int>] = []
    var next = 0
    for channel in channels.joined() where number[channel.unit] == nil {
      let start = next
      var unit: Int? = channel.unit
      while let current = unit, number[current] == nil {
        number[current] = next
        next += 1
        unit = followers[current]
      }
      ranges.append(start..<next)
    }
    let numbered = channels.map { channels in
      channels.map { Channel(unit: number[$0.unit] ?? 0, elementCount: $0.elementCount) }
    }
    self.channels = numbered
    self.unitCount = next
    spaceOfUnit = ranges.indices.flatMap { index in ranges[index].map { _ in index } }
    spaces = Self.spaces(ranges, spaceOfUnit, numbered, pinned.compactMap { number[$0] }, network)
  }

  /// Joins channels: those that operations pass on one to one are one unit.
  ///
  /// Where operands have other channels, as a flattened value may, no order but theirs fits both: they are pinned. So are
  /// a single channel that goes with all of another value's, and constants, which stay whole; and what a matrix reads and gives
  /// that several nodes use: its rows and columns are other units for each of them.
  private static func units(
    of network: Network
  ) -> (channels: [[Channel]], count: Int, pinned: [Int]) {
    var merged = MergedUnits()
    var pinned: [Int] = []
    func fresh(_ shape: Shape, _ merged: inout MergedUnits) -> [Channel] {
      (0..<shape.extents[0]).map { _ in
        Channel(unit: merged.add(), elementCount: shape.positionCount)
      }
    }
    /// The channel in a value of other positions; one that was flattened has none.
    func resized(_ channel: Channel, _ shape: Shape) -> Channel {
      shape.extents.count == 1
        ? channel : Channel(unit: channel.unit, elementCount: shape.positionCount)
    }
    var channels = [fresh(network.input, &merged)]
    for (index, node) in network.nodes.enumerated() {
      let shape = network.shapes[index + 1]
      let inputs = node.inputs.map { channels[$0.index] }
      switch node.operation {
      case .matrix:
        let rows = fresh(shape, &merged)
        if network.parameters[network.parameterNumber(ofNode: index)].isShared {
          pinned += (inputs[0] + rows).map(\.unit)
        }
        channels.append(rows)
      case .activation, .flatten: channels.append(inputs[0])
      case .pool:
        channels.append(
          inputs[0].map { Channel(unit: $0.unit, elementCount: shape.positionCount) })
      case .arithmetic:
        let operands = OperandChannels(inputs, in: node.inputs.map { network.shape(of: $0) })
        let own = inputs.indices.filter { !operands.isSpread[$0] }.map { inputs[$0] }
        if operands.areWhole {
          for (input, isSpread) in zip(inputs, operands.isSpread) where isSpread {
            pinned += input.map(\.unit)
          }
          for other in own.dropFirst() {
            for (one, other) in zip(own[0], other) { merged.join(one.unit, other.unit) }
          }
          channels.append(own[0].map { resized($0, shape) })
        } else {
          let elements = fresh(shape, &merged)
          pinned += (inputs + [elements]).joined().map(\.unit)
          channels.append(elements)
        }
      case .constant:
        let own = fresh(shape, &merged)
        pinned += own.map(\.unit)
        channels.append(own)
      case .concatenate: channels.append(Array(inputs.joined()))
      case .slice, .gather:
        guard
          let taken = node.operation.channelsTaken(
            of: inputs[0], in: network.shapes[node.inputs[0].index])
        else { preconditionFailure("slices and gatherings take channels") }
        // Every other channel, or part of one that was flattened, is no run that could be numbered anew.
        if !taken.isRun { pinned += inputs[0].map(\.unit) }
        if taken.areWhole {
          channels.append(taken.numbers.map { resized(inputs[0][$0], shape) })
        } else {
          let elements = fresh(shape, &merged)
          pinned += elements.map(\.unit)
          channels.append(elements)
        }
      case .pad(let pad):
        func zeros(_ count: Int) -> [Channel] {
          (0..<count).map { _ in
            Channel(unit: merged.add(), elementCount: shape.positionCount)
          }
        }
        channels.append(
          zeros(pad.before[0]) + inputs[0].map { resized($0, shape) } + zeros(pad.after[0]))
      case .transpose, .reshape, .softmax, .normalise, .product:
        if node.operation.keepsChannels(inputs[0], in: shape) {
          channels.append(inputs[0])
        } else {
          let mixed = fresh(shape, &merged)
          pinned += inputs.joined().map(\.unit) + mixed.map(\.unit)
          channels.append(mixed)
        }
      }
    }
    let representatives = channels.map { channels in
      channels.map { Channel(unit: merged.find($0.unit), elementCount: $0.elementCount) }
    }
    return (representatives, merged.count, pinned.map { merged.find($0) })
  }

  /// For each unit the one that stands behind it wherever either stands; `nil` if there is none.
  private static func followers(in channels: [[Channel]], unitCount: Int) -> [Int?] {
    // Distinct marks for "not seen yet" and "nothing, or several".
    var next = [Neighbour](repeating: .unknown, count: unitCount)
    var previous = next
    for value in channels {
      for (place, channel) in value.enumerated() {
        next[channel.unit].see(place + 1 < value.count ? value[place + 1].unit : nil)
        previous[channel.unit].see(place > 0 ? value[place - 1].unit : nil)
      }
    }
    return (0..<unitCount).map { unit in
      guard case .unit(let follower) = next[unit], case .unit(unit) = previous[follower] else {
        return nil
      }
      return follower
    }
  }

  private enum Neighbour {
    case unknown
    case unit(Int)
    case none

    mutating func see(_ unit: Int?) {
      switch (self, unit) {
      case (.unknown, let unit?): self = .unit(unit)
      case (.unit(let known), let unit?) where known == unit: break
      default: self = .none
      }
    }
  }

  private static func spaces(
    _ ranges: [Range<Int>], _ spaceOfUnit: [Int], _ channels: [[Channel]], _ pinned: [Int],
    _ network: Network
  ) -> [Space] {
    var isFixed = [Bool](repeating: false, count: ranges.count)
    for channel in [channels[0], channels[network.output.index]].joined() {
      isFixed[spaceOfUnit[channel.unit]] = true
    }
    for unit in pinned { isFixed[spaceOfUnit[unit]] = true }
    func places(_ values: [(parameter: Int, value: Int)]) -> [[Place]] {
      var places = [[Place]](repeating: [], count: ranges.count)
      for (parameter, value) in values {
        for (channel, unit) in channels[value].map(\.unit).enumerated() {
          let space = spaceOfUnit[unit]
          guard ranges[space].lowerBound == unit else { continue }
          places[space].append(Place(parameter: parameter, first: channel))
        }
      }
      return places
    }
    let matrices = network.parameters.enumerated().filter { !$1.isConstant(in: network) }
    let writers = places(matrices.map { ($0, $1.node + 1) })
    let readers = places(matrices.map { ($0, network.nodes[$1.node].inputs[0].index) })
    return ranges.indices.map {
      Space(units: ranges[$0], isFixed: isFixed[$0], writers: writers[$0], readers: readers[$0])
    }
  }
}

/// Sets of units that have been found to be one (Galler and Fischer 1964).
private struct MergedUnits {
  private var parents: [Int] = []
  var count: Int { parents.count }

  mutating func add() -> Int {
    parents.append(parents.count)
    return parents.count - 1
  }

  mutating func find(_ unit: Int) -> Int {
    var root = unit
    while parents[root] != root {
      parents[root] = parents[parents[root]]
      root = parents[root]
    }
    return root
  }

  /// The earlier of two stands for both.
  mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (find(one), find(other))
    parents[max(first, second)] = min(first, second)
  }
}
