import BBBNetwork

/// What a graph takes and gives by name, of which a network has one input and one output.
extension NetworkWriter {
  /// The network's input: the numbers of all inputs of an example, one behind the other.
  mutating func input() throws(ONNXError) -> WrittenValue {
    let ports = graph.ports.inputs
    let shape = graph.network.input.extents
    if ports.count == 1, ports[0].isValue(of: shape) {
      return WrittenValue(name: ports[0].name, isBatched: true)
    }
    let rows = ports.map { port in
      var name = port.name
      if port.holdsIntegers {
        name = messages.append(
          "Cast", [name], [.integer("to", Int(ONNXElementType.float32.rawValue))],
          as: messages.name("\(port.name)/float32"))
      }
      if let axis = port.exampleAxis, axis > 0 {
        let order = [axis] + (0...port.shape.count).filter { $0 != axis }
        name = messages.append(
          "Transpose", [name], [.integers("perm", order)],
          as: messages.name("\(port.name)/transposed"))
      }
      let extents = port.exampleAxis == nil ? [1, port.count] : [0, port.count]
      return messages.append(
        "Reshape", [name, messages.integers(extents)], as: messages.name("\(port.name)/row"))
    }
    let row =
      rows.count == 1
      ? rows[0]
      : messages.append("Concat", rows, [.integer("axis", 1)], as: messages.name("inputs"))
    return reshaped(
      WrittenValue(name: row, isBatched: true), from: [graph.network.inputCount], to: shape)
  }

  /// Makes the outputs of the network's: its elements, one behind the other.
  ///
  /// - Parameters:
  ///   - value: The network's output.
  ///   - extents: The shape of one example of it.
  mutating func writeOutputs(_ value: WrittenValue, _ extents: [Int]) {
    let ports = graph.ports.outputs
    let count = extents.reduce(1, *)
    if ports.count == 1, ports[0].isValue(of: extents) {
      if !messages.renameOutput(value.name, to: ports[0].name) {
        messages.append("Identity", [value.name], as: ports[0].name)
      }
      return
    }
    let row = reshaped(value, from: extents, to: [count]).name
    var first = 0
    for port in ports {
      var part = row
      if port.count != count {
        part = messages.append(
          "Slice",
          [
            row, messages.integers([first]), messages.integers([first + port.count]),
            messages.integers([1]),
          ], as: messages.name("\(port.name)/row"))
      }
      first += port.count
      guard let axis = port.exampleAxis else {
        messages.append("Reshape", [part, messages.integers(port.shape)], as: port.name)
        continue
      }
      let isFirst = axis == 0
      let shaped = messages.append(
        "Reshape", [part, messages.integers([0] + port.shape)],
        as: isFirst ? port.name : messages.name("\(port.name)/shaped"))
      guard !isFirst else { continue }
      var order = Array(1...port.shape.count)
      order.insert(0, at: axis)
      messages.append("Transpose", [shaped], [.integers("perm", order)], as: port.name)
    }
  }
}

extension Port {
  /// Whether an array is a value of a network as it is: real numbers, the examples first.
  fileprivate func isValue(of shape: [Int]) -> Bool {
    exampleAxis == 0 && self.shape == shape && !holdsIntegers
  }
}
