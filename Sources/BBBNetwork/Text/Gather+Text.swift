extension Gather {
  /// The axis and the positions, as they are written: `axis 1 0:8*2,7`.
  var arguments: [String] {
    ["axis", "\(axis)", runs.map(\.text).joined(separator: ",")]
  }
}

extension Gather.Run {
  /// `5`, `0:16`, `0:16:2`, or backwards `15:-1:-1`; with how often each is there, if more than once: `0:8*2`.
  fileprivate var text: String {
    let range =
      count == 1
      ? "\(start)"
      : "\(start):\(start + (count - 1) * step + step.signum())" + (step == 1 ? "" : ":\(step)")
    return repetition == 1 ? range : "\(range)*\(repetition)"
  }

  /// What ``text`` writes; `nil` of anything else, or of more positions than a value has.
  fileprivate init?(text: Substring) {
    let parts = text.split(separator: "*", omittingEmptySubsequences: false)
    let words = parts[0].split(separator: ":", omittingEmptySubsequences: false)
    let numbers = words.compactMap { Int($0) }
    let most = NetworkParser.largestExtent
    guard parts.count <= 2, numbers.count == words.count, (1...3).contains(numbers.count),
      numbers.allSatisfy({ (-most...most).contains($0) }), numbers[0] >= 0,
      let repetition = parts.count == 1 ? 1 : Int(parts[1]), (1...most).contains(repetition)
    else { return nil }
    let step = numbers.count == 3 ? numbers[2] : 1
    let length = numbers.count == 1 ? 1 : (numbers[1] - numbers[0]) * step.signum()
    guard step != 0, length > 0 else { return nil }
    let count = (length + Int(step.magnitude) - 1) / Int(step.magnitude)
    guard count * repetition <= most, numbers[0] + (count - 1) * step >= 0 else { return nil }
    self.init(start: numbers[0], step: step, count: count, repetition: repetition)
  }
}

extension TextWords {
  /// The axis, and the positions that are gathered.
  mutating func gather() throws(NetworkError) -> Gather {
    guard take("axis") else {
      throw NetworkError(.syntax, "gather is along an axis; write 'gather axis 1 0:8*2'")
    }
    let axis = try axis()
    let word = try next("the positions that are gathered")
    var positions: [Int] = []
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      guard let run = Gather.Run(text: part),
        positions.count + run.count * run.repetition <= NetworkParser.largestExtent
      else {
        throw NetworkError(
          .syntax,
          "'\(part)' is to be positions, such as 5, 0:16, 0:16:2, backwards 15:-1:-1, or each twice 0:8*2"
        )
      }
      positions += run.positions
    }
    return Gather(axis: axis, positions: positions)
  }
}
