import BBBNetwork

/// A matrix with its rows and columns in other orders.
struct NumberedMatrix {
  fileprivate let original: SparseMatrix
  /// The rows in their new order; `nil` keeps it.
  fileprivate let rows: [Int]?
  /// The weights, a row for each output.
  let pattern: ArrangedPattern
  /// The weights, a row for each input unit.
  let byInput: ArrangedPattern

  /// The matrix as it is then.
  var matrix: SparseMatrix {
    func reordered(_ biases: [Float]) -> [Float] { rows.map { $0.map { biases[$0] } } ?? biases }
    return SparseMatrix(
      pattern.pattern, values: pattern.gathering(original.values),
      biases: reordered(original.biases),
      standardDeviations: original.standardDeviations.map {
        SparseMatrix.StandardDeviations(
          weights: pattern.gathering($0.weights), biases: reordered($0.biases))
      })
  }
}

/// What an order of units does to a network's matrices.
///
/// An order is, for each space of units, the units in the order of their new numbers, counted from the space's first; `nil`
/// keeps it.
struct Renumbering {
  private let matrices: [SparseMatrix]
  private let network: Network
  private let units: UnitSpaces
  /// The spaces whose units can change places, in the order of evaluation.
  let freeSpaces: [Int]

  init(_ model: CompactModel) {
    matrices = model.matrices
    network = model.network
    units = UnitSpaces(model.network)
    freeSpaces = units.spaces.indices.filter { [units] in !units.spaces[$0].isFixed }
  }

  /// The free spaces that a parameter's rows or columns belong to.
  func spaces(ofParameter index: Int) -> [Int] {
    let (rows, columns) = channels(ofParameter: index)
    return Set((rows + columns).map { units.spaceOfUnit[$0.unit] })
      .filter { !units.spaces[$0].isFixed }.sorted()
  }

  /// The order that keeps every space as it is.
  var noOrders: [[Int]?] { Array(repeating: nil, count: units.spaces.count) }

  /// A space of units.
  func unitSpaces(_ space: Int) -> UnitSpaces.Space { units.spaces[space] }

  /// The space that all channels make which a parameter reads; `nil` if there are several.
  func wholeSpace(ofChannelsOf parameter: Int) -> Int? {
    let columns = channels(ofParameter: parameter).columns
    guard let first = columns.first.map({ units.spaceOfUnit[$0.unit] }),
      columns.map(\.unit) == Array(units.spaces[first].units)
    else { return nil }
    return first
  }

  /// Whether a parameter is a convolution's.
  func isConvolution(_ parameter: Int) -> Bool {
    network.nodes[network.parameters[parameter].node].operation.movesWindow
  }

  /// A matrix as an order of units numbers it.
  func numbered(_ parameter: Int, _ orders: [[Int]?]) -> NumberedMatrix {
    let rows = rows(ofParameter: parameter, orders)
    let units = inputUnits(ofParameter: parameter, orders)
    let taps = taps(ofParameter: parameter)
    let original = ArrangedPattern(matrices[parameter].pattern)
    let byInput = original.transposed(taps: taps, rows: rows, units: units)
    return NumberedMatrix(
      original: matrices[parameter], rows: rows,
      pattern: units == nil
        ? rows.map(original.selecting) ?? original : byInput.transposed(taps: taps),
      byInput: byInput)
  }

  /// The order of units by their incoming weights, settled first to last.
  var orderByIncomingWeights: [[Int]?] {
    var orders = noOrders
    for space in freeSpaces {
      let range = units.spaces[space].units
      guard
        let writer = heaviest(
          units.spaces[space].writers,
          { matrices[$0.parameter].pattern.weightCount($0.first, range.count) })
      else { continue }
      var pattern = ArrangedPattern(matrices[writer.parameter].pattern)
      if let units = inputUnits(ofParameter: writer.parameter, orders) {
        let taps = taps(ofParameter: writer.parameter)
        pattern = pattern.transposed(taps: taps, units: units).transposed(taps: taps)
      }
      orders[space] = pattern.codingOrder(
        of: writer.first..<writer.first + range.count, matrices[writer.parameter].values)
    }
    return orders
  }

  /// The order of units by their outgoing weights, settled last to first.
  var orderByOutgoingWeights: [[Int]?] {
    var orders = noOrders
    for space in freeSpaces.reversed() {
      let range = units.spaces[space].units
      // Where the channels that are read differ in size, no column belongs to one unit of all.
      let readers = units.spaces[space].readers.filter { columnsOfUnit($0.parameter) != nil }
      guard
        let reader = heaviest(
          readers,
          {
            let width = columnsOfUnit($0.parameter) ?? 1
            let columns = $0.first * width..<($0.first + range.count) * width
            return matrices[$0.parameter].pattern.columns.count { columns.contains(Int($0)) }
          })
      else { continue }
      let byInput = ArrangedPattern(matrices[reader.parameter].pattern).transposed(
        taps: columnsOfUnit(reader.parameter) ?? 1,
        rows: rows(ofParameter: reader.parameter, orders))
      orders[space] = byInput.codingOrder(
        of: reader.first..<reader.first + range.count, matrices[reader.parameter].values)
    }
    return orders
  }

