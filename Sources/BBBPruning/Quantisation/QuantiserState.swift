import CBBBKernels

/// The levels of a quantisation in progress, the level of each number, and what codes for them take.
struct QuantiserState {
  /// Ascending, without zero.
  private var levels: [Float]
  /// The level that is nearest to each number, by place.
  private var nearest: [Int32]
  /// The level of each number, by place; -1 where it is zero.
  private var choices: [Int32]
  /// (ŵ − μ)/σ of each number, by place.
  private var errors: [Double]
  /// The sum of the errors of each lane's row.
  private var errorSums: [Double]
  /// What each number costs, by place, but for what its row's numbers share.
  private var costs: [Double]
  /// The bits that describe the levels.
  private var tableBits: Double
  private let quantiser: Quantiser
  private let lanes: QuantiserLanes
  /// What is minimised, in nats.
  private(set) var objective = Double.infinity

  /// The most steps to either side of zero that a table of 256 levels has room for.
  private static let maximumReach = 127

  /// Begins with every number rounded to a grid.
  init(_ cells: QuantiserCells, _ lanes: QuantiserLanes, step: Float, quantiser: Quantiser) {
    self.quantiser = quantiser
    self.lanes = lanes
    let largest = cells.means.reduce(0) { max($0, $1.magnitude) }
    // Clamped before they are whole numbers: one outlier may be any number of steps away.
    let reach = Int(min((largest / Double(step)).rounded(), Double(Self.maximumReach)))
    levels = ((-reach)...reach).filter { $0 != 0 }.map { number in
      let level = Float(number) * step
      return level.isFinite ? level : Float(sign: level.sign, exponent: 127, significand: 1)
    }
    // A kind, a step and the number of zero.
    tableBits = 48
    nearest = lanes.means.map(levels.nearestIndex(to:))
    choices = Array(repeating: -1, count: lanes.placeCount)
    errors = Array(repeating: 0, count: lanes.placeCount)
    costs = errors
    errorSums = Array(repeating: 0, count: lanes.rows.count)
    for (index, place) in lanes.places.enumerated() {
      let steps = (cells.means[index] / Double(step)).rounded()
      let number = Int(min(max(steps, -Double(reach)), Double(reach)))
      choices[place] = Int32(number < 0 ? number + reach : number == 0 ? -1 : number + reach - 1)
    }
    measureErrors(cells)
  }

  /// The errors of the choices, and their sums.
  private mutating func measureErrors(_ cells: QuantiserCells) {
    errorSums = Array(repeating: 0, count: errorSums.count)
    for (index, place) in lanes.places.enumerated() {
      let choice = Int(choices[place])
      let value = choice < 0 ? 0 : Double(levels[choice])
      errors[place] = (value - cells.means[index]) / cells.deviations[index]
      if let lane = lanes.laneOfRow[cells.rows[index]] { errorSums[lane] += errors[place] }
    }
  }

  /// Makes codes for the choices, then chooses again, number by number.
  ///
  /// A level costs what its error and its bits do; shorter codes stand nearer to zero, and errors of the unit's other numbers may
  /// want either side, so that zero and the levels around the nearest are tried.
  ///
  /// - Returns: Whether a choice is another one: if not, doing it again changes nothing.
  @discardableResult
  mutating func improve(_ cells: QuantiserCells) -> Bool {
    let before = choices
    let lengths = codeLengths(cells)
    let levels = Self.padded(levels.map(Double.init), with: 0)
    let levelBits = Self.padded(lengths.level, with: .infinity)
    let absent = lanes.byLane(lengths.absent)
    let present = lanes.byLane(lengths.present)
    levels.withUnsafeBufferPointer { levels in
      levelBits.withUnsafeBufferPointer { levelBits in
        nearest.withUnsafeBufferPointer { nearest in
          absent.withUnsafeBufferPointer { absent in
            present.withUnsafeBufferPointer { present in
              let table = bbb_level_table(
                levels: levels.baseAddress, level_bits: levelBits.baseAddress,
                nearest: nearest.baseAddress, absent_bits: absent.baseAddress,
                present_bits: present.baseAddress, own: 1 - quantiser.correlation,
                shared: quantiser.correlation, price: quantiser.price)
              lanes.choose(table, &choices, &errors, &errorSums, &costs)
            }
          }
        }
      }
    }
    let weights = lanes.places.reduce(0) { $0 + costs[$1] }
    let shared = lanes.laneOfRow.reduce(0) { sum, lane in
      sum + (lane.map { Quantiser.halfSquare(errorSums[$0]) } ?? 0)
    }
    objective = weights + quantiser.correlation * shared + quantiser.price * tableBits
    return choices != before
  }

  /// A table with the elements around it that the kernel may read.
  private static func padded(_ table: [Double], with number: Double) -> [Double] {
    let reach = Int(BBB_LEVEL_REACH)
    return Array(repeating: number, count: reach) + table
      + Array(repeating: number, count: reach + 1)
  }

  private func codeLengths(_ cells: QuantiserCells) -> CodeLengths {
    CodeLengths(levelCount: levels.count, lanes.places.lazy.map { Int(choices[$0]) }, cells)
  }

  /// Moves each level to the mean of its numbers, weighted by 1/σ², as float16 holds it.
  mutating func moveLevels(_ cells: QuantiserCells) {
    var weights = [Double](repeating: 0, count: levels.count)
    var sums = weights
    for (index, place) in lanes.places.enumerated() where choices[place] >= 0 {
      let weight = 1 / (cells.deviations[index] * cells.deviations[index])
      weights[Int(choices[place])] += weight
      sums[Int(choices[place])] += weight * cells.means[index]
    }
    let moved: [Float?] = levels.indices.map { level in
      guard weights[level] > 0 else { return nil }
      let rounded = bbb_half_to_float(bbb_float_to_half(Float(sums[level] / weights[level])))
      return rounded.isFinite && rounded != 0 ? rounded : levels[level]
    }
    let remaining = Set(moved.compactMap { $0 }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(remaining, remaining.indices))
    let renumbered = moved.map { level in Int32(level.flatMap { numbers[$0] } ?? -1) }
    choices = choices.map { $0 < 0 ? -1 : renumbered[Int($0)] }
    levels = remaining
    nearest = lanes.means.map(levels.nearestIndex(to:))
    tableBits = 16 + 16 * Double(levels.count)
    measureErrors(cells)
  }

  func result(in cells: QuantiserCells) -> Quantiser.Result {
    let lengths = codeLengths(cells)
    let numbers = lanes.places.map { Int(choices[$0]) }
    return Quantiser.Result(
      values: numbers.map { $0 < 0 ? 0 : levels[$0] },
      bits: zip(numbers, cells.rows).map {
        $0 < 0 ? 0 : lengths.present[$1] + lengths.level[$0]
      },
      cost: lanes.places.reduce(0) { $0 + Quantiser.halfSquare(errors[$1]) }, objective: objective)
  }
}

extension [Float] {
  /// The index of the element nearest to a number; the elements ascend, and there may be none.
  fileprivate func nearestIndex(to number: Double) -> Int32 {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Double(self[middle]) < number { low = middle + 1 } else { high = middle }
    }
    if low == count { return Int32(Swift.max(count - 1, 0)) }
    guard low > 0 else { return 0 }
    return Int32(number - Double(self[low - 1]) < Double(self[low]) - number ? low - 1 : low)
  }
}
