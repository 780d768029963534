import BBBInference
import CBBBKernels

/// Quantises the weights and biases of layers.
struct LayerQuantiser {
  private let weights: Quantiser
  private let biases: Quantiser
  private let price: Double

  /// The correlation of a unit's inputs that is assumed: between 0.05 and 0.2 the divergence between the
  /// predictions before and after is smallest, by a quarter to a third less than at 0.
  static let inputCorrelation = 0.1
  /// No position takes fewer bits than these: a weight whose removal costs less than their price goes at once.
  private static let fewestBits = 4.0

  init(_ precision: Precision) {
    price = precision.natsPerBit
    weights = Quantiser(correlation: Self.inputCorrelation, price: price)
    biases = Quantiser(correlation: 0, price: price)
  }

  /// The weights of a layer that may be worth their bits.
  ///
  /// - Parameters:
  ///   - keeps: Which of the layer's weights a pruning leaves.
  ///   - layer: The dense layer, with the posterior means.
  ///   - deviations: σ of each weight.
  /// - Returns: Those of them whose removal costs more than the fewest bits.
  func mask(_ keeps: Mask, of layer: DenseLayer, deviations: [Float]) -> Mask {
    var mask = keeps
    for position in keeps.keptPositions
    where Self.removalCost(layer.weights[position], deviations[position])
      <= price * Self.fewestBits
    {
      mask[position] = false
    }
    return mask
  }

  /// The weights of a layer that are of use.
  ///
  /// - Parameters:
  ///   - keeps: Which of the layer's weights there are.
  ///   - layer: The dense layer.
  ///   - outputIsUsed: A flag per unit of the layer.
  ///   - withoutInputs: Inputs to do without.
  ///   - withoutOutputs: Units to do without.
  /// - Returns: Those of them that lead from inputs that are wanted to units that are.
  func mask(
    _ keeps: Mask, of layer: DenseLayer, outputIsUsed: [Bool], withoutInputs: Set<Int>,
    withoutOutputs: Set<Int>
  ) -> Mask {
    let inputIsWanted = (0..<layer.inputCount).map { !withoutInputs.contains($0) }
    let outputIsWanted = (0..<layer.outputCount).map {
      outputIsUsed[$0] && !withoutOutputs.contains($0)
    }
    var mask = keeps
    for position in keeps.keptPositions {
      mask[position] =
        outputIsWanted[layer.output(at: position)] && inputIsWanted[layer.input(at: position)]
    }
    return mask
  }

  /// Quantises a layer's weights.
  ///
  /// - Parameters:
  ///   - layer: The dense layer, with the posterior means.
  ///   - deviations: σ of each weight.
  ///   - mask: Which weights are to be written, or removed if that is cheaper.
  /// - Returns: The layer.
  func quantise(_ layer: DenseLayer, deviations: [Float], mask: Mask) -> QuantisedLayer {
    var inputIsUsed = [Bool](repeating: false, count: layer.inputCount)
    for position in mask.keptPositions {
      inputIsUsed[layer.input(at: position)] = true
    }
    var cells = QuantiserCells(
      rowCount: layer.outputCount, placesPerRow: inputIsUsed.count(where: \.self))
    for position in mask.keptPositions {
      let mean = layer.weights[position]
      cells.means.append(Double(mean))
      cells.deviations.append(Self.deviation(deviations[position], ofMean: mean))
      cells.rows.append(layer.output(at: position))
    }
    let quantised = weights.quantise(cells)
    var result = QuantisedLayer(weights: [])
    for (index, position) in mask.keptPositions.enumerated() where quantised.values[index] != 0 {
      let (mean, deviation) = (cells.means[index], cells.deviations[index])
      result.weights.append(
        QuantisedLayer.Weight(
          input: layer.input(at: position), output: cells.rows[index],
          value: quantised.values[index], bitsCost: price * quantised.bits[index],
          roundingError: (Double(quantised.values[index]) - mean) / deviation,
          removalError: -mean / deviation))
    }
    return result
  }

