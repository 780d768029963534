import BBBNetwork
import Testing

@Suite("Inputs and outputs by name")
struct PortsTests {
  /// An image of two numbers, and a state with the examples along its second axis, as recurrent networks have them.
  private static let ports = Ports(
    inputs: [
      Port(name: "x", shape: [2]), Port(name: "state", shape: [2, 1], exampleAxis: 1),
    ],
    outputs: [
      Port(name: "y", shape: []), Port(name: "next", shape: [2, 1], exampleAxis: 1),
      Port(name: "constant", shape: [1], exampleAxis: nil),
    ])

  @Test("are put together example by example, wherever the examples are")
  func joined() throws {
    let (elements, count) = try Self.ports.joined([
      "x": PortArray(shape: [3, 2], [1, 2, 3, 4, 5, 6]),
      "state": PortArray(shape: [2, 3, 1], [10, 20, 30, 11, 21, 31]),
    ])
    #expect(count == 3)
    #expect(elements == [1, 2, 10, 11, 3, 4, 20, 21, 5, 6, 30, 31])
  }

  @Test("may come as one example, without the examples' axis")
  func single() throws {
    let (elements, count) = try Self.ports.joined([
      "x": PortArray(shape: [2], [1, 2]), "state": PortArray(shape: [2, 1, 1], [3, 4]),
    ])
    #expect(count == 1 && elements == [1, 2, 3, 4])
  }

  @Test("are taken apart in the shapes of their arrays")
  func separated() {
    let arrays = Self.ports.separated([1, 2, 3, 9, 4, 5, 6, 9], exampleCount: 2)
    #expect(arrays["y"] == PortArray(shape: [2], [1, 4]))
    #expect(arrays["next"] == PortArray(shape: [2, 2, 1], [2, 5, 3, 6]))
    #expect(arrays["constant"] == PortArray(shape: [1], [9]))
  }

  @Test("are refused where a name is missing or unknown, or a shape is another")
  func refusals() {
    let x = PortArray(shape: [1, 2], [1, 2])
    let state = PortArray(shape: [2, 1, 1], [1, 2])
    let known = "the inputs are \"x\" (N×2), \"state\" (2×N×1)"
    let cases: [([String: PortArray], String)] = [
      (["x": x], "the input \"state\" is missing; \(known), and each must be given"),
      (["x": x, "y": x], "there is no input called \"y\"; \(known)"),
      (
        ["x": x, "state": x],
        "the input \"state\" is 2×N×1, N of them the examples, and the array given is 1×2; give it in that shape"
      ),
      (
        ["x": PortArray(shape: [2, 2], [1, 2, 3, 4]), "state": state],
        "the input \"x\" has 2 examples, and \"state\" has 1; give all inputs of each example"
      ),
    ]
    for (arrays, message) in cases {
      let error = #expect(throws: NetworkError.self) { try Self.ports.joined(arrays) }
      #expect(error?.message == message)
    }
  }

  @Test("fit a network that has as many numbers, or are none of its own")
  func obstacles() {
    #expect(Self.ports.obstacle(inputCount: 4, outputCount: 4) == nil)
    #expect(
      Self.ports.obstacle(inputCount: 4, outputCount: 5)
        == "the named outputs have 4 numbers, and the network 5")
    let twice = Ports(
      inputs: [Port(name: "x", shape: [1]), Port(name: "x", shape: [1])],
      outputs: [Port(name: "y", shape: [1])])
    #expect(
      twice.obstacle(inputCount: 2, outputCount: 1) == "there are no inputs, or two of one name")
    let mixed = Ports(
      inputs: [
        Port(name: "x", shape: [1]), Port(name: "z", shape: [1], exampleAxis: nil),
      ], outputs: [Port(name: "y", shape: [1])])
    #expect(
      mixed.obstacle(inputCount: 2, outputCount: 1)
        == "some inputs have an axis of examples, and some have none")
  }
}
