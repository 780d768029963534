import BBBLinearAlgebra
import BBBNetwork
import BBBPruning

/// Networks of one conditioner, rounded at one price after another.
///
/// Where it is not known what is to go, each learns from the one before: the gains of its network, and which units something read in
/// it.
struct RoundingTrials {
  private let conditioner: Conditioner
  /// By parameter, the weights among which is chosen; `nil` where nothing is ever removed.
  private let start: [KeptPlaces?]
  /// The weights that a trial at some price did not spare by far: others need not be looked at again at prices near it.
  private var narrowed: (candidates: [KeptPlaces?], from: RoundingPrice)?
  /// By parameter, then by row.
  private var gains: [[Double]]
  private var isRead: [[Bool]]
  /// The network of the last trial, if it is to be learned from.
  private var last: Conditioner.Fit?
  private let learns: Bool

  /// Prepares.
  ///
  /// - Parameters:
  ///   - conditioner: Of the network.
  ///   - start: The weights among which is chosen.
  ///   - gains: What the first trial counts with, by parameter and row; `nil` for the dense network's.
  ///   - learns: Whether each trial learns from the one before.
  init(
    _ conditioner: Conditioner, _ start: [KeptPlaces?], gains: [[Double]]?, learning learns: Bool
  ) {
    self.conditioner = conditioner
    self.start = start
    self.learns = learns
    self.gains =
      gains ?? MatrixProduct.withOneThreadPerProduct { conditioner.gains(conditioner.dense) }
    isRead = conditioner.network.matrices.map { Array(repeating: true, count: $0.shape.rows) }
  }

  /// How many weights a trial begins with.
  var startCount: Int { start.reduce(0) { $0 + ($1?.weightCount ?? 0) } }

  /// The multiplications of a trial's search, but for a factor.
  private var work: Double {
    start.reduce(0) { sum, kept in
      sum + (kept?.rows.reduce(0.0) { $0 + Double($1.count * $1.count * $1.count) } ?? 0)
    }
  }

  /// Removes and rounds at a price.
  ///
  /// - Parameter price: What a bit is worth.
  /// - Returns: The network.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number.
  mutating func rounded(at price: RoundingPrice) throws(ConditioningError) -> Conditioner.Fit {
    if learns, let last { learn(from: last) }
    let candidates =
      narrowed.flatMap {
        price.natsPerBit * Self.nearness >= $0.from.natsPerBit ? $0.candidates : nil
      } ?? start
    let kept = zip(candidates, isRead).map { kept, isRead in
      kept.map { kept in
        kept.keeping(zip(kept.rows, isRead).map { $1 ? $0.filter { $0 > 0 } : [] })
      }
    }
    let narrows = narrowed == nil && work > Self.mostWork
    var near = start
    let gains = gains
    let fit = try MatrixProduct.withOneThreadPerProduct { () throws(ConditioningError) in
      try conditioner.fitted(
        to: kept, rounding: Conditioner.Rounding(price: price, gains: gains)
      ) { [conditioner] parameter, matrix, moments in
        kept[parameter].map { places in
          let orders = conditioner.orders(of: places, matrix, moments)
          func left(costing limit: Double) -> KeptPlaces {
            places.keeping(
              zip(orders, gains[parameter]).map { order, gain in
                let removed = order.costs.firstIndex { $0 * gain > limit } ?? order.costs.count
                return order.columns.dropFirst(removed).map { Int($0) + 1 }
              })
          }
          if narrows { near[parameter] = left(costing: price.removalLimit / Self.nearness) }
          return left(costing: price.removalLimit)
        }
      }
    }
    if narrows { narrowed = (near, price) }
    last = fit
    return fit
  }

  /// Where looking at all weights takes longer than some seconds, those that cost this many times less than the others are looked at
  /// once.
  private static let nearness = 8.0
  private static let mostWork = 2e11

  private mutating func learn(from fit: Conditioner.Fit) {
    let conditioner = conditioner
    let new = MatrixProduct.withOneThreadPerProduct { conditioner.gains(fit.weights) }
    // Weights follow gains and gains weights; half the way each time they settle.
    gains = zip(gains, new).map { zip($0, $1).map { ($0 * $1).squareRoot() } }
    isRead = conditioner.network.rowsRead(
      fit.kept.enumerated().map { parameter, kept in
        kept?.mask(conditioner.network.matrices[parameter].shape)
      })
  }
}

extension Conditioner {
  /// The orders of a matrix's rows, without what never varies: that is the bias's.
  fileprivate func orders(
    of kept: KeptPlaces, _ matrix: MatrixPlan, _ moments: InputMoments
  ) -> [RemovalOrder] {
    let varying = kept.keeping(
      kept.rows.enumerated().map { row, places in
        places.filter { place in
          place > 0 && (places.first != 0 || moments.varies(place, group: row / matrix.rows))
        }
      })
    return RemovalSearch(
      matrix: matrix, moments: moments, dense: dense[matrix.parameter], threadCount: threadCount
    ).orders(varying)
  }
}
