import BBBKernels
import BBBLinearAlgebra
import CBBBKernels

/// The order in which a row's weights are removed, and what each costs.
struct RemovalOrder: Sendable {
  /// The columns of a group, the first to go first.
  var columns: [UInt32]
  /// For each, the nats per example and unit of gain: ½ w²/[H⁻¹]_qq at its turn.
  var costs: [Double]
}

/// Orders the weights of a matrix's rows: each time the one goes whose removal costs least, and the others take over
/// (Optimal Brain Surgeon: Hassibi and Stork 1993).
struct RemovalSearch: Sendable {
  let matrix: MatrixPlan
  let moments: InputMoments
  let dense: LayerWeights
  let threadCount: Int

  /// The order of each row.
  ///
  /// - Parameters:
  ///   - kept: The places that are there; others were removed before, and what is left takes over from them first.
  ///   - advance: Is called for each row that is done, from any thread.
  /// - Returns: For each row the order of all columns that are there.
  func orders(_ kept: KeptPlaces, _ advance: @Sendable (_ row: Int) -> Void = { _ in })
    -> [RemovalOrder]
  {
    let refits = (0..<matrix.groups).map { RowRefit(moments, group: $0) }
    return parallelMap(count: kept.rows.count, threadCount: threadCount) { row in
      defer { advance(row) }
      let (group, number) = row.quotientAndRemainder(dividingBy: matrix.rows)
      let (own, places) = (dense.row(row, columns: matrix.columns), kept.rows[row])
      let weights = refits[group].weights(
        number, own, places: places, fixedBias: kept.fixedBiases[row])
      return order(refits[group], places, weights ?? places.map { own[$0] })
    }
  }

  private func order(_ refit: RowRefit, _ places: [Int], _ weights: [Double]) -> RemovalOrder {
    let count = places.count
    let covariance = AlignedBuffer<Double>(repeating: 0, count: count * count)
    let ridge = refit.definite(covariance, places) { SymmetricMatrix.invert($0, count: count) }
    precondition(ridge != nil, "finite moments with a large ridge are positive definite")
    var weights = weights
    var numbers = [UInt32](repeating: 0, count: count)
    var order = RemovalOrder(columns: numbers, costs: Array(repeating: 0, count: count))
    var scratch = [Double](repeating: 0, count: count)
    let removed = bbb_remove_weights(
      bbb_best_instruction_set(), count, places.first == 0 ? 1 : 0, .infinity, covariance.start,
      &weights, &numbers, &order.columns, &order.costs, &scratch)
    order.columns = order.columns.prefix(removed).map { UInt32(places[Int($0)] - 1) }
    order.costs = Array(order.costs.prefix(removed))
    return order
  }
}
