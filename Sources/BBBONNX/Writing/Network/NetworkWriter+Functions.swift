import BBBNetwork

/// What is computed of elements, and along axes.
extension NetworkWriter {
  /// Writes a function of each element.
  ///
  /// - Parameters:
  ///   - activation: The function.
  ///   - name: The name of what it gives.
  ///   - input: The name of what it reads.
  mutating func write(_ activation: Activation, as name: String, reading input: String) {
    func part(_ part: String) -> String { messages.name("\(name)/\(part)") }
    switch activation {
    case .none: messages.append("Identity", [input], as: name)
    case .relu: messages.append("Relu", [input], as: name)
    case .leakyRelu:
      messages.append(
        "LeakyRelu", [input], [.real("alpha", Activation.leakySlope)], as: name)
    case .elu: messages.append("Elu", [input], as: name)
    case .selu:
      messages.append(
        "Selu", [input],
        [.real("alpha", Activation.seluAlpha), .real("gamma", Activation.seluScale)], as: name)
    case .gelu:
      // Gelu is an operator since version 20; these five are what runtimes know it by.
      let scaled = messages.append(
        "Div", [input, messages.number(2.0.squareRoot())], as: part("scaled"))
      let error = messages.append("Erf", [scaled], as: part("erf"))
      let gate = messages.append("Add", [error, messages.number(1)], as: part("gate"))
      let product = messages.append("Mul", [input, gate], as: part("product"))
      messages.append("Mul", [product, messages.number(0.5)], as: name)
    case .geluTanh:
      let square = messages.append("Mul", [input, input], as: part("square"))
      let cube = messages.append("Mul", [square, input], as: part("cube"))
      let small = messages.append("Mul", [cube, messages.number(0.044715)], as: part("small"))
      let sum = messages.append("Add", [input, small], as: part("sum"))
      let scaled = messages.append(
        "Mul", [sum, messages.number((2 / Double.pi).squareRoot())], as: part("scaled"))
      let tanh = messages.append("Tanh", [scaled], as: part("tanh"))
      let gate = messages.append("Add", [tanh, messages.number(1)], as: part("gate"))
      let product = messages.append("Mul", [input, gate], as: part("product"))
      messages.append("Mul", [product, messages.number(0.5)], as: name)
    case .silu:
      let gate = messages.append("Sigmoid", [input], as: part("gate"))
      messages.append("Mul", [input, gate], as: name)
    case .tanh: messages.append("Tanh", [input], as: name)
    case .sigmoid: messages.append("Sigmoid", [input], as: name)
    case .softplus: messages.append("Softplus", [input], as: name)
    case .hardSwish: messages.append("HardSwish", [input], as: name)
    case .relu6:
      messages.append("Clip", [input, messages.number(0), messages.number(6)], as: name)
    case .exponential: messages.append("Exp", [input], as: name)
    case .logarithm: messages.append("Log", [input], as: name)
    case .squareRoot: messages.append("Sqrt", [input], as: name)
    case .errorFunction: messages.append("Erf", [input], as: name)
    case .absolute: messages.append("Abs", [input], as: name)
    case .sign: messages.append("Sign", [input], as: name)
    case .floor: messages.append("Floor", [input], as: name)
    case .ceiling: messages.append("Ceil", [input], as: name)
    case .round: messages.append("Round", [input], as: name)
    case .sine: messages.append("Sin", [input], as: name)
    case .cosine: messages.append("Cos", [input], as: name)
    }
  }

  /// Writes arithmetic of two values; truth values become the numbers 1 and 0.
  ///
  /// - Parameters:
  ///   - arithmetic: What is computed.
  ///   - name: The name of what it gives.
  ///   - inputs: The names of what it reads.
  mutating func write(_ arithmetic: Arithmetic, as name: String, reading inputs: [String]) {
    switch arithmetic {
    case .equal, .less:
      let truth = messages.append(
        arithmetic.operatorType, inputs, as: messages.name("\(name)/holds"))
      messages.append("Where", [truth, messages.number(1), messages.number(0)], as: name)
    case .select:
      let truth = messages.append(
        "Cast", [inputs[1]], [.integer("to", Int(ONNXElementType.boolean.rawValue))],
        as: messages.name("\(name)/holds"))
      messages.append("Where", [truth, inputs[0], messages.number(0)], as: name)
    case .add, .subtract, .multiply, .divide, .minimum, .maximum, .power:
      messages.append(arithmetic.operatorType, inputs, as: name)
    }
  }

