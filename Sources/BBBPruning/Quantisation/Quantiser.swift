import CBBBKernels
import CBBBLibc

/// Chooses the levels of a layer's numbers, and a level or zero for each.
///
/// What is made small is Σ (μ − ŵ)²/2σ² + price · bits: entropy-constrained scalar quantisation (Chou,
/// Lookabaugh and Gray 1989), each squared error weighted by what the posterior knows of the number. The bits
/// are those of ideal codes made for the result, so codes and choices are improved in turn.
///
/// Inputs of a unit (pixels, rectified units) are not negative and thus correlated, so errors of like sign
/// add up in the unit's sum and errors of unlike sign cancel. Since 1/σ of a weight is in proportion to the
/// root mean square of its input, the cost of a unit's errors u = (ŵ − μ)/σ under a correlation ρ between
/// inputs is ½[(1 − ρ) Σu² + ρ (Σu)²], which is what is minimised. It needs no data.
struct Quantiser {
  /// The correlation of a unit's inputs that is assumed; 0 where numbers do not share a sum.
  var correlation: Double
  /// The nats that one bit is worth.
  var price: Double

  /// What a layer's numbers become.
  struct Result {
    /// The quantised numbers; 0 where one is removed.
    var values: [Float]
    /// The bits that each takes, its position with it; 0 where one is removed.
    var bits: [Double]
    /// Σ (μ − ŵ)²/2σ², in nats.
    var cost: Double
    /// What was minimised, in nats, with the bits of the table of levels.
    var objective: Double
  }

  /// Quantises numbers.
  ///
  /// - Parameter cells: The numbers.
  /// - Returns: The best of a uniform grid, a codebook, half and single precision.
  func quantise(_ cells: QuantiserCells) -> Result {
    guard let deviation = cells.typicalDeviation else {
      return Result(values: [], bits: [], cost: 0, objective: 0)
    }
    let grid = bestGrid(cells, QuantiserLanes(cells), deviation: deviation)
    let codebook = refine(grid, cells)
    return [
      grid.result(in: cells), codebook.result(in: cells),
      floats(cells, bits: 14) { bbb_half_to_float(bbb_float_to_half($0)) },
      floats(cells, bits: 27) { $0 },
    ]
    .reduce(nil) { (best: Result?, next) in
      best.map { $0.objective <= next.objective } ?? false ? best : next
    } ?? Result(values: [], bits: [], cost: 0, objective: 0)
  }

  /// Rounds of improving choices and code lengths in turn; later ones hardly change anything.
  private static let roundCount = 8

  /// The grid whose step, a multiple of σ, makes the objective smallest: in eighths of an octave.
  ///
  /// The search begins near the step whose rounding is worth the price: cost is in proportion to the step's square.
  private func bestGrid(
    _ cells: QuantiserCells, _ lanes: QuantiserLanes, deviation: Double
  ) -> QuantiserState {
    func state(_ eighths: Int) -> QuantiserState {
      let step = max(
        min(Float(deviation * exp2(Double(eighths) / 8)), .greatestFiniteMagnitude),
        .leastNormalMagnitude)
      var state = QuantiserState(cells, lanes, step: step, quantiser: self)
      for _ in 0..<Self.roundCount {
        guard state.improve(cells) else { break }
      }
      return state
    }
    let first = min(
      max(-4 + Int((4 * log2(price / Precision.standard.natsPerBit)).rounded()), -96), 32)
    var best = (eighths: first, state: state(first))
    for distance in [4, -4, 2, -2, 1, -1] {
      while (-96...32).contains(best.eighths + distance) {
        let next = state(best.eighths + distance)
        guard next.objective < best.state.objective else { break }
        best = (best.eighths + distance, next)
      }
    }
    return best.state
  }

  /// Moves the levels of a grid to the means of what is rounded to them, weighted by 1/σ².
  private func refine(_ grid: QuantiserState, _ cells: QuantiserCells) -> QuantiserState {
    var state = grid
    for _ in 0..<Self.roundCount {
      state.moveLevels(cells)
      state.improve(cells)
    }
    return state
  }

  /// Numbers as floats, for where more levels are needed than a table has room for.
  ///
  /// - Parameters:
  ///   - cells: The numbers.
  ///   - bits: What one takes: exponents repeat, the rest is noise.
  ///   - round: What storing a number does to it.
  /// - Returns: Each number rounded, or 0 where it is not worth its bits.
  private func floats(
    _ cells: QuantiserCells, bits: Double, round: (Float) -> Float
  ) -> Result {
    var result = Result(values: [], bits: [], cost: 0, objective: 0)
    for (mean, deviation) in zip(cells.means, cells.deviations) {
      let rounded = round(Float(mean))
      let kept =
        rounded.isFinite ? Self.halfSquare((Double(rounded) - mean) / deviation) : .infinity
      let removed = Self.halfSquare(mean / deviation)
      let isRemoved = removed <= kept + price * bits
      result.values.append(isRemoved ? 0 : rounded)
      result.bits.append(isRemoved ? 0 : bits)
      result.cost += isRemoved ? removed : kept
      result.objective += isRemoved ? removed : kept + price * bits
    }
    return result
  }

  static func halfSquare(_ number: Double) -> Double { number * number / 2 }
}
