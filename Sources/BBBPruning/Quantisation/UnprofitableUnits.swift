/// Hidden units that take more bytes than they are worth.
///
/// A unit whose outgoing weights are removed needs no incoming ones, and a unit without incoming weights is a
/// constant and joins the next biases. So all of a unit's bits can be saved for the price of removing the
/// weights on one side of it, though no single weight would be worth removing.
///
/// Units go one after another, space by space, the most profitable first, and each is judged by the errors that those before
/// it have left in the sums of the matrices that read it: what many units of little use do together is more than the sum
/// of what each does.
struct UnprofitableUnits: Equatable, Sendable {
  /// The units to lose their outgoing weights.
  private(set) var withoutOutgoing: Set<Int> = []
  /// The units to lose their incoming weights.
  private(set) var withoutIncoming: Set<Int> = []

  /// Whether there are none.
  var isEmpty: Bool { withoutOutgoing.isEmpty && withoutIncoming.isEmpty }

  /// None.
  init() {}

  /// Those of a quantisation.
  ///
  /// - Parameters:
  ///   - matrices: The quantised matrices.
  ///   - places: The units of their rows and columns.
  ///   - correlation: That of a unit's inputs; see ``Quantiser``.
  init(in matrices: [QuantisedMatrix], _ places: UnitPlaces, correlation: Double) {
    var units = [Unit](repeating: Unit(), count: places.unitCount)
    // Rows are numbered through all matrices.
    var rowCount = 0
    for (index, matrix) in matrices.enumerated() {
      for weight in matrix.weights {
        let row = rowCount + weight.row
        units[places.rows[index][weight.row]].incoming.append((row, weight))
        units[places.columns[index][weight.column]].outgoing.append((row, weight))
      }
      rowCount += places.rows[index].count
    }
    for space in places.freeSpaces { insert(units, of: space, rowCount: rowCount, correlation) }
  }

  private mutating func insert(
    _ units: [Unit], of space: Range<Int>, rowCount: Int, _ correlation: Double
  ) {
    var errorSums = [Double](repeating: 0, count: rowCount)
    for unit in space {
      for (row, weight) in units[unit].outgoing { errorSums[row] += weight.roundingError }
    }
    let firstProfits = space.map { ($0, units[$0].removal(&errorSums, correlation).profit) }
    let order = firstProfits.filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    for (number, _) in order {
      let unit = units[number]
      let removal = unit.removal(&errorSums, correlation)
      guard removal.profit > 0 else { continue }
      guard removal.isOfOutgoing else {
        withoutIncoming.insert(number)
        continue
      }
      withoutOutgoing.insert(number)
      for (row, weight) in unit.outgoing {
        errorSums[row] += weight.removalError - weight.roundingError
      }
    }
  }
}

/// A hidden unit's weights.
private struct Unit {
  var incoming: [(row: Int, weight: QuantisedMatrix.Weight)] = []
  var outgoing: [(row: Int, weight: QuantisedMatrix.Weight)] = []

  /// The cheaper way to remove the unit.
  ///
  /// - Parameters:
  ///   - errorSums: The sum of the errors of each row, as it stands and as it is left.
  ///   - correlation: That of a unit's inputs.
  /// - Returns: The nats saved less those lost, and whether the outgoing weights go.
  func removal(
    _ errorSums: inout [Double], _ correlation: Double
  ) -> (profit: Double, isOfOutgoing: Bool) {
    let incomingBits = incoming.reduce(0) { $0 + $1.weight.bitsCost }
    let bits = outgoing.reduce(incomingBits) { $0 + $1.weight.bitsCost }
    // Incoming weights share the sums of their rows: one, unless several matrices make the unit together.
    var sums: [(row: Int, rounded: Double, removed: Double)] = []
    for (row, weight) in incoming {
      if sums.last?.row != row { sums.append((row, 0, 0)) }
      sums[sums.count - 1].rounded += weight.roundingError
      sums[sums.count - 1].removed += weight.removalError
    }
    let incomingLoss =
      incoming.reduce(0) { $0 + (1 - correlation) * $1.weight.removalLoss }
      + sums.reduce(0) {
        $0 + correlation
          * (Quantiser.halfSquare($1.removed) - Quantiser.halfSquare($1.rounded))
      }
    // Outgoing weights are each a part of another sum, but for those of one channel's positions.
    var outgoingLoss = 0.0
    let sumsBefore = outgoing.map { row, weight in
      let sum = errorSums[row]
      errorSums[row] = sum + weight.removalError - weight.roundingError
      outgoingLoss =
        outgoingLoss + (1 - correlation) * weight.removalLoss
        + correlation * (Quantiser.halfSquare(errorSums[row]) - Quantiser.halfSquare(sum))
      return sum
    }
    // Backwards, so that of a row with several weights the first sum comes back.
    for (element, sum) in zip(outgoing, sumsBefore).reversed() { errorSums[element.row] = sum }
    return (bits - min(incomingLoss, outgoingLoss), outgoingLoss <= incomingLoss)
  }
}

extension QuantisedMatrix.Weight {
  /// What its removal costs more than its rounding, in nats.
  fileprivate var removalLoss: Double {
    Quantiser.halfSquare(removalError) - Quantiser.halfSquare(roundingError)
  }
}