  /// What a layer's quantisation is expected to cost, in nats.
  ///
  /// - Parameters:
  ///   - quantised: What is left of the layer.
  ///   - keeps: Which of its weights a pruning leaves.
  ///   - layer: The dense layer, with the posterior means.
  ///   - deviations: σ of each weight.
  ///   - outputIsUsed: A flag per unit of the layer; what leads to others costs nothing to remove.
  /// - Returns: Σ (μ − ŵ)²/2σ² over the weights that the pruning leaves.
  func cost(
    of quantised: QuantisedLayer, _ keeps: Mask, of layer: DenseLayer, deviations: [Float],
    outputIsUsed: [Bool]
  ) -> Double {
    var removed = keeps
    var cost = 0.0
    for weight in quantised.weights {
      removed[layer.position(from: weight.input, to: weight.output)] = false
      cost += Quantiser.halfSquare(weight.roundingError)
    }
    for position in removed.keptPositions where outputIsUsed[layer.output(at: position)] {
      cost += Self.removalCost(layer.weights[position], deviations[position])
    }
    return cost
  }

  /// Quantises the biases of a compact model, whose layers hold standard deviations.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - costs: For each layer, what the biases' quantisation costs is added, in nats.
  /// - Returns: The model with other biases.
  func quantisingBiases(of model: CompactModel, adding costs: inout [Double]) -> CompactModel {
    let matrices = model.matrices.enumerated().map { index, matrix in
      let deviations = matrix.standardDeviations?.biases ?? []
      // Weights and biases are written in one encoding.
      let (quantised, cost) =
        ValueEncoding.levels.isExact(for: matrix.values)
        ? quantise(matrix.biases, deviations: deviations)
        : rounded(
          matrix.biases, deviations: deviations,
          toHalf: ValueEncoding.float16.isExact(for: matrix.values))
      costs[index] += cost
      return matrix.with(biases: quantised)
    }
    return model.with(matrices: matrices)
  }

  private func quantise(
    _ numbers: [Float], deviations: [Float]
  ) -> (values: [Float], cost: Double) {
    guard zip(numbers, deviations).contains(where: { $1 > 0 }) else {
      return (BiasCodebook.rounded(numbers), 0)
    }
    // Where some biases are certain, the others' typical deviation stands in for theirs.
    let known = deviations.filter { $0 > 0 }.sorted()
    let typical = known[known.count / 2]
    let cells = QuantiserCells(
      means: numbers.map(Double.init),
      deviations: zip(numbers, deviations).map {
        Self.deviation($1 > 0 ? $1 : typical, ofMean: $0)
      },
      rows: Array(repeating: 0, count: numbers.count), rowCount: 1, placesPerRow: numbers.count)
    let result = biases.quantise(cells)
    return (result.values, result.cost)
  }

  /// Numbers as floats, beside weights that are floats.
  private func rounded(
    _ numbers: [Float], deviations: [Float], toHalf: Bool
  ) -> (values: [Float], cost: Double) {
    let halves = numbers.map { bbb_half_to_float(bbb_float_to_half($0)) }
    guard toHalf, halves.allSatisfy(\.isFinite) else { return (numbers, 0) }
    let cost = zip(zip(halves, numbers), deviations).reduce(0.0) { sum, element in
      let ((half, number), deviation) = element
      guard deviation > 0 else { return sum }
      return sum
        + Quantiser.halfSquare(
          Double(half - number) / Self.deviation(deviation, ofMean: number))
    }
    return (halves, cost)
  }

  /// What it costs to remove a weight, in nats.
  private static func removalCost(_ mean: Float, _ deviation: Float) -> Double {
    Quantiser.halfSquare(Double(mean) / Self.deviation(deviation, ofMean: mean))
  }

  /// σ as a divisor: no mean is better known than its own rounding to 24 bits.
  private static func deviation(_ deviation: Float, ofMean mean: Float) -> Double {
    max(Double(deviation), Double(mean.magnitude) * 0x1p-24, Double(Float.leastNormalMagnitude))
  }
}
