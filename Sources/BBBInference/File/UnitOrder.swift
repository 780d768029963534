/// The order of a network's hidden units, which does not change its function but the bytes it takes.
///
/// Groups that are numbered by falling count, equal counts by first position, are coded best
/// (``OrderedGaps``). A hidden unit can be numbered by its incoming weights or by its outgoing ones, not by
/// both. Positions along the other axis must be settled first, so units of the layers up to a *turn* are
/// numbered by their incoming weights, first to last, and the others by their outgoing weights, last to
/// first.
extension CompactModel {
  /// The same network with its hidden units in the order that takes the fewest bytes in a file.
  ///
  /// Every turn is tried, but only the last where positions hardly matter beside the values. Predictions may
  /// differ in the rounding of sums.
  ///
  /// - Returns: The network, renumbered.
  public func inCodingOrder() -> CompactModel {
    var best = renumbered(turn: layers.count - 1)
    guard layers.count > 1, density < Self.largestTrialDensity else { return best }
    var fewestBits = best.connectionBits
    for turn in (0..<(layers.count - 1)).reversed() {
      let candidate = renumbered(turn: turn)
      let bits = candidate.connectionBits
      if bits < fewestBits { (best, fewestBits) = (candidate, bits) }
    }
    return best
  }

  /// Above this density a weight's position takes less than two bits.
  private static let largestTrialDensity = 0.25

  private var density: Double {
    let possible = layers.reduce(0) { $0 + $1.inputCount * $1.outputCount }
    return Double(weightCount) / Double(max(possible, 1))
  }

  /// About how many bits the connections of all layers take.
  private var connectionBits: Double {
    layers.reduce(0) { $0 + LayerPayload.shortestConnections(of: $1).estimatedBits }
  }

  /// Numbers the units of the first `turn` hidden layers by their incoming weights and the rest by
  /// their outgoing weights.
  private func renumbered(turn: Int) -> CompactModel {
    var layers = layers
    for index in 0..<turn {
      let order = layers[index].groupedByOutput.codingOrder
      layers[index] = layers[index].selectingOutputs(order)
      layers[index + 1] = layers[index + 1].renumberingInputs(order)
    }
    for index in (turn..<(layers.count - 1)).reversed() {
      let order = layers[index + 1].groupedByOutput.transposed().codingOrder
      layers[index] = layers[index].selectingOutputs(order)
      layers[index + 1] = layers[index + 1].renumberingInputs(order)
    }
    return CompactModel(
      layers: layers, outputKind: outputKind, inputScale: inputScale, origin: origin)
  }
}

extension GroupedWeights {
  /// The groups by falling count, then by positions, then by values, so that the order they come in matters
  /// only where they are alike.
  fileprivate var codingOrder: [Int] {
    (0..<groupCount).sorted { first, second in
      let (one, other) = (positions(ofGroup: first), positions(ofGroup: second))
      if one.count != other.count { return one.count > other.count }
      if one != other { return one.lexicographicallyPrecedes(other) }
      let (oneValues, otherValues) = (values[one.indices], values[other.indices])
      return oneValues == otherValues
        ? first < second : oneValues.lexicographicallyPrecedes(otherValues)
    }
  }
}

extension SparseLayer {
  /// The layer with its outputs in another order.
  fileprivate func selectingOutputs(_ order: [Int]) -> SparseLayer {
    var rowStarts: [UInt32] = [0]
    var indices: [Int] = []
    indices.reserveCapacity(weightCount)
    for output in order {
      indices += Int(self.rowStarts[output])..<Int(self.rowStarts[output + 1])
      rowStarts.append(UInt32(indices.count))
    }
    return SparseLayer(
      inputCount: inputCount, rowStarts: rowStarts, columns: indices.map { columns[$0] },
      values: indices.map { values[$0] }, biases: order.map { biases[$0] },
      activation: activation,
      standardDeviations: standardDeviations.map { deviations in
        StandardDeviations(
          weights: indices.map { deviations.weights[$0] },
          biases: order.map { deviations.biases[$0] })
      })
  }

  /// The layer for inputs in another order.
  fileprivate func renumberingInputs(_ order: [Int]) -> SparseLayer {
    var newNumber = [Int](repeating: 0, count: inputCount)
    for (new, old) in order.enumerated() { newNumber[old] = new }
    // Sorted by input over the whole layer, then dealt out to the rows again: no row needs a sort.
    let inputs = columns.map { newNumber[Int($0)] }
    let byInput = CountingSort.order(inputs, bound: inputCount)
    let rows = rowOfEachWeight
    var next = rowStarts.map(Int.init)
    var indices = [Int](repeating: 0, count: weightCount)
    for index in byInput {
      indices[next[Int(rows[index])]] = index
      next[Int(rows[index])] += 1
    }
    return SparseLayer(
      inputCount: inputCount, rowStarts: rowStarts, columns: indices.map { UInt32(inputs[$0]) },
      values: indices.map { values[$0] }, biases: biases, activation: activation,
      standardDeviations: standardDeviations.map { deviations in
        StandardDeviations(
          weights: indices.map { deviations.weights[$0] }, biases: deviations.biases)
      })
  }

  private var rowOfEachWeight: [UInt32] {
    var rows: [UInt32] = []
    rows.reserveCapacity(weightCount)
    for output in 0..<outputCount {
      let count = Int(rowStarts[output + 1] - rowStarts[output])
      rows.append(contentsOf: repeatElement(UInt32(output), count: count))
    }
    return rows
  }
}
