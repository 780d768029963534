import BBBNetwork

/// The operations by their codes in a `.bbbz` file.
private enum OperationCode: UInt8 {
  case linear = 0
  case linearWithoutBias = 1
  case convolution = 2
  case convolutionWithoutBias = 3
  case maxPool = 4
  case averagePool = 5
  case averagePoolCountingPadding = 6
  case add = 7
  case concatenate = 8
  case flatten = 9
  case slice = 10
  case pad = 11
  case sharingLinear = 12
  case sharingLinearWithoutBias = 13
  case sharingConvolution = 14
  case sharingConvolutionWithoutBias = 15
  case transpose = 16
  case reshape = 17
  case softmax = 18
  case normalise = 19
  case product = 20
  case subtract = 21
  case multiply = 22
  case divide = 23
  case minimum = 24
  case maximum = 25
  case constant = 26
  case padBetween = 27
  case gather = 28
  case power = 32
  case equal = 33
  case less = 34
  case select = 35

  /// An activation is its own code and this.
  static let firstActivation: UInt8 = 64
  /// Set where the value before is not all that is read.
  static let readsOthers: UInt8 = 0x80
}

extension Operation {
  /// Writes the operation, and what it reads.
  func write(to writer: inout ByteWriter, reading inputs: [Value], at index: Int) {
    let previous = Value(index: index)
    let readsPrevious = inputs == [previous]
    writer.append(code | (readsPrevious ? 0 : OperationCode.readsOthers))
    if !readsPrevious {
      writer.appendVariableLength(inputs.count)
      // Counted back: 0 is the value before.
      for input in inputs { writer.appendVariableLength(index - input.index) }
    }
    switch self {
    case .matrix(let matrix):
      // Counted back as values are: 0 is what gives the value before.
      if let owner = matrix.sharing { writer.appendVariableLength(index - 1 - owner) }
      writer.appendVariableLength(matrix.unitCount)
      if let window = matrix.window {
        writer.appendVariableLength(matrix.groupCount)
        window.write(to: &writer)
      }
    case .pool(let pool): pool.window.write(to: &writer)
    case .slice(let slice): slice.write(to: &writer)
    case .gather(let gather): gather.write(to: &writer)
    case .pad(let pad): pad.write(to: &writer)
    case .constant(let shape):
      writer.appendVariableLength(shape.extents.count)
      for extent in shape.extents { writer.appendVariableLength(extent) }
    case .transpose(let transpose): transpose.write(to: &writer)
    case .reshape(let reshape): reshape.write(to: &writer)
    case .softmax(let softmax): writer.appendVariableLength(softmax.axis)
    case .normalise(let normalise): normalise.write(to: &writer)
    case .product(let product): product.write(to: &writer)
    case .activation, .arithmetic, .concatenate, .flatten: break
    }
  }

  private var code: UInt8 {
    switch self {
    case .matrix(let matrix):
      let codes: (OperationCode, OperationCode) =
        switch (matrix.window == nil, matrix.sharing == nil) {
        case (true, true): (.linear, .linearWithoutBias)
        case (false, true): (.convolution, .convolutionWithoutBias)
        case (true, false): (.sharingLinear, .sharingLinearWithoutBias)
        case (false, false): (.sharingConvolution, .sharingConvolutionWithoutBias)
        }
      return (matrix.hasBias ? codes.0 : codes.1).rawValue
    case .activation(let activation): return OperationCode.firstActivation + activation.code
    case .pool(let pool):
      switch pool.kind {
      case .max: return OperationCode.maxPool.rawValue
      case .average(countsPadding: false): return OperationCode.averagePool.rawValue
      case .average(countsPadding: true): return OperationCode.averagePoolCountingPadding.rawValue
      }
    case .arithmetic(let arithmetic):
      let code: OperationCode =
        switch arithmetic {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .minimum: .minimum
        case .maximum: .maximum
        case .power: .power
        case .equal: .equal
        case .less: .less
        case .select: .select
        }
      return code.rawValue
    case .concatenate: return OperationCode.concatenate.rawValue
    case .flatten: return OperationCode.flatten.rawValue
    case .slice: return OperationCode.slice.rawValue
    case .gather: return OperationCode.gather.rawValue
    case .pad(let pad):
      return (pad.hasZerosBetween ? OperationCode.padBetween : .pad).rawValue
    case .transpose: return OperationCode.transpose.rawValue
    case .reshape: return OperationCode.reshape.rawValue
    case .softmax: return OperationCode.softmax.rawValue
    case .normalise: return OperationCode.normalise.rawValue
    case .product: return OperationCode.product.rawValue
    case .constant: return OperationCode.constant.rawValue
    }
  }

  /// Reads what ``write(to:reading:at:)`` wrote.
  ///
  /// - Throws: ``CompactModelError`` if the code is not known, or a number is beyond the format's limits.
  static func read(
    _ reader: inout ByteReader, at index: Int
  ) throws(CompactModelError) -> (operation: Operation, inputs: [Value]) {
    let code = try reader.byte()
    var inputs = [Value(index: index)]
    if code & OperationCode.readsOthers != 0 {
      let count = try reader.number(
        in: 0...FormatConstants.maximumNodeCount, "inputs of an operation")
      inputs = []
      for _ in 0..<count {
        inputs.append(Value(index: index - (try reader.number(in: 0...index, "values to go back"))))
      }
    }
    return (try operation(code & ~OperationCode.readsOthers, &reader, at: index), inputs)
  }

