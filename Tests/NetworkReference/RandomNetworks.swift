import BBBNetwork

/// Small networks of all kinds: branches, residuals, concatenations, slices, pads, strides, dilations, groups, pools, attention,
/// every activation, weights that several nodes use.
public enum RandomNetworks {
  /// Makes a network.
  ///
  /// - Parameters:
  ///   - generator: What decides.
  ///   - activations: Which activations occur.
  ///   - hasAttention: Whether softmax, normalisation and products occur.
  ///   - sharesWeights: Whether matrices may use the weights of others.
  /// - Returns: A network of plain units, or of channels of one or two axes.
  public static func make(
    using generator: inout some RandomNumberGenerator,
    activations: [Activation] = Activation.allCases, hasAttention: Bool = true,
    sharesWeights: Bool = true
  ) -> Network {
    while true {
      var builder = Builder(
        input: inputShape(using: &generator), activations: activations, hasAttention: hasAttention,
        sharesWeights: sharesWeights)
      let length = Int.random(in: 2...9, using: &generator)
      for _ in 0..<length { builder.appendSomething(using: &generator) }
      if let network = builder.finished(using: &generator) { return network }
    }
  }

  private static func inputShape(using generator: inout some RandomNumberGenerator) -> Shape {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: [Int.random(in: 1...9, using: &generator)]
    case 1:
      [Int.random(in: 1...3, using: &generator), Int.random(in: 3...12, using: &generator)]
    default:
      [
        Int.random(in: 1...3, using: &generator), Int.random(in: 3...9, using: &generator),
        Int.random(in: 3...9, using: &generator),
      ]
    }
  }

  /// Makes weights for a network, some of them 0, and biases.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - generator: What decides.
  /// - Returns: Weights for each parameter, so large that values neither vanish nor grow.
  public static func weights(
    for network: Network, using generator: inout some RandomNumberGenerator
  ) -> [ReferenceNetwork.Weights] {
    network.parameters.map { parameter in
      let shape = parameter.weights
      let scale = 1.5 / Double(max(shape.channels * shape.taps, 1)).squareRoot()
      let weights = (0..<shape.count).map { _ in
        Double(Float(Double.random(in: -1...1, using: &generator) * scale))
      }
      let biases = (0..<shape.rows).map { _ in
        Double(Float(Double.random(in: -0.5...0.5, using: &generator)))
      }
      return ReferenceNetwork.weights(weights, biases: parameter.hasBias ? biases : nil, shape)
    }
  }
}

/// Appends nodes that fit.
private struct Builder {
  let input: Shape
  let activations: [Activation]
  let hasAttention: Bool
  let sharesWeights: Bool
  var nodes: [Node] = []
  var shapes: [Shape]

  init(input: Shape, activations: [Activation], hasAttention: Bool, sharesWeights: Bool) {
    self.input = input
    self.activations = activations
    self.hasAttention = hasAttention
    self.sharesWeights = sharesWeights
    shapes = [input]
  }

  /// Appends an operation; one that does not fit, or makes too much of it, is left out.
  mutating func append(_ operation: Operation, _ inputs: [Int]) {
    guard let shape = try? operation.shape(reading: inputs.map { shapes[$0] }), shape.count <= 600
    else { return }
    nodes.append(Node("n\(nodes.count)", operation, reading: inputs.map(Value.init(index:))))
    shapes.append(shape)
  }

