import BBBNetwork

/// Images, or whatever has channels and positions, held as networks have them: the channels, then the positions.
///
/// The graph's first axis counts them. What it counts besides the examples, such as the frames of films, or all images of a graph
/// without examples, is one more axis of positions, the first behind the channels, along which nothing moves.
struct LoweredImages {
  /// What is held.
  var held: LoweredValue
  /// The graph's axes, in the order in which they are held.
  let axes: [Int]

  /// What there is for each axis of positions: one more where an example has several images.
  func positions<Element>(_ elements: [Element], alongImages element: Element) -> [Element] {
    (axes.contains(0) ? [element] : []) + elements
  }
}

extension Lowering {
  /// A value that a node reads as images.
  ///
  /// - Parameters:
  ///   - name: The value's name.
  ///   - node: The node that reads it.
  /// - Returns: The images.
  /// - Throws: ``ONNXError`` if channels or positions count examples.
  mutating func images(_ name: String, by node: ONNXNode) throws(ONNXError) -> LoweredImages {
    let value = try read(name, by: node)
    let axes = value.view.axes.indices
    guard !axes.dropFirst().contains(where: value.view.countsExamples) else {
      throw node.refusal(
        "reads \"\(name)\", of which another axis than the first counts examples, and that is not run",
        "export the network with the batch first (batch_first=True)")
    }
    let order = [1] + (value.view.atoms(of: 0).isEmpty ? [] : [0]) + axes.dropFirst(2)
    let held = try hold(value, as: order.map(value.view.atoms(of:)), for: node)
    values[name] = held
    return LoweredImages(held: held, axes: order)
  }

  /// The images that a step reads as its first input.
  mutating func readImages(_ step: LoweringStep) throws(ONNXError) -> LoweredImages {
    guard let name = step.node.inputs.first.flatMap(\.self), graph.constants[name] == nil else {
      throw step.node.refusal(
        "reads a constant as its first input, where only what the network computes is run",
        "exchange the two in the network")
    }
    return try images(name, by: step.node)
  }

  /// Images made of others, as many and held alike.
  func images(_ value: Value, like images: LoweredImages) -> LoweredValue {
    let extents = shapes[value.index].extents
    return LoweredValue(
      value: value, view: ValueView(holding: images.axes, of: images.held.view) { extents[$0] })
  }
}

extension Window {
  /// The windows that a graph has over images.
  init(_ window: ONNXWindow, over images: LoweredImages) {
    let axes = window.kernel.indices.map { axis in
      Axis(
        window.kernel[axis], stride: window.strides[axis], dilation: window.dilations[axis],
        paddingBefore: window.padsBefore[axis], paddingAfter: window.padsAfter[axis])
    }
    self.init(images.positions(axes, alongImages: Axis(1)))
  }
}
