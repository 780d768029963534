/// Levels for biases of which nothing says how exact they must be.
enum BiasCodebook {
  /// The biases themselves where a table has room for them, else each rounded to one of as many levels as it has.
  ///
  /// Levels begin as means of equally many neighbours and move to the means of what is nearest to them (Lloyd 1982), so
  /// that one bias far from the others takes one level and not the others' precision.
  ///
  /// - Parameters:
  ///   - biases: The biases.
  ///   - levelCount: How many levels a table has room for: 256, the numbers of a byte.
  /// - Returns: The biases as the table holds them.
  static func rounded(_ biases: [Float], levelCount: Int = 256) -> [Float] {
    let sorted = Set(biases).sorted()
    guard sorted.count > levelCount else { return biases }
    var bounds = (0...levelCount).map { $0 * sorted.count / levelCount }
    var levels = [Double](repeating: 0, count: levelCount)
    move(&levels, sorted, bounds)
    for _ in 0..<roundCount {
      bounds = [0]
      for (level, next) in zip(levels, levels.dropFirst()) {
        let middle = (level + next) / 2
        var bound = bounds[bounds.count - 1]
        while bound < sorted.count, Double(sorted[bound]) <= middle { bound += 1 }
        bounds.append(bound)
      }
      bounds.append(sorted.count)
      move(&levels, sorted, bounds)
    }
    var rounded: [Float: Float] = [:]
    for (level, (first, end)) in zip(levels, zip(bounds, bounds.dropFirst())) {
      for bias in sorted[first..<end] { rounded[bias] = Float(level) }
    }
    return biases.map { rounded[$0] ?? $0 }
  }

  /// Later rounds hardly move anything.
  private static let roundCount = 20

  /// Moves each level to the mean of the numbers between its bound and the next; one without numbers stays.
  private static func move(_ levels: inout [Double], _ sorted: [Float], _ bounds: [Int]) {
    for (index, (first, end)) in zip(bounds, bounds.dropFirst()).enumerated() where first < end {
      levels[index] = sorted[first..<end].reduce(0.0) { $0 + Double($1) } / Double(end - first)
    }
  }
}
