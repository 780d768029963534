import BBBNetwork

/// Matrices and pools: what moves windows.
extension NetworkWriter {
  /// Writes a linear layer or a convolution.
  ///
  /// - Parameters:
  ///   - matrix: What it is.
  ///   - name: The name of what it gives.
  ///   - number: The number of its parameter.
  ///   - input: The name of what it reads.
  /// - Throws: ``ONNXError`` if a weight is beyond the type that it is to be held in, or a window has too many axes.
  mutating func write(
    _ matrix: Matrix, as name: String, _ number: Int, reading input: String
  ) throws(ONNXError) {
    let (parameter, values) = (graph.network.parameters[number], graph.matrices[number])
    let shape = parameter.weights
    let extents =
      matrix.window.map { [shape.rows, shape.channels] + $0.axes.map(\.extent) }
      ?? [shape.rows, shape.channels]
    // Nodes that share weights read one tensor.
    var names = parameterNames[number]?[extents] ?? []
    if names.isEmpty {
      names = [try weights(values.weights, extents, as: parameter.weightName)]
      if let biases = values.biases {
        names.append(messages.append(biases, [shape.rows], as: parameter.biasName))
      }
      parameterNames[number, default: [:]][extents] = names
    }
    let inputs = [input] + names
    guard let window = matrix.window else {
      messages.append("Gemm", inputs, [.integer("transB", 1)], as: name)
      return
    }
    try check(window, name)
    messages.append(
      "Conv", inputs, window.attributes + [.integer("group", matrix.groupCount)], as: name)
  }

  private mutating func weights(
    _ weights: [Float], _ extents: [Int], as name: String
  ) throws(ONNXError) -> String {
    switch options.values {
    case .float32: messages.append(weights, extents, as: name)
    case .float16: try messages.append(halving: weights, extents, as: name)
    }
  }

  /// Writes a pool.
  ///
  /// - Parameters:
  ///   - pool: What it is.
  ///   - name: The name of what it gives.
  ///   - input: The name of what it reads.
  ///   - shape: The shape of that.
  /// - Throws: ``ONNXError`` if its window has too many axes.
  mutating func write(
    _ pool: Pool, as name: String, reading input: String, of shape: Shape
  ) throws(ONNXError) {
    try check(pool.window, name)
    let isDilated = pool.window.axes.contains { $0.dilation > 1 }
    // A runtime may take no more padding than the kernel has cells.
    let isWide = pool.window.axes.contains {
      max($0.paddingBefore, $0.paddingAfter) >= $0.extent
    }
    switch pool.kind {
    case .max:
      guard isWide else {
        messages.append("MaxPool", [input], pool.window.attributes, as: name)
        return
      }
      let axes = pool.window.axes
      let pads = [0, 0] + axes.map(\.paddingBefore) + [0, 0] + axes.map(\.paddingAfter)
      let padded = messages.append(
        "Pad", [input, messages.integers(pads), messages.number(-.infinity)],
        as: messages.name("\(name)/padded"))
      messages.append("MaxPool", [padded], pool.window.withoutPadding.attributes, as: name)
    case .average(let countsPadding):
      // Dilated ones are of version 19.
      guard isDilated || isWide else {
        messages.append(
          "AveragePool", [input],
          pool.window.attributesWithoutDilation
            + [.integer("count_include_pad", countsPadding ? 1 : 0)], as: name)
        return
      }
      writeAverage(pool.window, countsPadding, as: name, reading: input, of: shape)
    }
  }

  /// A mean as a sum, which is a convolution of ones in as many groups as channels, times one over the count.
  private mutating func writeAverage(
    _ window: Window, _ countsPadding: Bool, as name: String, reading input: String,
    of shape: Shape
  ) {
    let channelCount = shape.extents[0]
    let ones = messages.append(
      Array(repeating: 1, count: channelCount * window.cellCount),
      [channelCount, 1] + window.axes.map(\.extent), as: "\(name)/ones")
    let sum = messages.append(
      "Conv", [input, ones], window.attributes + [.integer("group", channelCount)],
      as: messages.name("\(name)/sum"))
    let sources = window.sources(over: shape.positions)
    let shares = sources.map { cells in
      1 / Float(countsPadding ? cells.count : cells.count { $0 != nil })
    }
    let outputs = zip(window.axes, shape.positions).map { $0.outputCount(of: $1) }
    messages.append(
      "Mul", [sum, messages.append(shares, [1, 1] + outputs, as: "\(name)/shares")], as: name)
  }

  private func check(_ window: Window, _ name: String) throws(ONNXError) {
    guard window.axes.count <= 3 else {
      throw refusal(
        name,
        "moves a window along \(window.axes.count) axes, and ONNX's runtimes do so along three")
    }
  }
}

extension Window {
  /// The window as a convolution or a maximum is told it.
  fileprivate var attributes: [Onnx_AttributeProto] {
    attributesWithoutDilation + [.integers("dilations", axes.map(\.dilation))]
  }

  fileprivate var attributesWithoutDilation: [Onnx_AttributeProto] {
    [
      .integers("kernel_shape", axes.map(\.extent)), .integers("strides", axes.map(\.stride)),
      .integers("pads", axes.map(\.paddingBefore) + axes.map(\.paddingAfter)),
    ]
  }

  fileprivate var withoutPadding: Window {
    Window(axes.map { Axis($0.extent, stride: $0.stride, dilation: $0.dilation) })
  }
}
