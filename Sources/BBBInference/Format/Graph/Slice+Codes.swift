import BBBNetwork

extension Slice {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(axes.count)
    for axis in axes {
      for number in [axis.start, axis.count, axis.step] { writer.appendVariableLength(number) }
    }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Slice {
    let axisCount = try reader.number(in: 1...Shape.largestAxisCount, "axes of a slice")
    let most = Network.largestElementCount
    var axes: [Axis] = []
    for _ in 0..<axisCount {
      let start = try reader.number(in: 0...most, "elements before a slice")
      let count = try reader.number(in: 0...most, "elements of a slice")
      let step = try reader.number(in: 1...most, "elements from one to the next")
      axes.append(Axis(start: start, count: count, step: step))
    }
    return Slice(axes)
  }
}

extension Pad {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(before.count)
    for (before, after) in zip(before, after) {
      writer.appendVariableLength(before)
      writer.appendVariableLength(after)
    }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Pad {
    let axisCount = try reader.number(in: 1...Shape.largestAxisCount, "axes of zeros")
    var (before, after): ([Int], [Int]) = ([], [])
    for _ in 0..<axisCount {
      before.append(try reader.number(in: 0...FormatConstants.maximumUnitCount, "zeros"))
      after.append(try reader.number(in: 0...FormatConstants.maximumUnitCount, "zeros"))
    }
    return Pad(before: before, after: after)
  }
}
