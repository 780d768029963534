import BBBNetwork

/// A graph's inputs and outputs as parts of a network's one input and one output.
extension Lowering {
  /// Takes the inputs that are read out of the network's input.
  mutating func readInputs() throws(ONNXError) {
    guard graph.inputs.count > 1 else {
      let input = graph.inputs[0]
      values[input.name] = LoweredValue(value: .input, view: ValueView(input.value.shape))
      return
    }
    var start = 0
    for input in graph.inputs {
      defer { start += input.count }
      guard steps.isRead(input.name) else { continue }
      let part = Slice([Slice.Axis(start: start, count: input.count)])
      do throws(NetworkError) {
        values[input.name] = LoweredValue(
          value: try append(.slice(part), reading: [.input]), view: ValueView(input.value.shape))
      } catch {
        throw ONNXError(
          .unsupported, "the input \"\(input.name)\" cannot be run: \(error.message)")
      }
    }
  }

  /// Puts the outputs together as the network's output, which stands last.
  ///
  /// - Returns: The names and shapes of inputs and outputs.
  /// - Throws: ``ONNXError`` naming an output that does not have the examples along one axis.
  mutating func writeOutputs() throws(ONNXError) -> Ports {
    var ports: [Port] = []
    var parts: [Value] = []
    for output in graph.outputs {
      let maker = steps.all.last { $0.node.outputs.contains(output.value) }?.node
      let node = maker ?? ONNXNode(ofOutput: output.name)
      var value = try read(output.value, by: node)
      let batchAxis = value.view.batchAxis
      guard value.view.axes.indices.count(where: value.view.countsExamples) <= 1,
        batchAxis.map(value.view.isBatchAlone) ?? true
      else {
        throw ONNXError(
          .unsupported,
          "the output \"\(output.name)\" is \(value.view.shape.text), an axis of which counts the examples together with "
            + "other things; export the network with an axis for the examples alone")
      }
      let others = value.view.axes.indices.filter { $0 != batchAxis }
      value = try hold(value, as: others.map(value.view.atoms(of:)), for: node)
      ports.append(
        Port(
          name: output.name, shape: others.map(value.view.extent(of:)), exampleAxis: batchAxis,
          holdsIntegers: graph.values[output.value]?.elementType.isFloatingPoint == false))
      if graph.outputs.count > 1, shapes[value.value.index].extents.count > 1 {
        value.value = try append(.flatten, reading: [value.value], for: node)
      }
      parts.append(value.value)
    }
    let last = steps.all.last?.node ?? ONNXNode(ofOutput: graph.outputs[0].name)
    if parts.count > 1 {
      _ = try append(.concatenate, reading: parts, for: last)
    } else if parts[0] != .node(operations.count - 1) {
      // What is read last stands last.
      _ = try append(.activation(.none), reading: parts, for: last)
    }
    return Ports(
      inputs: graph.inputs.map { input in
        Port(
          name: input.name, shape: input.exampleShape, exampleAxis: input.batchAxis,
          holdsIntegers: !input.elementType.isFloatingPoint)
      }, outputs: ports)
  }
}

extension ONNXNode {
  /// What stands for the node that makes an output which an input, or a constant, is already.
  fileprivate init(ofOutput name: String) {
    self.init(
      name: name, operatorType: "output", inputs: [], outputs: [name],
      attributes: ONNXAttributes([:], of: "the output \"\(name)\""), metadata: [:])
  }
}
