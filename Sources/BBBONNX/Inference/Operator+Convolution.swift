/// Convolutions.
extension Operator {
  private static let windowAttributes: Set<String> = [
    "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides",
  ]

  static let convolutions: [String: Operator] = [
    "Conv": Operator(inputs: 2...3, attributes: windowAttributes, OperatorCall.convolution),
    "ConvTranspose": Operator(
      inputs: 2...3, attributes: windowAttributes.union(["output_padding", "output_shape"]),
      OperatorCall.transposedConvolution),
  ]
}

/// How a value is laid out that has channels and positions: (batch, channels, rows, columns).
struct ChannelledShape {
  let batch: ONNXExtent
  let channels: Int
  let positions: [Int]

  /// The shape with other channels and positions.
  func shape(channels: Int, positions: [Int]) -> [ONNXExtent] {
    [batch, .number(channels)] + positions.map(ONNXExtent.number)
  }
}

extension OperatorCall {
  /// The shape of an input of at least one spatial axis.
  func channelled(_ index: Int, rank: ClosedRange<Int> = 3...8) throws(ONNXError) -> ChannelledShape
  {
    let shape = try input(index, rank: rank).shape
    guard let numbers = Array(shape.dropFirst()).numbers else { throw mixesExamples() }
    return ChannelledShape(
      batch: shape[0], channels: numbers[0], positions: Array(numbers.dropFirst()))
  }

  /// The windows that the attributes say; padding that follows from the input is set.
  func window(kernel: [Int], positions: [Int]) throws(ONNXError) -> ONNXWindow {
    let rank = kernel.count
    guard kernel.allSatisfy({ (1...ValueLimit.elementCount).contains($0) }) else {
      throw malformed("has the impossible kernel \(kernel.map(ONNXExtent.number).text)")
    }
    let pads = try counts("pads", count: 2 * rank, default: 0, atLeast: 0)
    var window = ONNXWindow(
      kernel: kernel, strides: try counts("strides", count: rank, default: 1, atLeast: 1),
      dilations: try counts("dilations", count: rank, default: 1, atLeast: 1),
      padsBefore: Array(pads[..<rank]), padsAfter: Array(pads[rank...]))
    window.isCeiling = try attributes.flag("ceil_mode")
    switch try attributes.text("auto_pad", default: "NOTSET") {
    case "NOTSET": break
    case "VALID":
      window.padsBefore = [Int](repeating: 0, count: rank)
      window.padsAfter = window.padsBefore
    case "SAME_UPPER": window.padToSame(positions, isLowerFirst: false)
    case "SAME_LOWER": window.padToSame(positions, isLowerFirst: true)
    case let other: throw malformed("has the unknown auto_pad \"\(other)\"")
    }
    return window
  }

  /// The kernel's extents, which the attribute, if there is one, must repeat.
  private func kernel(of weights: [Int]) throws(ONNXError) -> [Int] {
    let kernel = Array(weights.dropFirst(2))
    if let written = try attributes.integers("kernel_shape"), written != kernel {
      throw malformed("has a kernel_shape that is not that of its weights")
    }
    return kernel
  }

  private func checkBias(count: Int) throws(ONNXError) {
    guard let bias = optionalInput(2) else { return }
    guard bias.shape == [.number(count)] else {
      throw malformed("has a bias of shape \(bias.shape.text) for \(count) channels")
    }
  }

  /// Weights of a convolution: (outputs, inputs of a group, kernel…), grouped.
  fileprivate func convolution() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0)
    let rank = input.positions.count + 2
    let weights = try numbers(1, rank: rank...rank)
    let groups = try attributes.integer("group", default: 1)
    guard groups >= 1, weights[0] % groups == 0, input.channels % groups == 0,
      input.channels / groups == weights[1]
    else {
      throw malformed(
        "has weights of shape \(weights.map(ONNXExtent.number).text) in \(groups) groups for "
          + "\(input.channels) channels")
    }
    try checkBias(count: weights[0])
    let window = try convolutionWindow()
    guard let extents = window.outputExtents(of: input.positions) else {
      throw malformed("has a kernel that is larger than its input")
    }
    return [
      ONNXValue(
        try commonType(of: inputs.indices), input.shape(channels: weights[0], positions: extents))
    ]
  }

  /// The windows of a convolution, padding included.
  func convolutionWindow() throws(ONNXError) -> ONNXWindow {
    let input = try channelled(0)
    let rank = input.positions.count + 2
    return try window(
      kernel: kernel(of: numbers(1, rank: rank...rank)), positions: input.positions)
  }

  /// Weights of a transposed convolution: (inputs, outputs of a group, kernel…).
  fileprivate func transposedConvolution() throws(ONNXError) -> [ONNXValue] {
    let input = try channelled(0)
    let rank = input.positions.count + 2
    let weights = try numbers(1, rank: rank...rank)
    let groups = try attributes.integer("group", default: 1)
    let (channels, overflow) = weights[1].multipliedReportingOverflow(by: groups)
    guard groups >= 1, input.channels == weights[0], weights[0] % groups == 0, !overflow else {
      throw malformed(
        "has weights of shape \(weights.map(ONNXExtent.number).text) in \(groups) groups for "
          + "\(input.channels) channels")
    }
    try checkBias(count: channels)
    let window = try transposedWindow()
    let padding = try counts(
      "output_padding", count: input.positions.count, default: 0, atLeast: 0)
    let made = window.transposedExtents(of: input.positions, outputPadding: padding)
    // What is asked for beyond that has no sums.
    let extents = try attributes.integers("output_shape") ?? made
    guard extents.count == made.count, zip(extents, made).allSatisfy({ $0 >= $1 && $1 >= 1 })
    else {
      throw malformed("makes \(made.map(ONNXExtent.number).text), which is not what is asked")
    }
    return [
      ONNXValue(
        try commonType(of: inputs.indices), input.shape(channels: channels, positions: extents))
    ]
  }

  /// The windows of a transposed convolution, with the padding that its output's shape asks for.
  func transposedWindow() throws(ONNXError) -> ONNXWindow {
    let input = try channelled(0)
    let count = input.positions.count
    let kernel = try kernel(of: numbers(1, rank: count + 2...count + 2))
    let padding = try counts("output_padding", count: count, default: 0, atLeast: 0)
    let automatic = try attributes.text("auto_pad", default: "NOTSET")
    var window = try window(kernel: kernel, positions: input.positions)
    let isLowerFirst = automatic != "SAME_UPPER"
    if attributes["output_shape"] != nil {
      let extents = try counts("output_shape", count: count, default: 1, atLeast: 1)
      window.padTransposed(
        input.positions, to: extents, outputPadding: padding, isLowerFirst: isLowerFirst)
    } else if automatic.hasPrefix("SAME") {
      window.padTransposed(
        input.positions, to: zip(input.positions, window.strides).map { $0 * $1 },
        outputPadding: padding, isLowerFirst: isLowerFirst)
    }
    return window
  }
}
