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
  /// Whether there are zeros between neighbours, which a code of their own tells.
  var hasZerosBetween: Bool { between.contains { $0 > 0 } }

  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(before.count)
    for axis in before.indices {
      writer.appendVariableLength(before[axis])
      writer.appendVariableLength(after[axis])
      if hasZerosBetween { writer.appendVariableLength(between[axis]) }
    }
  }

  static func read(
    _ reader: inout ByteReader, hasZerosBetween: Bool
  ) throws(CompactModelError) -> Pad {
    let axisCount = try reader.number(in: 1...Shape.largestAxisCount, "axes of zeros")
    var (before, after, between): ([Int], [Int], [Int]) = ([], [], [])
    for _ in 0..<axisCount {
      before.append(try reader.number(in: 0...FormatConstants.maximumUnitCount, "zeros"))
      after.append(try reader.number(in: 0...FormatConstants.maximumUnitCount, "zeros"))
      between.append(
        hasZerosBetween
          ? try reader.number(in: 0...FormatConstants.maximumUnitCount, "zeros") : 0)
    }
    return Pad(before: before, after: after, between: between)
  }
}

extension Gather {
  func write(to writer: inout ByteWriter) {
    writer.appendVariableLength(axis)
    let runs = runs
    writer.appendVariableLength(runs.count)
    for run in runs {
      for number in [
        run.start, Int(run.step.magnitude) << 1 | (run.step < 0 ? 1 : 0), run.count, run.repetition,
      ] { writer.appendVariableLength(number) }
    }
  }

  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Gather {
    let axis = try reader.number(in: 0...Shape.largestAxisCount - 1, "axes before one")
    let most = FormatConstants.maximumGatheredCount
    let runCount = try reader.number(in: 1...most, "runs of elements")
    var positions: [Int] = []
    for _ in 0..<runCount {
      let start = try reader.number(in: 0...most, "elements before a run")
      let step = try reader.number(in: 1...most, "elements from one to the next")
      let count = try reader.number(in: 1...most, "elements of a run")
      let repetition = try reader.number(in: 1...most, "repetitions of an element")
      let run = Run(
        start: start, step: step & 1 == 0 ? step >> 1 : -(step >> 1), count: count,
        repetition: repetition)
      let end = start + (count - 1) * run.step
      guard positions.count + count * repetition <= most, (0...most).contains(end) else {
        throw CompactModelError(
          .malformed,
          "elements of a run lie beyond the format's limits; the file is forged or damaged")
      }
      positions += run.positions
    }
    return Gather(axis: axis, positions: positions)
  }
}