  /// Zeros around a value; between its elements as a further axis of each, of which all but the first element are zeros.
  mutating func write(
    _ pad: Pad, as name: String, reading input: WrittenValue, of shape: Shape
  ) {
    var input = input
    var after = pad.after
    let spread = pad.between.indices.filter { pad.between[$0] > 0 }
    if !spread.isEmpty {
      let axes = shape.extents.indices.map { spread.contains($0) ? 2 : 1 }
      let split = zip(shape.extents, axes).flatMap { $1 == 2 ? [$0, 1] : [$0] }
      let zeros = zip(pad.between, axes).flatMap { $1 == 2 ? [0, $0] : [0] }
      input = reshaped(input, from: shape.extents, to: split)
      input.name = messages.append(
        "Pad",
        [input.name, messages.integers([0] + zeros.map { _ in 0 } + [0] + zeros)],
        as: messages.name("\(name)/spread"))
      input = reshaped(
        input, from: zip(split, zeros).map { $0 + $1 },
        to: zip(shape.extents, pad.between).map { $0 * ($1 + 1) })
      // Those behind the last element are cut off.
      for axis in spread { after[axis] -= pad.between[axis] }
    }
    messages.append(
      "Pad", [input.name, messages.integers([0] + pad.before + [0] + after)], as: name)
  }

  /// Writes a part of a value.
  ///
  /// - Parameters:
  ///   - slice: What is taken.
  ///   - name: The name of what it gives.
  ///   - input: The name of what it reads.
  ///   - shape: The shape of that.
  mutating func write(
    _ slice: Slice, as name: String, reading input: String, of shape: Shape
  ) {
    let taken = slice.axes.indices.filter {
      slice.axes[$0] != Slice.Axis(count: shape.extents[$0])
    }
    let axes = taken.map { slice.axes[$0] }
    messages.append(
      "Slice",
      [
        input, messages.integers(axes.map(\.start)),
        messages.integers(axes.map { $0.position($0.count - 1) + 1 }),
        messages.integers(taken.map { $0 + 1 }), messages.integers(axes.map(\.step)),
      ], as: name)
  }

  /// Writes a normalisation: one operator where it is over the last axes.
  ///
  /// - Parameters:
  ///   - normalise: What it is.
  ///   - name: The name of what it gives.
  ///   - input: The name of what it reads.
  ///   - shape: The shape of that.
  mutating func write(
    _ normalise: Normalise, as name: String, reading input: String, of shape: Shape
  ) {
    let first = normalise.axes[0]
    if normalise.axes == Array(first..<shape.extents.count) {
      let extents = Array(shape.extents[first...])
      let scale = messages.append(
        Array(repeating: 1, count: extents.reduce(1, *)), extents, as: "\(name)/scale")
      messages.append(
        "LayerNormalization", [input, scale],
        [.integer("axis", first + 1), .real("epsilon", normalise.epsilon)], as: name)
      return
    }
    func part(_ part: String) -> String { messages.name("\(name)/\(part)") }
    let axes = [
      Onnx_AttributeProto.integers("axes", normalise.axes.map { $0 + 1 }),
      .integer("keepdims", 1),
    ]
    let mean = messages.append("ReduceMean", [input], axes, as: part("mean"))
    let difference = messages.append("Sub", [input, mean], as: part("difference"))
    let square = messages.append("Mul", [difference, difference], as: part("square"))
    let variance = messages.append("ReduceMean", [square], axes, as: part("variance"))
    let sum = messages.append(
      "Add", [variance, messages.number(normalise.epsilon)], as: part("sum"))
    let root = messages.append("Sqrt", [sum], as: part("root"))
    messages.append("Div", [difference, root], as: name)
  }

  /// Writes a product of two values.
  ///
  /// - Parameters:
  ///   - product: What it is.
  ///   - name: The name of what it gives.
  ///   - inputs: The names of what it reads.
  ///   - shapes: The shapes of these.
  mutating func write(
    _ product: Product, as name: String, reading inputs: [String], of shapes: [Shape]
  ) {
    let isTransposed = [product.transposesFirst, product.transposesSecond]
    let operands = inputs.indices.map { index -> String in
      guard isTransposed[index] else { return inputs[index] }
      let rank = shapes[index].extents.count
      return messages.append(
        "Transpose", [inputs[index]],
        [.integers("perm", Array(0..<rank - 1) + [rank, rank - 1])],
        as: messages.name("\(name)/transposed"))
    }
    messages.append("MatMul", operands, as: name)
  }
}

extension Arithmetic {
  /// The operator that computes it.
  fileprivate var operatorType: String {
    switch self {
    case .add: "Add"
    case .subtract: "Sub"
    case .multiply: "Mul"
    case .divide: "Div"
    case .minimum: "Min"
    case .maximum: "Max"
    case .power: "Pow"
    case .equal: "Equal"
    case .less: "Less"
    case .select: "Where"
    }
  }
}