  mutating func appendSomething(using generator: inout some RandomNumberGenerator) {
    // Mostly the newest value, so that networks are deep.
    let source =
      Bool.random(using: &generator)
      ? shapes.count - 1 : Int.random(in: 0..<shapes.count, using: &generator)
    let shape = shapes[source]
    switch Int.random(in: 0..<22, using: &generator) {
    case 18...19 where sharesWeights:
      appendSharing(source, using: &generator)
    case 0...2:
      append(.matrix(matrix(over: shape, using: &generator)), [source])
    case 3...4:
      appendActivation(of: source, using: &generator)
    case 5 where shape.extents.count > 1:
      let axes = window(over: shape, using: &generator).axes.map { axis in
        var axis = axis
        axis.paddingBefore = min(axis.paddingBefore, axis.reach - 1)
        axis.paddingAfter = min(axis.paddingAfter, axis.reach - 1)
        return axis
      }
      let kinds: [Pool.Kind] = [
        .max, .average(countsPadding: true), .average(countsPadding: false),
      ]
      append(.pool(Pool(kinds.randomElement(using: &generator) ?? .max, Window(axes))), [source])
    case 6 where shape.extents.count > 1 && Int.random(in: 0..<3, using: &generator) == 0:
      append(.flatten, [source])
    case 7: appendArithmetic(of: source, using: &generator)
    case 8:
      let others = shapes.indices.filter { shapes[$0].positions == shape.positions }
      let count = Int.random(in: 1...2, using: &generator)
      append(
        .concatenate,
        [source] + (0..<count).compactMap { _ in others.randomElement(using: &generator) })
    case 9:
      append(
        Bool.random(using: &generator)
          ? .slice(slice(of: shape, using: &generator))
          : .gather(gather(from: shape, using: &generator)), [source])
    case 10: appendGate(of: source, using: &generator)
    case 11:
      let extents = shape.extents.map { Bool.random(using: &generator) ? $0 : 1 }
      append(.constant(Shape(extents)), [])
      appendArithmetic([source, shapes.count - 1].shuffled(using: &generator), using: &generator)
    case 12:
      func zeros() -> [Int] {
        shape.extents.map { _ in
          Bool.random(using: &generator) ? 0 : Int.random(in: 0...2, using: &generator)
        }
      }
      let between =
        [0]
        + shape.positions.map { _ in
          Bool.random(using: &generator) ? 0 : Int.random(in: 0...2, using: &generator)
        }
      append(.pad(Pad(before: zeros(), after: zeros(), between: between)), [source])
    case 13:
      append(
        .transpose(
          Transpose(
            Bool.random(using: &generator)
              ? shape.extents.indices.shuffled(using: &generator)
              : [0] + (1..<shape.extents.count).shuffled(using: &generator))), [source])
    case 14: append(.reshape(reshape(of: shape, using: &generator)), [source])
    case 15 where hasAttention:
      append(
        .softmax(Softmax(axis: Int.random(in: shape.extents.indices, using: &generator))), [source])
    case 16 where hasAttention:
      append(.normalise(normalise(of: shape, using: &generator)), [source])
    case 17 where hasAttention && shape.extents.count > 1:
      appendProduct(of: source, using: &generator)
    default:
      append(.matrix(matrix(over: shape, using: &generator)), [source])
      appendActivation(of: shapes.count - 1, using: &generator)
    }
  }

  /// Applies any activation, to numbers that it keeps comparable: what jumps to such as no rounding has touched.
  private mutating func appendActivation(
    of source: Int, using generator: inout some RandomNumberGenerator
  ) {
    let activation = activations.randomElement(using: &generator) ?? .relu
    var source = source
    switch activation {
    case .exponential, .logarithm, .squareRoot:
      append(.activation(activation == .exponential ? .tanh : .sigmoid), [source])
      source = shapes.count - 1
    case _ where activation.jumps: source = exactValue(using: &generator)
    default: break
    }
    append(.activation(activation), [source])
  }

  /// A value that depends on the input, or on constants, without having been rounded.
  private func exactValue(using generator: inout some RandomNumberGenerator) -> Int {
    var isExact = [true]
    for node in nodes {
      let keepsExact =
        switch node.operation {
        case .slice, .pad, .transpose, .reshape, .flatten, .concatenate, .constant: true
        case .pool(let pool): pool.kind == .max
        case .activation(let activation):
          activation.jumps || [.none, .relu, .absolute].contains(activation)
        case .arithmetic(let arithmetic):
          [.minimum, .maximum, .equal, .less, .select].contains(arithmetic)
        default: false
        }
      isExact.append(keepsExact && node.inputs.allSatisfy { isExact[$0.index] })
    }
    return isExact.indices.filter { isExact[$0] }.randomElement(using: &generator) ?? 0
  }

