/// Recurrent layers.
extension Operator {
  private static let attributes: Set<String> = [
    "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
    "layout",
  ]

  static let recurrences: [String: Operator] = [
    "LSTM": Operator(
      inputs: 3...8, outputs: 1...3, attributes: attributes.union(["input_forget"]),
      OperatorCall.recurrence),
    "GRU": Operator(
      inputs: 3...6, outputs: 1...2, attributes: attributes.union(["linear_before_reset"]),
      OperatorCall.recurrence),
    "RNN": Operator(
      inputs: 3...6, outputs: 1...2, attributes: attributes, OperatorCall.recurrence),
  ]
}

extension OperatorCall {
  /// A recurrent layer over (length, batch, inputs), or (batch, length, inputs) by its layout.
  ///
  /// It makes all hidden states (length, directions, batch, units), the last ones (directions, batch,
  /// units), and those of the cells; the other layout has the batch first.
  fileprivate func recurrence() throws(ONNXError) -> [ONNXValue] {
    let gates = ["LSTM": 4, "GRU": 3][node.operatorType] ?? 1
    let direction = try attributes.text("direction", default: "forward")
    guard ["forward", "reverse", "bidirectional"].contains(direction) else {
      throw malformed("has the unknown direction \"\(direction)\"")
    }
    let directions = direction == "bidirectional" ? 2 : 1
    let isBatchFirst = try attributes.flag("layout")
    let shape = try input(0, rank: 3...3).shape
    let (length, batch) = isBatchFirst ? (shape[1], shape[0]) : (shape[0], shape[1])
    guard !length.isBatch, let inputCount = shape[2].number else { throw mixesExamples() }
    let recurrent = try numbers(2, rank: 3...3)
    let units = recurrent[2]
    let (rows, overflow) = units.multipliedReportingOverflow(by: gates)
    guard !overflow, recurrent == [directions, rows, units],
      try attributes.integer("hidden_size", default: units) == units,
      try numbers(1, rank: 3...3) == [directions, rows, inputCount]
    else {
      throw malformed(
        "has weights of shapes \(try input(1).shape.text) and \(recurrent.map(ONNXExtent.number).text) "
          + "for inputs of \(inputCount)")
    }
    try checkParameters(rows: rows, units: units, directions: directions, length: length)
    let states = [.number(directions), batch, .number(units)]
    let state = isBatchFirst ? [states[1], states[0], states[2]] : states
    for index in 5..<max(5, min(inputs.count, 7)) {
      guard let initial = optionalInput(index) else { continue }
      guard initial.shape.count == 3 else {
        throw malformed("has initial states of shape \(initial.shape.text)")
      }
      for (one, other) in zip(initial.shape, state) {
        try checkEqual(one, other, in: [initial.shape, state])
      }
    }
    let type = try commonType(of: inputs.indices.filter { $0 != 4 })
    let all = isBatchFirst ? [batch, length] + [states[0], states[2]] : [length] + states
    return [ONNXValue(type, all), ONNXValue(type, state), ONNXValue(type, state)]
      .prefix(node.operatorType == "LSTM" ? 3 : 2) + []
  }

  /// Biases, lengths of the examples, and the peepholes of an LSTM.
  private func checkParameters(
    rows: Int, units: Int, directions: Int, length: ONNXExtent
  ) throws(ONNXError) {
    if let bias = optionalInput(3) {
      guard bias.shape == [.number(directions), .number(2 * rows)] else {
        throw malformed("has biases of shape \(bias.shape.text)")
      }
    }
    if let lengths = optionalInput(4) {
      guard case .integers(let numbers)? = try lengths.constant?.elements(),
        numbers.allSatisfy({ $0 == length })
      else {
        throw unsupported(
          "reads sequences of different lengths (sequence_lens)",
          "export the network for sequences of one length, without pack_padded_sequence")
      }
    }
    if let peepholes = optionalInput(7) {
      guard peepholes.shape == [.number(directions), .number(3 * units)] else {
        throw malformed("has peepholes of shape \(peepholes.shape.text)")
      }
    }
  }
}
