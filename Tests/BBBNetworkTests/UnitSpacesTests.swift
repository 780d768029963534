import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@Suite("Unit spaces")
struct UnitSpacesTests {
  @Test("of a multilayer perceptron are its layers")
  func chain() throws {
    let spaces = try Network(text: "7-5-3-2 relu").unitSpaces
    #expect(spaces.spaces.map(\.units) == [0..<7, 7..<12, 12..<15, 15..<17])
    #expect(spaces.spaces.map(\.isFixed) == [true, false, false, true])
    #expect(spaces.spaces[1].writers == [.init(parameter: 0, first: 0)])
    #expect(spaces.spaces[1].readers == [.init(parameter: 1, first: 0)])
  }

  @Test("keep channels as units through pools and flatten, with their positions")
  func flatten() throws {
    let spaces = try Network(text: NetworkExamples.lenet5).unitSpaces
    #expect(spaces.spaces.map(\.units.count) == [1, 20, 50, 500, 10])
    // What fc1 reads: 50 channels of 16 positions each.
    #expect(spaces.channels[5].count == 50 && spaces.channels[5][0].elementCount == 16)
    #expect(spaces.spaces[2].readers.map(\.parameter) == [2])
  }

  @Test("join what is added, and keep apart what is put side by side")
  func joins() throws {
    let text = """
      input 4
      a = linear 3
      b = linear 5 from a
      c = linear 3 from b
      sum = add a c
      d = linear 2 from sum
      both = concatenate sum d
      e = linear 5 from both
      f = add e both
      out = linear 1
      """
    let spaces = try Network(text: text).unitSpaces
    // a, c and sum are one space and the first three of e's rows; d and the last two of e's rows another.
    #expect(spaces.spaces.map(\.units.count) == [4, 3, 5, 2, 1])
    #expect(
      spaces.spaces[1].writers
        == [
          .init(parameter: 0, first: 0), .init(parameter: 2, first: 0),
          .init(parameter: 4, first: 0),
        ]
    )
    #expect(
      spaces.spaces[3].writers
        == [.init(parameter: 3, first: 0), .init(parameter: 4, first: 3)])
  }

  @Test("join what is multiplied channel by channel, and pin a channel that multiplies all")
  func arithmetic() throws {
    let gate = try Network(
      text:
        "input 2 4 4; a = convolution 3 1x1; g = average-pool 4x4; s = sigmoid; b = multiply a s; flatten; c = linear 1"
    ).unitSpaces
    #expect(gate.spaces.map(\.units.count) == [2, 3, 1])
    #expect(gate.spaces.map(\.isFixed) == [true, false, true])
    #expect(gate.channels[4].map(\.elementCount) == [16, 16, 16])
    let mask = try Network(
      text:
        "input 2 4 4; a = convolution 3 1x1; m = convolution 1 1x1 from input; b = multiply m a; c = convolution 2 1x1"
    ).unitSpaces
    #expect(mask.spaces.map(\.units.count) == [2, 3, 1, 2])
    #expect(mask.spaces.map(\.isFixed) == [true, false, true, true])
  }

  @Test("pin constants, and what is added to them")
  func constants() throws {
    let network = try Network(
      text: "input 2 4; a = convolution 3 1; p = constant 3 4; add a p; b = convolution 1 1")
    let spaces = network.unitSpaces
    #expect(spaces.spaces.map(\.isFixed) == [true, true, true])
    #expect(
      spaces.rowChannels(of: network.parameters[1], in: network) == [
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2,
      ])
    #expect(network.parameters.map(\.biasName) == ["a.bias", "p.bias", "b.bias"])
  }

  @Test("pin what was flattened where plain units are added to it, element by element")
  func flattened() throws {
    let spaces = try Network(
      text:
        "input 1 2 2; a = convolution 2 1x1; f = flatten; l = linear 8; s = add f l; c = linear 1"
    ).unitSpaces
    #expect(spaces.channels[2].map(\.elementCount) == [4, 4])
    #expect(spaces.channels[4].map(\.elementCount) == Array(repeating: 1, count: 8))
    #expect(spaces.spaces.allSatisfy { $0.isFixed })
  }

  @Test("pin what a matrix reads and gives that several nodes use")
  func shared() throws {
    let spaces = try Network(
      text: """
        input 4; a = linear 3; relu; b = linear 3; tanh; c = linear 3 sharing b; d = linear 2; e = linear 1
        """
    ).unitSpaces
    // Between d and e alone units can change places.
    #expect(spaces.spaces.filter(\.isFree).map(\.units.count) == [2])
  }

  @Test("that are put in another order throughout leave the network's function", arguments: 0..<300)
  func reordering(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let network = RandomNetworks.make(using: &generator, activations: [.relu, .tanh])
    let weights = RandomNetworks.weights(for: network, using: &generator)
    guard network.parameters.allSatisfy({ $0.weights.groups == 1 }) else { return }
    let spaces = network.unitSpaces
    // The unit that takes each unit's place.
    var unit = Array(0..<spaces.unitCount)
    for space in spaces.spaces where !space.isFixed {
      unit.replaceSubrange(space.units, with: space.units.shuffled(using: &generator))
    }
    var reordered = weights
    for (index, parameter) in network.parameters.enumerated() {
      // Constants keep their order.
      guard !parameter.isConstant(in: network) else { continue }
      let rows = Self.elements(spaces.channels[parameter.node + 1], unit, perChannel: 1)
      let source = network.nodes[parameter.node].inputs[0].index
      let taps = parameter.weights.taps
      let columns =
        taps > 1 || network.shapes[source].extents.count > 1
        ? Self.elements(spaces.channels[source], unit, perChannel: taps)
        : Self.elements(spaces.channels[source], unit, perChannel: nil)
      let count = columns.count
      for (row, oldRow) in rows.enumerated() {
        reordered[index].biases[row] = weights[index].biases[oldRow]
        for (column, oldColumn) in columns.enumerated() {
          reordered[index].weights[row * count + column] =
            weights[index].weights[oldRow * count + oldColumn]
        }
      }
    }
    let input = (0..<network.inputCount).map { _ in Double.random(in: -1...1, using: &generator) }
    let expected = ReferenceNetwork(network, weights).output(for: input)
    let found = ReferenceNetwork(network, reordered).output(for: input)
    for (one, other) in zip(expected, found) { #expect(abs(one - other) < 1e-9, "\(network)") }
  }

  /// For each element of channels, the element that takes its place if units do.
  private static func elements(
    _ channels: [UnitSpaces.Channel], _ unit: [Int], perChannel: Int?
  ) -> [Int] {
    var starts: [Int: Int] = [:]
    var start = 0
    for channel in channels {
      starts[channel.unit] = starts[channel.unit] ?? start
      start += perChannel ?? channel.elementCount
    }
    // A unit that stands there twice has the same place in both.
    guard starts.count == channels.count else { return twice(channels, unit, perChannel) }
    return channels.flatMap { channel in
      let first = starts[unit[channel.unit]] ?? 0
      return (0..<(perChannel ?? channel.elementCount)).map { first + $0 }
    }
  }

  private static func twice(
    _ channels: [UnitSpaces.Channel], _ unit: [Int], _ perChannel: Int?
  ) -> [Int] {
    var starts: [Int: [Int]] = [:]
    var start = 0
    for channel in channels {
      starts[channel.unit, default: []].append(start)
      start += perChannel ?? channel.elementCount
    }
    var seen: [Int: Int] = [:]
    return channels.flatMap { channel in
      let occurrence = seen[channel.unit, default: 0]
      seen[channel.unit] = occurrence + 1
      let first = starts[unit[channel.unit]]?[occurrence] ?? 0
      return (0..<(perChannel ?? channel.elementCount)).map { first + $0 }
    }
  }
}
