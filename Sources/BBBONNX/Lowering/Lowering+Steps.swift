import BBBNetwork

/// Which operation a node becomes.
extension Lowering {
  /// Lowers one step.
  ///
  /// - Throws: ``ONNXError`` if it is not run.
  mutating func lower(_ step: LoweringStep) throws(ONNXError) {
    try checkIntegers(step)
    switch step.function {
    case .activation(let activation):
      try emitActivation(activation, as: step)
      return
    case .normalisation(let axes, let epsilon):
      let input = try read(step.reads[0], by: step.node)
      try define(
        step.output, as: try normalised(input, over: axes, epsilon, of: step.node), step.node)
      return
    case .paddedMaximum(let pads):
      try lowerPool(step, of: try images(step.reads[0], by: step.node), paddedBy: pads)
      return
    case nil: break
    }
    switch step.node.operatorType {
    case "Conv": try lowerConvolution(step)
    case "ConvTranspose": try lowerTransposedConvolution(step)
    case "Gemm": try lowerAffineProduct(step)
    case "MatMul": try lowerProduct(step)
    case "Einsum": try lowerIndexedSum(step)
    case "Attention": try lowerAttention(step)
    case "BatchNormalization": try lowerBatchNormalization(step)
    case "LayerNormalization": try lowerLayerNormalization(step)
    case "GroupNormalization": try lowerGroupNormalization(step)
    case "RMSNormalization": try lowerRootMeanSquareNormalization(step)
    case "MeanVarianceNormalization": try lowerMeanVarianceNormalization(step)
    case "LpNormalization": try lowerNormDivision(step)
    case "InstanceNormalization": try lowerInstanceNormalization(step)
    case "Add", "Sub", "Mul", "Div": try lowerArithmetic(step)
    case "Min": try lowerSeveral(.minimum, step)
    case "Max": try lowerSeveral(.maximum, step)
    case "Sum", "Mean": try lowerSeveral(.add, step)
    case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Xor", "Not":
      try lowerComparison(step)
    case "Where": try lowerChoice(step)
    case "Cast", "CastLike": try lowerConversion(step)
    case "MaxPool", "AveragePool": try lowerPool(step, of: try readImages(step))
    case "GlobalMaxPool", "GlobalAveragePool": try lowerGlobalPool(step)
    case "ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2",
      "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp":
      try lowerReduction(step)
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze": try lowerShape(step)
    case "Transpose": try lowerTransposition(step)
    case "Expand": try lowerExpansion(step)
    case "ConstantOfShape": try lowerFilling(step)
    case "Tile": try lowerTiling(step)
    case "DepthToSpace", "SpaceToDepth": try lowerBlocks(step)
    case "Concat": try lowerConcatenation(step)
    case "Slice": try lowerSlice(step)
    case "Gather": try lowerSelection(step)
    case "Split": try lowerSplit(step)
    case "Pad": try lowerPadding(step)
    case "Resize": try lowerResize(step)
    case "LSTM", "GRU", "RNN": try lowerRecurrence(step)
    case "Softmax", "LogSoftmax": try lowerSoftmax(step)
    default:
      if let activation = try activation(step.node) {
        try lowerActivation(activation, as: step)
      } else if try !lowerFunction(step) {
        throw step.node.refusal(
          "is not run yet", "replace it in the network by what docs/networks.md lists")
      }
    }
  }

  /// The value that a step reads as its first input, a constant perhaps.
  mutating func readFirst(_ step: LoweringStep) throws(ONNXError) -> LoweredValue {
    guard let name = step.node.inputs.first.flatMap(\.self) else {
      throw step.node.refusal("lacks its input", "export the file again")
    }
    return try read(name, by: step.node)
  }

  /// An input that must be a constant.
  ///
  /// - Returns: The constant; `nil` if it is not given.
  /// - Throws: ``ONNXError`` if the network computes it.
  func constant(_ index: Int, of node: ONNXNode) throws(ONNXError) -> ONNXConstant? {
    guard index < node.inputs.count, let name = node.inputs[index] else { return nil }
    guard let constant = graph.constants[name] else {
      throw node.refusal(
        "reads its input number \(index + 1), \"\(name)\", from what the network computes, and that "
          + "is not run yet", "make it a constant of the network")
    }
    return constant
  }

  /// The elements of an input that must be constant real numbers; `nil` if it is not given.
  func reals(_ index: Int, of node: ONNXNode) throws(ONNXError) -> [Double]? {
    guard let constant = try constant(index, of: node) else { return nil }
    return try constant.reals(for: node)
  }
}

extension ONNXConstant {
  /// The elements, which a node reads as real numbers; integers as far as single precision holds them exactly.
  func reals(for node: ONNXNode) throws(ONNXError) -> [Double] {
    switch try elements() {
    case .reals(let reals): return reals
    case .integers(let integers):
      let numbers = integers.compactMap(\.number)
      guard numbers.count == integers.count,
        numbers.allSatisfy({ $0.magnitude <= Lowering.largestInteger })
      else {
        throw node.refusal(
          "reads integers beyond 2²⁴, or that depend on the number of examples, where numbers of single precision are run",
          "export the network with real numbers there")
      }
      return numbers.map(Double.init)
    }
  }
}