  /// Applies a matrix a second time: to a value that it fits, perhaps one that it made, or to one that it is made to fit.
  ///
  /// A kernel may move by other steps, and a linear layer become a convolution of one cell.
  private mutating func appendSharing(
    _ source: Int, using generator: inout some RandomNumberGenerator
  ) {
    let owners = nodes.indices.compactMap { node -> (Int, Matrix)? in
      guard case .matrix(let matrix) = nodes[node].operation, matrix.sharing == nil else {
        return nil
      }
      return (node, matrix)
    }
    guard case (let owner, var matrix)? = owners.randomElement(using: &generator) else { return }
    matrix.sharing = owner
    let own = shapes[nodes[owner].inputs[0].index]
    let shape = shapes[source]
    if let window = matrix.window {
      guard shape.extents.count == own.extents.count, shape.extents[0] == own.extents[0] else {
        return
      }
      matrix.window = Window(
        window.axes.map { axis in
          Window.Axis(
            axis.extent, stride: Int.random(in: 1...2, using: &generator), dilation: axis.dilation,
            paddingBefore: Int.random(in: 0...2, using: &generator),
            paddingAfter: axis.paddingAfter)
        })
    } else if shape.extents[0] == own.count, shape.extents.count > 1 {
      matrix.window = Window(shape.positions.map { _ in Window.Axis(1) })
    } else if shape.extents.count == 1, shape.count > own.count {
      append(.slice(Slice([Slice.Axis(count: own.count)])), [source])
      append(.matrix(matrix), [shapes.count - 1])
      return
    } else if shape.count < own.count, shape.extents.count == 1 {
      append(.pad(Pad(before: [own.count - shape.count], after: [0])), [source])
      append(.matrix(matrix), [shapes.count - 1])
      return
    } else if shape.extents.count > 1 {
      return
    }
    append(.matrix(matrix), [source])
  }

  /// Multiplies a value by one that fits, at the worst itself.
  ///
  /// Along the elements that are added up numbers are made small, as attention makes them: squares of squares would leave little
  /// of single precision.
  private mutating func appendProduct(
    of source: Int, using generator: inout some RandomNumberGenerator
  ) {
    let flags = [false, true].flatMap { first in
      [false, true].map { Product(transposesFirst: first, transposesSecond: $0) }
    }
    let fitting = flags.flatMap { product in
      shapes.indices.filter { other in
        (try? Operation.product(product).shape(reading: [shapes[source], shapes[other]])) != nil
      }.map { (product, $0) }
    }
    guard let (product, other) = fitting.randomElement(using: &generator) else { return }
    let inner = shapes[source].extents.count - (product.transposesFirst ? 2 : 1)
    append(
      Bool.random(using: &generator)
        ? .softmax(Softmax(axis: inner)) : .normalise(Normalise(axes: [inner], epsilon: 0.1)),
      [source])
    append(.product(product), [shapes.count - 1, other])
  }