  /// The place of the most weights; of equals the first.
  private func heaviest(
    _ places: [UnitSpaces.Place], _ weightCount: (UnitSpaces.Place) -> Int
  ) -> UnitSpaces.Place? {
    guard places.count > 1 else { return places.first }
    let counts = places.map(weightCount)
    return counts.indices.max { (counts[$0], $1) < (counts[$1], $0) }.map { places[$0] }
  }

  private func channels(
    ofParameter index: Int
  ) -> (rows: [UnitSpaces.Channel], columns: [UnitSpaces.Channel]) {
    let node = network.parameters[index].node
    // A constant's rows keep their order.
    guard let source = network.nodes[node].inputs.first else { return ([], []) }
    return (units.channels[node + 1], units.channels[source.index])
  }

  /// The columns of each channel that a parameter reads, if all have equally many.
  private func columnsOfUnit(_ parameter: Int) -> Int? {
    let counts = Set(columnCounts(parameter))
    return counts.count == 1 ? counts.first : nil
  }

  private func columnCounts(_ parameter: Int) -> [Int] {
    let isConvolution = isConvolution(parameter)
    return channels(ofParameter: parameter).columns.map {
      isConvolution ? network.parameters[parameter].weights.taps : $0.elementCount
    }
  }

  private func rows(ofParameter index: Int, _ orders: [[Int]?]) -> [Int]? {
    permutation(channels(ofParameter: index).rows, orders)
  }

  /// The columns of one input unit.
  func taps(ofParameter index: Int) -> Int { MatrixExtents(network, parameter: index).taps }

  private func inputUnits(ofParameter index: Int, _ orders: [[Int]?]) -> [Int]? {
    guard let channels = permutation(channels(ofParameter: index).columns, orders) else {
      return nil
    }
    // A convolution's unit is a channel; a linear layer's is an element of one.
    let taps = taps(ofParameter: index)
    let counts = columnCounts(index).map { $0 / taps }
    let starts = CountingSort.starts(ofCounts: counts)
    return channels.flatMap { Int(starts[$0])..<Int(starts[$0]) + counts[$0] }
  }

  /// The channels in the order of their new numbers; `nil` if none changes its place.
  private func permutation(_ channels: [UnitSpaces.Channel], _ orders: [[Int]?]) -> [Int]? {
    var order = Array(channels.indices)
    var isChanged = false
    for (place, channel) in channels.enumerated() {
      let space = units.spaceOfUnit[channel.unit]
      // Where the space's first unit stands, the others follow.
      guard channel.unit == units.spaces[space].units.lowerBound, let units = orders[space] else {
        continue
      }
      for (number, unit) in units.enumerated() { order[place + number] = place + unit }
      isChanged = true
    }
    return isChanged ? order : nil
  }
}

extension SparsePattern {
  /// How many entries some rows have.
  fileprivate func weightCount(_ first: Int, _ count: Int) -> Int {
    Int(rowStarts[first + count] - rowStarts[first])
  }
}

extension ArrangedPattern {
  /// Rows by falling count, then by columns, then by values, so that the order they come in matters
  /// only where they are alike.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - values: One for each entry of the first pattern.
  /// - Returns: The rows in their new order, counted from the first of them.
  fileprivate func codingOrder(of rows: Range<Int>, _ values: [Float]) -> [Int] {
    let counts = rows.map { pattern.entries(ofRow: $0).count }
    var order = CountingSort.fallingOrder(counts)
    var start = 0
    while start < order.count {
      let count = counts[order[start]]
      let end = order[start...].firstIndex { counts[$0] != count } ?? order.count
      order[start..<end].sort {
        precedes(rows.lowerBound + $0, rows.lowerBound + $1, values)
      }
      start = end
    }
    return order
  }

  /// Whether one of two rows of as many weights comes first.
  private func precedes(_ one: Int, _ other: Int, _ values: [Float]) -> Bool {
    let (first, second) = (pattern.entries(ofRow: one), pattern.entries(ofRow: other))
    let columns = pattern.columns
    for (index, counterpart) in zip(first, second) where columns[index] != columns[counterpart] {
      return columns[index] < columns[counterpart]
    }
    for (index, counterpart) in zip(first, second) {
      let (value, other) = (values[Int(origins[index])], values[Int(origins[counterpart])])
      if value != other { return value < other }
    }
    return one < other
  }
}
