import BBBNetwork
import BBBPruning

/// The globally greedy order in which weights are removed: rows do not interact, so that it is the rows' own orders, merged by the
/// running maximum of what removals cost.
public struct ConditionalOrder: Sendable {
  /// A row of a matrix.
  struct Row: Sendable {
    let parameter: Int
    let row: Int
    let order: RemovalOrder
  }

  /// A removal, and what it costs in nats per example.
  struct Removal: Sendable {
    /// The number of the row, and which of its removals it is.
    let row: Int
    let place: Int
    let cost: Double
  }

  /// How many weights were removed before the first of the order.
  public let preCutCount: Int
  let rows: [Row]
  /// In the order of the merge.
  let removals: [Removal]

  /// Merges rows.
  ///
  /// - Parameters:
  ///   - rows: Their own orders.
  ///   - gains: By parameter, then by row.
  ///   - preCutCount: How many weights were removed before.
  init(_ rows: [Row], gains: [[Double]], preCutCount: Int = 0) {
    self.rows = rows
    self.preCutCount = preCutCount
    var entries: [(largest: Double, removal: Removal)] = []
    entries.reserveCapacity(rows.reduce(0) { $0 + $1.order.costs.count })
    for (number, row) in rows.enumerated() {
      var largest = 0.0
      for (place, cost) in row.order.costs.enumerated() {
        let cost = cost * gains[row.parameter][row.row]
        largest = max(largest, cost)
        entries.append((largest, Removal(row: number, place: place, cost: cost)))
      }
    }
    // (running maximum, row, place): in that order masks are nested, and a row's order is kept.
    entries.sort {
      ($0.largest, $0.removal.row, $0.removal.place) < (
        $1.largest, $1.removal.row, $1.removal.place
      )
    }
    removals = entries.map(\.removal)
  }

  /// The multiplications of a search, but for a factor: a row takes as long as its length to the third power.
  var work: Double {
    rows.reduce(0) { sum, row in
      let length = Double(row.order.columns.count)
      return sum + length * length * length
    }
  }

  /// What the first removals cost together, in nats per example: at least what outputs will diverge by.
  ///
  /// - Parameter keptCount: The weights that are left.
  /// - Returns: The sum of the costs of the others that are in the order.
  public func divergence(keeping keptCount: Int) -> Double {
    removals.dropLast(keptCount).reduce(0) { $0 + $1.cost }
  }

  /// For each row how many of its weights are left if so many are in all.
  func keptCounts(_ keptCount: Int) -> [Int] {
    var counts = rows.map(\.order.columns.count)
    for removal in removals.dropLast(keptCount) { counts[removal.row] -= 1 }
    return counts
  }

  /// The rows with only those of their weights that are left if so many are in all, in their order.
  func last(_ keptCount: Int) -> [Row] {
    zip(rows, keptCounts(keptCount)).map { row, count in
      Row(
        parameter: row.parameter, row: row.row,
        order: RemovalOrder(
          columns: Array(row.order.columns.suffix(count)),
          costs: Array(row.order.costs.suffix(count))))
    }
  }

  /// For each of the network's parameters the rank of each weight, in the order of its tensor: 0 of those that are not in the
  /// order, then 1, 2 and so on.
  func ranks(of network: DenseNetwork) -> [[Double]] {
    var ranks = network.matrices.map { [Double](repeating: 0, count: $0.weights.count) }
    for (rank, removal) in removals.enumerated() {
      let row = rows[removal.row]
      let shape = network.matrices[row.parameter].shape
      let position = shape.position(
        row: row.row,
        column: shape.firstColumn(ofRow: row.row) + Int(row.order.columns[removal.place]))
      ranks[row.parameter][position] = Double(rank + 1)
    }
    return ranks
  }
}
