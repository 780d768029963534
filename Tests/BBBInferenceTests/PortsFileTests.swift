import BBBNetwork
import TestSupport
import Testing

@testable import BBBInference

@Suite("Names of inputs and outputs in a file")
struct PortsFileTests {
  private static let ports = Ports(
    inputs: [
      Port(name: "image", shape: [2, 2]),
      Port(name: "état", shape: [1, 2], exampleAxis: 1, holdsIntegers: true),
    ], outputs: [Port(name: "y", shape: [2], exampleAxis: 1), Port(name: "z", shape: [])])

  /// Six inputs, of two arrays, and three outputs, of two.
  private func model(_ ports: Ports? = ports) throws -> CompactModel {
    let model = CompactModel.random(sizes: [6, 3], density: 1, seed: 5)
    return CompactModel(
      network: model.network, matrices: model.matrices, output: .numbers(noiseDeviation: nil),
      inputScaling: .identity, origin: model.origin, ports: ports)
  }

  @Test("are read back, and left out where they are those of any network")
  func roundTrip() throws {
    let model = try model()
    let file = try CompactModelSummary(bytes: try model.encoded())
    #expect(file.model == model && file.model.ports == Self.ports)
    #expect(file.sections.map(\.kind).contains("ports"))
    let plain = try CompactModelSummary(bytes: try self.model(nil).encoded())
    #expect(plain.model.ports.inputs == [Port(name: "input", shape: [6])])
    #expect(!plain.sections.map(\.kind).contains("ports"))
  }

  @Test("run the model: the same numbers, in arrays of their own")
  func prediction() throws {
    let model = try model()
    let image = PortArray(shape: [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    let state = PortArray(shape: [1, 2, 2], [9, 10, 11, 12])
    let arrays = try model.predictOutputs(for: ["image": image, "état": state])
    let flat = try model.predictOutputs(for: [Float]([1, 2, 3, 4, 9, 10, 5, 6, 7, 8, 11, 12]))
    #expect(arrays["y"] == PortArray(shape: [2, 2], [flat[0], flat[3], flat[1], flat[4]]))
    #expect(arrays["z"] == PortArray(shape: [2], [flat[2], flat[5]]))
    let error = #expect(throws: CompactModelError.self) {
      try model.predictOutputs(for: ["image": image])
    }
    #expect(error?.message.contains("the input \"état\" is missing") == true)
  }

  @Test("that lie are refused")
  func lies() throws {
    let network = try model().network
    let honest = try PortsSection.encode(Self.ports)
    #expect(try PortsSection.decode(honest, of: network) == Self.ports)
    let lies: [([UInt8], String)] = [
      ([0], "0 inputs are not possible"),
      (Array(honest.dropLast()), "ends too early"),
      (honest + [0], "bytes follow the names"),
      ([1, 1, 0x78, 1, 0, 1, 5, 1, 1, 0x79, 1, 0, 1, 3], "have 5 numbers, and the network 6"),
      ([1, 1, 0x78, 1, 2, 1, 6, 1, 1, 0x79, 1, 0, 1, 3], "along an axis that it has not"),
      ([1, 1, 0x78, 4, 0, 1, 6, 1, 1, 0x79, 1, 0, 1, 3], "what an array holds"),
      ([1, 1, 0xFF, 1, 0, 1, 6, 1, 1, 0x79, 1, 0, 1, 3], "not UTF-8"),
      ([1, 1, 0x78, 1, 0, 2, 6, 6, 1, 1, 0x79, 1, 0, 1, 3], "more numbers than the network"),
      (
        [2, 1, 0x78, 1, 0, 1, 3, 1, 0x78, 1, 0, 1, 3, 1, 1, 0x79, 1, 0, 1, 3],
        "no inputs, or two of one name"
      ),
    ]
    for (bytes, text) in lies {
      let error = #expect(throws: CompactModelError.self) {
        try PortsSection.decode(bytes, of: network)
      }
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
  }
}
