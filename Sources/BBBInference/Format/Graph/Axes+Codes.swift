import BBBNetwork

extension Transpose {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(order.count)
    for axis in order { writer.appendVariableLength(axis) }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Transpose {
    Transpose(try reader.axes("axes in another order"))
  }
}

extension Reshape {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(extents.count)
    for extent in extents { writer.appendVariableLength(extent) }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Reshape {
    let axisCount = try reader.number(in: 1...Shape.largestAxisCount, "axes of a shape")
    var extents: [Int] = []
    for _ in 0..<axisCount {
      extents.append(
        try reader.number(in: 0...Network.largestElementCount, "elements along an axis"))
    }
    return Reshape(extents)
  }
}

extension Normalise {
  func write(to writer: inout ByteWriter) {
    writer.append(epsilon)
    writer.appendVariableLength(axes.count)
    for axis in axes { writer.appendVariableLength(axis) }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Normalise {
    let epsilon = try reader.double()
    let axes = try reader.axes("axes to normalise over")
    guard zip(axes, axes.dropFirst()).allSatisfy(<) else {
      throw CompactModelError(
        .malformed, "axes to normalise over do not ascend; the file is damaged or forged")
    }
    return Normalise(axes: axes, epsilon: epsilon)
  }
}

extension Product {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength((transposesFirst ? 1 : 0) + (transposesSecond ? 2 : 0))
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Product {
    let transposed = try reader.number(in: 0...3, "operands of a product")
    return Product(transposesFirst: transposed & 1 != 0, transposesSecond: transposed & 2 != 0)
  }
}

extension ByteReader {
  fileprivate mutating func axes(_ what: String) throws(CompactModelError) -> [Int] {
    let count = try number(in: 1...Shape.largestAxisCount, what)
    var axes: [Int] = []
    for _ in 0..<count { axes.append(try axis()) }
    return axes
  }

  /// The number of an axis.
  mutating func axis() throws(CompactModelError) -> Int {
    try number(in: 0...Shape.largestAxisCount - 1, "an axis")
  }
}