  private static func operation(
    _ code: UInt8, _ reader: inout ByteReader, at index: Int
  ) throws(CompactModelError) -> Operation {
    if code >= OperationCode.firstActivation {
      guard let activation = Activation(code: code - OperationCode.firstActivation) else {
        throw .unknownCode(code - OperationCode.firstActivation, of: "activation")
      }
      return .activation(activation)
    }
    guard let operation = OperationCode(rawValue: code) else {
      throw .unknownCode(code, of: "operation")
    }
    switch operation {
    case .linear, .linearWithoutBias:
      return try linear(&reader, hasBias: operation == .linear)
    case .sharingLinear, .sharingLinearWithoutBias:
      let owner = try owner(&reader, at: index)
      return try linear(&reader, hasBias: operation == .sharingLinear, sharing: owner)
    case .convolution, .convolutionWithoutBias:
      return try convolution(&reader, hasBias: operation == .convolution)
    case .sharingConvolution, .sharingConvolutionWithoutBias:
      let owner = try owner(&reader, at: index)
      return try convolution(&reader, hasBias: operation == .sharingConvolution, sharing: owner)
    case .maxPool: return .pool(Pool(.max, try Window.read(&reader)))
    case .averagePool:
      return .pool(Pool(.average(countsPadding: false), try Window.read(&reader)))
    case .averagePoolCountingPadding:
      return .pool(Pool(.average(countsPadding: true), try Window.read(&reader)))
    case .add: return .arithmetic(.add)
    case .subtract: return .arithmetic(.subtract)
    case .multiply: return .arithmetic(.multiply)
    case .divide: return .arithmetic(.divide)
    case .minimum: return .arithmetic(.minimum)
    case .maximum: return .arithmetic(.maximum)
    case .power: return .arithmetic(.power)
    case .equal: return .arithmetic(.equal)
    case .less: return .arithmetic(.less)
    case .select: return .arithmetic(.select)
    case .concatenate: return .concatenate
    case .flatten: return .flatten
    case .slice: return .slice(try Slice.read(&reader))
    case .gather: return .gather(try Gather.read(&reader))
    case .pad: return .pad(try Pad.read(&reader, hasZerosBetween: false))
    case .padBetween: return .pad(try Pad.read(&reader, hasZerosBetween: true))
    case .transpose: return .transpose(try Transpose.read(&reader))
    case .reshape: return .reshape(try Reshape.read(&reader))
    case .softmax: return .softmax(Softmax(axis: try reader.axis()))
    case .normalise: return .normalise(try Normalise.read(&reader))
    case .product: return .product(try Product.read(&reader))
    case .constant: return .constant(try constantShape(&reader))
    }
  }

  /// The number of the operation whose weights are used.
  private static func owner(
    _ reader: inout ByteReader, at index: Int
  ) throws(CompactModelError) -> Int {
    guard index > 0 else {
      throw CompactModelError(
        .malformed, "the first operation shares another's weights; the file is forged or damaged")
    }
    return index - 1 - (try reader.number(in: 0...index - 1, "operations to go back"))
  }

  private static func linear(
    _ reader: inout ByteReader, hasBias: Bool, sharing owner: Int? = nil
  ) throws(CompactModelError) -> Operation {
    .matrix(Matrix(unitCount: try unitCount(&reader), hasBias: hasBias, sharing: owner))
  }

  private static func convolution(
    _ reader: inout ByteReader, hasBias: Bool, sharing owner: Int? = nil
  ) throws(CompactModelError) -> Operation {
    let units = try unitCount(&reader)
    let groups = try reader.number(in: 1...FormatConstants.maximumUnitCount, "groups")
    return .matrix(
      Matrix(
        unitCount: units, window: try Window.read(&reader), groupCount: groups, hasBias: hasBias,
        sharing: owner))
  }

  private static func constantShape(_ reader: inout ByteReader) throws(CompactModelError) -> Shape {
    let axisCount = try reader.number(
      in: 1...FormatConstants.maximumAxisCount, "axes of a constant")
    var (extents, count): ([Int], Int) = ([], 1)
    for _ in 0..<axisCount {
      let extent = try reader.number(
        in: 1...FormatConstants.maximumUnitCount, "elements along an axis")
      extents.append(extent)
      count *= extent
      guard count <= FormatConstants.maximumConstantCount else {
        throw CompactModelError(
          .malformed,
          "a constant of more than \(FormatConstants.maximumConstantCount) numbers is not possible; the file is forged or "
            + "damaged")
      }
    }
    return Shape(extents)
  }

  private static func unitCount(_ reader: inout ByteReader) throws(CompactModelError) -> Int {
    try reader.number(in: 0...FormatConstants.maximumUnitCount, "units")
  }
}

extension Window {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(axes.count)
    for axis in axes {
      for number in [
        axis.extent, axis.stride, axis.dilation, axis.paddingBefore, axis.paddingAfter,
      ] { writer.appendVariableLength(number) }
    }
  }

  fileprivate static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Window {
    let axisCount = try reader.number(
      in: 1...FormatConstants.maximumAxisCount - 1, "axes of a window")
    let most = FormatConstants.maximumWindowExtent
    var axes: [Axis] = []
    for _ in 0..<axisCount {
      let extent = try reader.number(in: 1...most, "cells of a window")
      let stride = try reader.number(in: 1...most, "positions to move a window by")
      let dilation = try reader.number(in: 1...most, "positions between a window's cells")
      let before = try reader.number(in: 0...most, "positions of padding")
      let after = try reader.number(in: 0...most, "positions of padding")
      axes.append(
        Axis(
          extent, stride: stride, dilation: dilation, paddingBefore: before, paddingAfter: after))
    }
    return Window(axes)
  }
}
