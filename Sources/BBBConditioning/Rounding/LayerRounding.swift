import BBBKernels

/// Rounds the weights of a matrix to uniform levels, and its biases to others.
struct LayerRounding: Sendable {
  let matrix: MatrixPlan
  let moments: InputMoments
  /// g of each row: nats per example and square of its sum.
  let gains: [Double]
  let price: RoundingPrice
  /// Whether weights may become 0, and so go.
  let mayRemove: Bool
  let threadCount: Int

  /// As many levels as a table holds, and some room for what moves while others are rounded.
  private static let mostLevels = 240.0
  /// How often code lengths are measured again.
  private static let roundCount = 2

  /// Rounded weights, and which are left.
  struct Result {
    let weights: LayerWeights
    let kept: KeptPlaces
  }

  /// Rounds.
  ///
  /// - Parameters:
  ///   - start: The weights; those at other places are 0.
  ///   - kept: The places that are there.
  /// - Returns: The weights that are left.
  func rounded(_ start: LayerWeights, _ kept: KeptPlaces) -> Result {
    let rows = rowRoundings(kept)
    let weights = kept.rows.enumerated().map { row, places in
      let own = start.row(row, columns: matrix.columns)
      return places.map { own[$0] }
    }
    let step = weightStep(rows, weights, kept)
    let biasStep = self.biasStep(weights, kept)
    let places = kept.rows.map { $0.first == 0 ? Array($0.dropFirst()) : $0 }
    var levels = zip(kept.rows, weights).map { places, weights in
      zip(places, weights).filter { $0.0 > 0 }.map { Int32(($0.1 / Double(step)).rounded()) }
    }
    var results = weights
    for _ in 0..<Self.roundCount {
      let bits = SymbolBits(levels, at: places, of: matrix)
      results = parallelMap(count: rows.count, threadCount: threadCount) { row in
        var result = weights[row]
        rows[row]?.round(&result) { number, weight, precision in
          let place = kept.rows[row][number]
          guard place > 0 else {
            return Double(Float((weight / Double(biasStep)).rounded()) * biasStep)
          }
          let level = self.level(
            weight / Double(step), row: row, place: place,
            sensitivity: 0.5 * gains[row] * precision * Double(step) * Double(step), bits)
          return Double(Float(level) * step)
        }
        return result
      }
      levels = zip(kept.rows, results).map { places, result in
        zip(places, result).filter { $0.0 > 0 }.map { Int32(($0.1 / Double(step)).rounded()) }
      }
    }
    let left =
      mayRemove
      ? kept.keeping(zip(places, levels).map { zip($0, $1).filter { $0.1 != 0 }.map(\.0) }) : kept
    let values = zip(kept.rows, results).map { places, result in
      zip(places, result).filter { !mayRemove || $0.0 == 0 || $0.1 != 0 }.map(\.1)
    }
    return Result(
      weights: LayerWeights(values, at: left, columns: matrix.columns), kept: left)
  }

  /// The level of a weight, in steps, that costs least in nats and bits together.
  @inline(__always)
  private func level(
    _ weight: Double, row: Int, place: Int, sensitivity: Double, _ bits: SymbolBits
  ) -> Int {
    let channel = row / matrix.rows * matrix.channels + (place - 1) / matrix.taps
    func cost(_ level: Int) -> Double {
      let change = weight - Double(level)
      return sensitivity * change * change + price.natsPerBit
        * (mayRemove
          ? bits.bits(level, row: row, channel: channel) : bits.bits(ofLevel: level))
    }
    let nearest = Int(weight.rounded())
    var best = (level: 0, cost: cost(0))
    for level in nearest - 1...nearest + 1 where level != 0 {
      let cost = cost(level)
      if cost < best.cost { best = (level, cost) }
    }
    return best.level
  }

  /// How each row is rounded, `nil` where there is nothing to round.
  ///
  /// Rows of all places share one.
  private func rowRoundings(_ kept: KeptPlaces) -> [RowRounding?] {
    let refits = (0..<matrix.groups).map { RowRefit(moments, group: $0) }
    let size = moments.size
    let whole = refits.indices.map { group in
      let rows = kept.rows[group * matrix.rows..<(group + 1) * matrix.rows]
      return rows.contains { $0.count == size }
        ? RowRounding(refits[group], Array(0..<size)) : nil
    }
    return parallelMap(count: kept.rows.count, threadCount: threadCount) { row in
      let places = kept.rows[row]
      let group = row / matrix.rows
      guard !places.isEmpty else { return nil }
      return places.count == size ? whole[group] : RowRounding(refits[group], places)
    }
  }

  /// The step of the weights' levels.
  private func weightStep(
    _ rows: [RowRounding?], _ weights: [[Double]], _ kept: KeptPlaces
  ) -> Float {
    var (sum, count) = (0.0, 0.0)
    var (least, most) = (0.0, 0.0)
    for (row, rounding) in rows.enumerated() {
      guard let rounding else { continue }
      for (turn, number) in rounding.order.enumerated() where kept.rows[row][number] > 0 {
        sum += 0.5 * gains[row] * rounding.precision(turn)
        count += 1
        least = min(least, weights[row][number])
        most = max(most, weights[row][number])
      }
    }
    return step(sensitivity: sum / max(count, 1), range: most - least)
  }

  private func biasStep(_ weights: [[Double]], _ kept: KeptPlaces) -> Float {
    var (sum, count) = (0.0, 0.0)
    var (least, most) = (0.0, 0.0)
    for (row, places) in kept.rows.enumerated() where places.first == 0 {
      if places.count > 1 { (sum, count) = (sum + 0.5 * gains[row], count + 1) }
      least = min(least, weights[row][0])
      most = max(most, weights[row][0])
    }
    return step(sensitivity: sum / max(count, 1), range: most - least)
  }

  private func step(sensitivity: Double, range: Double) -> Float {
    let finest = max(range / Self.mostLevels, Double(Float.leastNormalMagnitude) * 1024)
    guard sensitivity > 0 else { return Float(max(range, finest)) }
    let step = price.step(forSensitivity: sensitivity)
    // No coarser than the numbers are wide: then all are 0, or one level.
    return Float(min(max(step, finest), max(range, finest) * 2))
  }
}
