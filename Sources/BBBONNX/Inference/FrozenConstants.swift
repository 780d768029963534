/// Constants that an exporter repeated for the number of examples that the file is for, such as a class
/// token or the first state of a recurrent layer.
extension GraphBuilder {
  /// The call with such constants made for any number of examples, if it joins them with the batch.
  ///
  /// - Throws: ``ONNXError`` if a constant is not the same for every example.
  mutating func withoutFrozenConstants(_ call: OperatorCall) throws(ONNXError) -> OperatorCall {
    guard let frozenBatch else { return call }
    var call = call
    for (index, input) in call.inputs.enumerated() {
      guard let constant = input?.constant, let axis = call.batchAxis(ofConstant: index),
        constant.shape[axis] == frozenBatch
      else { continue }
      let name = try spread(constant, along: axis, of: call, input: index)
      call = call.reading(name, known[name], at: index)
    }
    return call
  }

  /// Makes a value of a constant's part for one example, repeated by a node for any number of them.
  private mutating func spread(
    _ constant: ONNXConstant, along axis: Int, of call: OperatorCall, input index: Int
  ) throws(ONNXError) -> String {
    let name = resolved(call.node.inputs[index])
    let example = constant.viewed(.sliced(axis: axis, range: 0..<1))
    try check(constant, repeats: example, along: axis, named: name, of: call)
    let names = (example: name + "/example", shape: name + "/shape", batch: name + "/batch")
    if known[names.batch] != nil { return names.batch }
    guard known[names.example] == nil, known[names.shape] == nil else {
      throw call.malformed("reads \"\(name)\", from which names of other values follow")
    }
    var shape = constant.shape.map(ONNXExtent.number)
    shape[axis] = .batch
    define(names.example, as: example)
    define(
      names.shape,
      as: ONNXConstant(elementType: .int64, shape: [shape.count], elements: .integers(shape)))
    keep(
      ONNXNode(
        name: "", operatorType: "Expand", inputs: [names.example, names.shape],
        outputs: [names.batch],
        attributes: ONNXAttributes([:], of: "the node of \"\(names.batch)\""),
        metadata: [:]), making: [ONNXValue(constant.elementType, shape)])
    return names.batch
  }

  private mutating func check(
    _ constant: ONNXConstant, repeats example: ONNXConstant, along axis: Int, named name: String,
    of call: OperatorCall
  ) throws(ONNXError) {
    guard constant.shape[axis] > 1 else { return }
    try spend(constant, on: call)
    let positions = ElementPositions.broadcast(example.shape, to: constant.shape)
    guard try example.elements().gathered(at: positions) == constant.elements() else {
      throw call.unsupported(
        "reads \"\(name)\", which holds other numbers for each of the \(constant.shape[axis]) examples "
          + "that the file was exported for",
        "export the network with a free batch (dynamic_axes, or dynamic_shapes of the newer exporter)"
      )
    }
  }
}

extension OperatorCall {
  /// The axis of a constant that meets the batch of another input.
  fileprivate func batchAxis(ofConstant index: Int) -> Int? {
    guard let rank = optionalInput(index)?.shape.count else { return nil }
    switch node.operatorType {
    case "LSTM", "GRU", "RNN":
      let isBatchFirst = (try? attributes.flag("layout")) ?? false
      return index == 5 || index == 6 ? (rank == 3 ? (isBatchFirst ? 0 : 1) : nil) : nil
    case "Concat":
      let axes = inputs.compactMap { $0?.shape.batchAxes.first }
      return axes.first.flatMap { $0 < rank ? $0 : nil }
    case "Expand":
      guard index == 0, let target = try? constantExtents(1) else { return nil }
      let fromLast = target.firstIndex(where: \.isBatch).map { target.count - $0 }
      return fromLast.flatMap { $0 <= rank ? rank - $0 : nil }
    case "Add", "Sub", "Mul", "Div", "Where", "Min", "Max":
      // A single example is broadcast by the operator itself.
      guard frozenBatch != 1 else { return nil }
      let fromLast = inputs.compactMap { input in
        input.flatMap { input in input.shape.batchAxes.first.map { input.shape.count - $0 } }
      }
      return fromLast.first.flatMap { $0 <= rank ? rank - $0 : nil }
    default: return nil
    }
  }

  /// The call with another value as an input.
  fileprivate func reading(_ name: String, _ value: KnownValue?, at index: Int) -> OperatorCall {
    var names = node.inputs
    var values = inputs
    names[index] = name
    values[index] = value
    return OperatorCall(
      node: FlatNode(
        name: node.name, operatorType: node.operatorType, domain: node.domain, inputs: names,
        outputs: node.outputs, attributes: node.attributes, branches: node.branches,
        metadata: node.metadata), operatorSetVersion: operatorSetVersion, frozenBatch: frozenBatch,
      inputs: values)
  }
}
