/// Which axes of its operands a sum of products joins, and which it keeps.
struct EinsumEquation: Equatable {
  /// An axis: a letter, or one of those that the ellipsis stands for, counted from the last.
  enum Label: Hashable {
    case letter(Character)
    case ellipsis(Int)
  }

  let operands: [[Label]]
  let output: [Label]

  /// Reads an equation such as `bij,bjk->bik`; `nil` if it is none for such operands.
  ///
  /// - Parameters:
  ///   - text: The equation.
  ///   - ranks: The number of axes of each operand.
  init?(_ text: String, ranks: [Int]) {
    let sides = text.filter { $0 != " " }.split(
      separator: "->", maxSplits: 1, omittingEmptySubsequences: false)
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == ranks.count else { return nil }
    var operands: [[Label]] = []
    for (term, rank) in zip(terms, ranks) {
      guard let labels = Self.labels(term, rank: rank), Set(labels).count == labels.count else {
        return nil
      }
      operands.append(labels)
    }
    self.operands = operands
    let all = operands.joined()
    let hidden = Set(all).compactMap { if case .ellipsis(let index) = $0 { index } else { nil } }
    let ellipsis = hidden.sorted(by: >).map(Label.ellipsis)
    guard sides.count == 2 else {
      let single = Set(all).compactMap { label -> Character? in
        guard case .letter(let letter) = label, all.count(where: { $0 == label }) == 1 else {
          return nil
        }
        return letter
      }
      output = ellipsis + single.sorted().map(Label.letter)
      return
    }
    guard let output = Self.labels(sides[1], rank: nil, ellipsis: ellipsis),
      Set(output).count == output.count, Set(output).isSubset(of: Set(all))
    else { return nil }
    self.output = output
  }

  /// The labels of a term, the ellipsis spelled out.
  private static func labels(
    _ term: Substring, rank: Int?, ellipsis: [Label] = []
  ) -> [Label]? {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.joined().allSatisfy({ $0.isASCII && $0.isLetter }) else {
      return nil
    }
    let letters = parts.map { $0.map(Label.letter) }
    let letterCount = letters.reduce(0) { $0 + $1.count }
    guard parts.count == 2 else { return rank ?? letterCount == letterCount ? letters[0] : nil }
    var hidden = ellipsis
    if let rank {
      guard rank >= letterCount else { return nil }
      hidden = (0..<rank - letterCount).reversed().map(Label.ellipsis)
    }
    return letters[0] + hidden + letters[1]
  }
}

extension OperatorCall {
  /// A sum of products over the axes that the output has not.
  func indexedSum() throws(ONNXError) -> [ONNXValue] {
    let shapes = try inputs.indices.map { (index) throws(ONNXError) in try input(index).shape }
    let text = try attributes.text("equation", default: "")
    guard let equation = EinsumEquation(text, ranks: shapes.map(\.count)) else {
      throw unsupported(
        "has the equation \"\(text)\", which is not read",
        "write it as einsum with an arrow and each letter at most once in an operand")
    }
    var extents: [EinsumEquation.Label: ONNXExtent] = [:]
    for (labels, shape) in zip(equation.operands, shapes) {
      for (label, extent) in zip(labels, shape) {
        extents[label] = try broadcast([[extents[label] ?? .number(1)], [extent]])[0]
      }
    }
    let output = Set(equation.output)
    guard extents.allSatisfy({ output.contains($0.key) || !$0.value.isBatch }) else {
      throw mixesExamples()
    }
    return [
      ONNXValue(
        try commonType(of: inputs.indices), equation.output.compactMap { extents[$0] })
    ]
  }
}
