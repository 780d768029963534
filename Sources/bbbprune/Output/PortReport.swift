import BBBNetwork

/// What `inspect` tells of an input or an output.
struct PortReport: Encodable {
  var name: String
  /// The extents of its array; `null` for the number of examples.
  var shape: [Int?]
  /// Whether its numbers are integers.
  var integers: Bool

  init(_ port: Port) {
    name = port.name
    shape = port.shape
    if let axis = port.exampleAxis { shape.insert(nil, at: axis) }
    integers = port.holdsIntegers
  }

  /// Lines of names and shapes, where they say more than the network does.
  static func lines(_ ports: Ports?, of network: Network) -> [String] {
    guard let ports, ports != Ports(of: network) else { return [] }
    return [
      "inputs \(Ports.list(ports.inputs).withoutControlCharacters)",
      "outputs \(Ports.list(ports.outputs).withoutControlCharacters)",
    ]
  }
}
