/// Normalizations.
extension Operator {
  static let normalizations: [String: Operator] = [
    "BatchNormalization": Operator(
      inputs: 5...5, attributes: ["epsilon", "momentum", "training_mode"],
      OperatorCall.batchNormalization),
    "InstanceNormalization": Operator(
      inputs: 3...3, attributes: ["epsilon"], OperatorCall.instanceNormalization),
    "GroupNormalization": Operator(
      inputs: 3...3, attributes: ["epsilon", "num_groups", "stash_type"], since: 18,
      OperatorCall.groupNormalization),
    "LayerNormalization": Operator(
      inputs: 2...3, outputs: 1...3, attributes: ["axis", "epsilon", "stash_type"], since: 17,
      OperatorCall.layerNormalization),
    "RMSNormalization": Operator(
      inputs: 2...2, attributes: ["axis", "epsilon", "stash_type"], since: 23,
      OperatorCall.layerNormalization),
    "MeanVarianceNormalization": Operator(
      inputs: 1...1, attributes: ["axes"], OperatorCall.meanVarianceNormalization),
    "LpNormalization": Operator(
      inputs: 1...1, attributes: ["axis", "p"], OperatorCall.normDivision),
    "Softmax": Operator(inputs: 1...1, attributes: ["axis"], OperatorCall.softmax),
    "LogSoftmax": Operator(inputs: 1...1, attributes: ["axis"], OperatorCall.softmax),
  ]
}

extension OperatorCall {
  /// Checks that inputs have one number for each of some units.
  private func checkPerUnit(_ indices: ClosedRange<Int>, count: Int) throws(ONNXError) {
    for index in indices {
      let shape = try input(index).shape
      guard shape == [.number(count)] else {
        throw malformed(
          "has an input number \(index + 1) of shape \(shape.text), where \(count) numbers belong")
      }
    }
  }

  fileprivate func batchNormalization() throws(ONNXError) -> [ONNXValue] {
    guard try !attributes.flag("training_mode") else {
      throw unsupported(
        "normalizes by the batch (training_mode)", "call eval() before the network is exported")
    }
    // Scale, shift, mean and variance may be of a wider type than the values.
    try checkPerUnit(1...4, count: try channelled(0, rank: 2...8).channels)
    return [try input(0).value]
  }

  fileprivate func instanceNormalization() throws(ONNXError) -> [ONNXValue] {
    try checkPerUnit(1...2, count: try channelled(0).channels)
    return [ONNXValue(try commonType(of: 0...2), try input(0).shape)]
  }

  fileprivate func groupNormalization() throws(ONNXError) -> [ONNXValue] {
    let channels = try channelled(0, rank: 2...8).channels
    let groups = try attributes.integer("num_groups", default: 0)
    guard groups > 0, channels % groups == 0 else {
      throw malformed("has \(groups) groups for \(channels) channels")
    }
    // Until version 20 there was one scale for each group.
    try checkPerUnit(1...2, count: operatorSetVersion < 21 ? groups : channels)
    return [ONNXValue(try commonType(of: 0...2), try input(0).shape)]
  }

  /// Normalizes the last axes, from one on.
  fileprivate func layerNormalization() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0, rank: 1...8).shape
    let axis = try axis(try attributes.integer("axis", default: -1), rank: shape.count)
    let normalized = Array(shape[axis...])
    guard normalized.batchAxes.isEmpty else { throw mixesExamples() }
    for index in 1...2 {
      guard let parameters = optionalInput(index) else { continue }
      guard try broadcast([parameters.shape, normalized]) == normalized else {
        throw malformed(
          "has an input number \(index + 1) of shape \(parameters.shape.text) for axes of "
            + normalized.text)
      }
    }
    let type = try commonType(of: inputs.indices)
    // Mean and deviation may be asked for, too.
    let statistics = ONNXValue(type, shape[..<axis] + normalized.map { _ in .number(1) })
    return [ONNXValue(type, shape), statistics, statistics]
  }

  fileprivate func meanVarianceNormalization() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0).shape
    let axes = try axes(try attributes.integers("axes") ?? [0, 2, 3], rank: shape.count)
    guard axes.allSatisfy({ !shape[$0].isBatch }) else { throw mixesExamples() }
    return [try input(0).value]
  }

  fileprivate func normDivision() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0).shape
    let axis = try axis(try attributes.integer("axis", default: -1), rank: shape.count)
    guard !shape[axis].isBatch else { throw mixesExamples() }
    return [try input(0).value]
  }

  /// Before version 13 all axes from one on were one.
  fileprivate func softmax() throws(ONNXError) -> [ONNXValue] {
    let shape = try input(0).shape
    let isJoined = operatorSetVersion < 13
    let axis = try axis(
      try attributes.integer("axis", default: isJoined ? 1 : -1), rank: shape.count)
    let axes = isJoined ? shape[axis...] : shape[axis...axis]
    guard axes.allSatisfy({ !$0.isBatch }) else { throw mixesExamples() }
    return [try input(0).value]
  }
}