  /// With an ε so large that numbers that are almost equal are not made much of.
  private func normalise(
    of shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Normalise {
    let axes = shape.extents.indices.filter { _ in Bool.random(using: &generator) }
    return Normalise(
      axes: axes.isEmpty ? [shape.extents.count - 1] : axes,
      epsilon: [0.03125, 0.1, 1].randomElement(using: &generator) ?? 1)
  }

  /// Elements along any axis in any order, or each some times.
  private func gather(
    from shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Gather {
    let axis = Int.random(in: shape.extents.indices, using: &generator)
    let extent = shape.extents[axis]
    let repetition = Int.random(in: 1...2, using: &generator)
    let positions =
      Bool.random(using: &generator)
      ? (0..<extent).flatMap { repeatElement($0, count: repetition) }
      : (0..<Int.random(in: 1...extent + 1, using: &generator)).map { _ in
        Int.random(in: 0..<extent, using: &generator)
      }
    return Gather(axis: axis, positions: positions)
  }

  /// Factors of what is behind the channels, or of all.
  private func reshape(
    of shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Reshape {
    let keepsChannels = Bool.random(using: &generator)
    var extents = keepsChannels ? [shape.extents[0]] : []
    var rest = keepsChannels ? shape.positionCount : shape.count
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      let factor = (1...rest).filter { rest % $0 == 0 }.randomElement(using: &generator) ?? 1
      extents.append(factor)
      rest /= factor
    }
    return Reshape(extents.isEmpty || rest > 1 ? extents + [rest] : extents)
  }

  /// Appends arithmetic of a value and another of its shape, or itself.
  private mutating func appendArithmetic(
    of source: Int, using generator: inout some RandomNumberGenerator
  ) {
    let others = shapes.indices.filter { shapes[$0] == shapes[source] && $0 != source }
    appendArithmetic(
      [source, others.randomElement(using: &generator) ?? source], using: &generator)
  }

  /// Appends arithmetic of a value and a part of another of its shape, that has one element along some axes.
  private mutating func appendGate(
    of source: Int, using generator: inout some RandomNumberGenerator
  ) {
    let others = shapes.indices.filter { shapes[$0] == shapes[source] }
    guard let other = others.randomElement(using: &generator) else { return }
    let axes = shapes[source].extents.map { extent in
      Bool.random(using: &generator)
        ? Slice.Axis(count: extent)
        : Slice.Axis(start: Int.random(in: 0..<extent, using: &generator), count: 1)
    }
    append(.slice(Slice(axes)), [other])
    let operands = [source, shapes.count - 1]
    appendArithmetic(
      Bool.random(using: &generator) ? operands : operands.reversed(), using: &generator)
  }

  /// Appends any arithmetic of two values, brought to numbers first that results can be compared of: a divisor, a base, an exponent,
  /// and what decides between two results, which no rounding may have touched.
  private mutating func appendArithmetic(
    _ operands: [Int], using generator: inout some RandomNumberGenerator
  ) {
    let arithmetic = Arithmetic.allCases.randomElement(using: &generator) ?? .add
    var operands = operands
    if arithmetic == .divide {
      append(.activation(.tanh), [operands[1]])
      append(.activation(.sigmoid), [shapes.count - 1])
      operands[1] = shapes.count - 1
    }
    if arithmetic == .power {
      append(.activation(.sigmoid), [operands[0]])
      operands[0] = shapes.count - 1
      append(.activation(.tanh), [operands[1]])
      operands[1] = shapes.count - 1
    }
    if [.equal, .less, .select].contains(arithmetic) {
      operands[1] = exactValue(using: &generator)
      if arithmetic != .select {
        operands[0] = exactValue(using: &generator)
      } else {
        append(.activation(.floor), [operands[1]])
        operands[1] = shapes.count - 1
      }
    }
    append(.arithmetic(arithmetic), operands)
  }

  private func slice(
    of shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Slice {
    Slice(
      shape.extents.map { extent in
        if Bool.random(using: &generator) { return Slice.Axis(count: extent) }
        let start = Int.random(in: 0..<extent, using: &generator)
        let step = Int.random(in: 1...2, using: &generator)
        let most = (extent - start + step - 1) / step
        return Slice.Axis(
          start: start, count: Int.random(in: 1...most, using: &generator), step: step)
      })
  }

  private func matrix(
    over shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    let hasBias = Int.random(in: 0..<5, using: &generator) > 0
    let units = Int.random(in: 1...6, using: &generator)
    guard shape.extents.count > 1 else { return Matrix(unitCount: units, hasBias: hasBias) }
    let groups = [1, 1, 1, shape.extents[0]].randomElement(using: &generator) ?? 1
    return Matrix(
      unitCount: groups == 1 ? units : groups * Int.random(in: 1...2, using: &generator),
      window: window(over: shape, using: &generator), groupCount: groups, hasBias: hasBias)
  }

  private func window(
    over shape: Shape, using generator: inout some RandomNumberGenerator
  ) -> Window {
    Window(
      shape.positions.map { _ in
        Window.Axis(
          Int.random(in: 1...3, using: &generator),
          stride: Int.random(in: 1...2, using: &generator),
          dilation: Int.random(in: 0..<4, using: &generator) == 0 ? 2 : 1,
          paddingBefore: Int.random(in: 0...2, using: &generator),
          paddingAfter: Int.random(in: 0...2, using: &generator))
      })
  }

  /// The network whose output is made of everything that nothing reads; `nil` without a matrix.
  func finished(using generator: inout some RandomNumberGenerator) -> Network? {
    guard nodes.contains(where: { if case .matrix = $0.operation { true } else { false } }) else {
      return nil
    }
    var nodes = nodes
    var shapes = shapes
    func append(_ operation: Operation, _ inputs: [Int], _ shape: Shape) -> Int {
      nodes.append(
        Node("n\(nodes.count)", operation, reading: inputs.map(Value.init(index:))))
      shapes.append(shape)
      return shapes.count - 1
    }
    let read = Set(nodes.flatMap { $0.inputs.map(\.index) })
    let loose = nodes.indices.map { $0 + 1 }.filter { !read.contains($0) }
    if loose.count == 1, Bool.random(using: &generator) {
      return try? Network(input: input, nodes: nodes)
    }
    let flat = loose.map { value in
      shapes[value].extents.count == 1
        ? value : append(.flatten, [value], [shapes[value].count])
    }
    let joined =
      flat.count == 1
      ? flat[0]
      : append(.concatenate, flat, [flat.reduce(0) { $0 + shapes[$1].count }])
    let outputs = Int.random(in: 1...4, using: &generator)
    _ = append(.matrix(Matrix(unitCount: outputs)), [joined], [outputs])
    return try? Network(input: input, nodes: nodes)
  }
}
