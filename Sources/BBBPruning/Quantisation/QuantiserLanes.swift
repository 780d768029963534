import CBBBKernels

/// Numbers as the kernel takes them: rows side by side, eight to a group, since what is chosen for one number of a row
/// depends on the ones before.
struct QuantiserLanes {
  /// Where each group's steps begin, and the last one's end.
  private(set) var starts = [0]
  /// How many numbers each lane's row has.
  private(set) var lengths: [UInt32] = []
  /// The row of each lane; `nil` behind the last.
  private(set) var rows: [Int?] = []
  /// The lane of each row that has numbers.
  private(set) var laneOfRow: [Int?]
  /// The place of each number, in the order of the cells.
  private(set) var places: [Int]
  /// μ by place; 0 where no number is.
  private(set) var means: [Double]
  /// σ by place; 1 where no number is.
  private(set) var deviations: [Double]

  /// The places, with those where no number is.
  var placeCount: Int { means.count }
  private var groupCount: Int { starts.count - 1 }

  init(_ cells: QuantiserCells) {
    var counts = [Int](repeating: 0, count: cells.rowCount)
    for row in cells.rows { counts[row] += 1 }
    // Rows of about the same length stand side by side.
    let order = counts.indices.filter { counts[$0] > 0 }.sorted {
      (counts[$1], $0) < (counts[$0], $1)
    }
    let width = Int(BBB_LEVEL_LANES)
    laneOfRow = Array(repeating: nil, count: cells.rowCount)
    for first in stride(from: 0, to: order.count, by: width) {
      for lane in first..<first + width {
        let row = lane < order.count ? order[lane] : nil
        if let row { laneOfRow[row] = lane }
        rows.append(row)
        lengths.append(UInt32(row.map { counts[$0] } ?? 0))
      }
      starts.append(starts[starts.count - 1] + counts[order[first]])
    }
    let placeCount = width * starts[starts.count - 1]
    means = Array(repeating: 0, count: placeCount)
    deviations = Array(repeating: 1, count: placeCount)
    places = []
    places.reserveCapacity(cells.count)
    var next = rows.indices.map { width * starts[$0 / width] + $0 % width }
    for (index, row) in cells.rows.enumerated() {
      guard let lane = laneOfRow[row] else { preconditionFailure("rows with numbers have a lane") }
      let place = next[lane]
      next[lane] += width
      places.append(place)
      means[place] = cells.means[index]
      deviations[place] = cells.deviations[index]
    }
  }

  /// What is said of each row, lane by lane.
  func byLane(_ numbers: [Double]) -> [Double] { rows.map { $0.map { numbers[$0] } ?? 0 } }

  /// Chooses the level of every number, one row after another.
  ///
  /// - Parameters:
  ///   - table: The levels, and what their codes take.
  ///   - choices: The number of each place's level; -1 for zero.
  ///   - errors: (ŵ − μ)/σ by place.
  ///   - sums: The sum of the errors of each lane's row.
  ///   - costs: What each place costs, but for what its row's numbers share.
  func choose(
    _ table: bbb_level_table, _ choices: inout [Int32], _ errors: inout [Double],
    _ sums: inout [Double], _ costs: inout [Double]
  ) {
    starts.withUnsafeBufferPointer { starts in
      lengths.withUnsafeBufferPointer { lengths in
        means.withUnsafeBufferPointer { means in
          deviations.withUnsafeBufferPointer { deviations in
            let cells = bbb_level_cells(
              group_count: groupCount, starts: starts.baseAddress, lengths: lengths.baseAddress,
              means: means.baseAddress, deviations: deviations.baseAddress)
            bbb_choose_levels(
              bbb_best_instruction_set(), cells, table, &choices, &errors, &sums, &costs)
          }
        }
      }
    }
  }
}
