import CBBBKernels

/// The levels of a quantisation in progress, the level of each number, and what codes for them take.
struct QuantiserState {
  /// Ascending, without zero.
  private var levels: [Float]
  /// The level that is nearest to each number.
  private var nearest: [Int]
  /// The level of each number; -1 where it is zero.
  private var choices: [Int]
  /// (ŵ − μ)/σ of each number.
  private var errors: [Double]
  /// The sum of the errors of each unit.
  private var errorSums: [Double]
  /// The bits that describe the levels.
  private var tableBits: Double
  private let quantiser: Quantiser
  /// What is minimised, in nats.
  private(set) var objective = Double.infinity

  /// The most steps to either side of zero that a table of 256 levels has room for.
  private static let maximumReach = 127

  /// Begins with every number rounded to a grid.
  init(_ cells: QuantiserCells, step: Float, quantiser: Quantiser) {
    self.quantiser = quantiser
    let largest = cells.means.reduce(0) { max($0, $1.magnitude) }
    // Clamped before they are whole numbers: one outlier may be any number of steps away.
    let reach = Int(min((largest / Double(step)).rounded(), Double(Self.maximumReach)))
    levels = ((-reach)...reach).filter { $0 != 0 }.map { number in
      let level = Float(number) * step
      return level.isFinite ? level : Float(sign: level.sign, exponent: 127, significand: 1)
    }
    // A kind, a step and the number of zero.
    tableBits = 48
    nearest = cells.means.map(levels.nearestIndex(to:))
    choices = []
    errors = []
    errorSums = Array(repeating: 0, count: cells.rowCount)
    for index in 0..<cells.count {
      let steps = (cells.means[index] / Double(step)).rounded()
      let number = Int(min(max(steps, -Double(reach)), Double(reach)))
      choices.append(number < 0 ? number + reach : number == 0 ? -1 : number + reach - 1)
      let value = choices[index] < 0 ? 0 : Double(levels[choices[index]])
      errors.append((value - cells.means[index]) / cells.deviations[index])
      errorSums[cells.rows[index]] += errors[index]
    }
  }

  /// Makes codes for the choices, then chooses again, number by number.
  ///
  /// - Returns: Whether a choice is another one: if not, doing it again changes nothing.
  @discardableResult
  mutating func improve(_ cells: QuantiserCells) -> Bool {
    let before = choices
    let lengths = CodeLengths(levelCount: levels.count, choices, cells)
    var weights = 0.0
    for index in 0..<cells.count {
      weights += choose(index, cells, lengths)
    }
    let shared = errorSums.reduce(0) { $0 + Quantiser.halfSquare($1) }
    objective = weights + quantiser.correlation * shared + quantiser.price * tableBits
    return choices != before
  }

  /// Chooses the best level for one number, or zero.
  ///
  /// - Returns: Its part of the objective, except for what it shares with its unit's other numbers.
  private mutating func choose(
    _ index: Int, _ cells: QuantiserCells, _ lengths: CodeLengths
  ) -> Double {
    let (mean, deviation, row) = (cells.means[index], cells.deviations[index], cells.rows[index])
    let others = errorSums[row] - errors[index]
    let (own, shared) = (1 - quantiser.correlation, quantiser.correlation)
    func cost(_ error: Double, _ bits: Double) -> Double {
      own * Quantiser.halfSquare(error) + shared * Quantiser.halfSquare(error + others)
        + quantiser.price * bits
    }
    var error = -mean / deviation
    var best = cost(error, lengths.absent[row])
    var bits = lengths.absent[row]
    var choice = -1
    let nearest = nearest[index]
    // Shorter codes stand nearer to zero, and errors of the unit's other numbers may want either side.
    for candidate in max(nearest - 2, 0)..<min(nearest + 3, levels.count) {
      let candidateError = (Double(levels[candidate]) - mean) / deviation
      let candidateBits = lengths.present[row] + lengths.level[candidate]
      let candidateCost = cost(candidateError, candidateBits)
      if candidateCost < best {
        (best, error, bits, choice) = (candidateCost, candidateError, candidateBits, candidate)
      }
    }
    choices[index] = choice
    errors[index] = error
    errorSums[row] = others + error
    return own * Quantiser.halfSquare(error) + quantiser.price * bits
  }

  /// Moves each level to the mean of its numbers, weighted by 1/σ², as float16 holds it.
  mutating func moveLevels(_ cells: QuantiserCells) {
    var weights = [Double](repeating: 0, count: levels.count)
    var sums = weights
    for (index, choice) in choices.enumerated() where choice >= 0 {
      let weight = 1 / (cells.deviations[index] * cells.deviations[index])
      weights[choice] += weight
      sums[choice] += weight * cells.means[index]
    }
    let moved: [Float?] = levels.indices.map { level in
      guard weights[level] > 0 else { return nil }
      let rounded = bbb_half_to_float(bbb_float_to_half(Float(sums[level] / weights[level])))
      return rounded.isFinite && rounded != 0 ? rounded : levels[level]
    }
    let remaining = Set(moved.compactMap { $0 }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(remaining, remaining.indices))
    choices = choices.map { choice in
      guard choice >= 0, let level = moved[choice], let number = numbers[level] else { return -1 }
      return number
    }
    levels = remaining
    nearest = cells.means.map(levels.nearestIndex(to:))
    tableBits = 16 + 16 * Double(levels.count)
    errorSums = Array(repeating: 0, count: errorSums.count)
    for (index, choice) in choices.enumerated() {
      let value = choice < 0 ? 0 : Double(levels[choice])
      errors[index] = (value - cells.means[index]) / cells.deviations[index]
      errorSums[cells.rows[index]] += errors[index]
    }
  }

  func result(in cells: QuantiserCells) -> Quantiser.Result {
    let lengths = CodeLengths(levelCount: levels.count, choices, cells)
    return Quantiser.Result(
      values: choices.map { $0 < 0 ? 0 : levels[$0] },
      bits: zip(choices, cells.rows).map {
        $0 < 0 ? 0 : lengths.present[$1] + lengths.level[$0]
      },
      cost: errors.reduce(0) { $0 + Quantiser.halfSquare($1) }, objective: objective)
  }
}

extension [Float] {
  /// The index of the element nearest to a number; the elements ascend, and there may be none.
  fileprivate func nearestIndex(to number: Double) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Double(self[middle]) < number { low = middle + 1 } else { high = middle }
    }
    if low == count { return Swift.max(count - 1, 0) }
    guard low > 0 else { return 0 }
    return number - Double(self[low - 1]) < Double(self[low]) - number ? low - 1 : low
  }
}
