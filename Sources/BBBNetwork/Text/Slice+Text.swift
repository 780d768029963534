extension Slice {
  /// First element, end and step of each axis, as they are written: `0:16` or, with a step, `0:32:2`.
  var arguments: [String] {
    axes.map { axis in
      let end = axis.count == 0 ? axis.start : axis.position(axis.count - 1) + 1
      return "\(axis.start):\(end)" + (axis.step == 1 ? "" : ":\(axis.step)")
    }
  }
}

extension Pad {
  /// The zeros of each axis, as they are written: `8` for both ends, `0:1` where they differ, `0:1:1` with one between each two
  /// elements.
  var arguments: [String] {
    before.indices.map { axis in
      if between[axis] > 0 { return "\(before[axis]):\(after[axis]):\(between[axis])" }
      return before[axis] == after[axis] ? "\(before[axis])" : "\(before[axis]):\(after[axis])"
    }
  }
}

extension TextWords {
  /// What is taken along each axis.
  mutating func slice() throws(NetworkError) -> Slice {
    var axes: [Slice.Axis] = []
    while let numbers = try colonNumbers(
      2...3, "what is taken along each axis, such as 0:16 or 0:32:2")
    {
      let step = numbers.count == 3 ? numbers[2] : 1
      guard step > 0, numbers[0] <= numbers[1] else {
        throw NetworkError(
          .syntax, "a slice goes forward: begin, end behind it, and a step of 1 or more")
      }
      axes.append(
        Slice.Axis(
          start: numbers[0], count: (numbers[1] - numbers[0] + step - 1) / step, step: step))
    }
    return Slice(axes)
  }

  /// The zeros around each axis.
  mutating func pad() throws(NetworkError) -> Pad {
    var sides: [[Int]] = []
    while let numbers = try colonNumbers(
      1...3, "the zeros around each axis, such as 8 or 0:1, or 0:1:1 with one between neighbours")
    {
      sides.append(numbers)
    }
    return Pad(
      before: sides.map { $0[0] }, after: sides.map { $0[min(1, $0.count - 1)] },
      between: sides.map { $0.count == 3 ? $0[2] : 0 })
  }

  /// The next word as numbers with colons between; `nil` behind the last such word, of which there is one at least.
  private mutating func colonNumbers(
    _ counts: ClosedRange<Int>, _ what: String
  ) throws(NetworkError) -> [Int]? {
    guard let word = takeWord(where: { $0.first?.isNumber == true || $0.first == "-" }) else {
      return nil
    }
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, counts.contains(numbers.count),
      numbers.allSatisfy({ (0...NetworkParser.largestExtent).contains($0) })
    else {
      throw NetworkError(.syntax, "'\(word)' is to be \(what)")
    }
    return numbers
  }
}
