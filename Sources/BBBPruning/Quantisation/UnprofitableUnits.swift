/// Hidden units that take more bytes than they are worth.
///
/// A unit whose outgoing weights are removed needs no incoming ones, and a unit without incoming weights is a
/// constant and joins the next biases. So all of a unit's bits can be saved for the price of removing the
/// weights on one side of it, though no single weight would be worth removing.
///
/// Units go one after another, the most profitable first, and each is judged by the errors that those before it
/// have left in the sums of the next layer: what many units of little use do together is more than the sum
/// of what each does.
struct UnprofitableUnits: Equatable, Sendable {
  /// For each hidden layer, the units to lose their outgoing weights.
  private(set) var withoutOutgoing: [Set<Int>]
  /// For each hidden layer, the units to lose their incoming weights.
  private(set) var withoutIncoming: [Set<Int>]

  /// Whether there are none.
  var isEmpty: Bool {
    withoutOutgoing.allSatisfy(\.isEmpty) && withoutIncoming.allSatisfy(\.isEmpty)
  }

  /// None.
  ///
  /// - Parameter layerCount: The number of layers; the last is not hidden.
  init(layerCount: Int) {
    withoutOutgoing = Array(repeating: [], count: layerCount - 1)
    withoutIncoming = withoutOutgoing
  }

  /// Those of a quantisation.
  ///
  /// - Parameters:
  ///   - layers: The quantised layers, each feeding the next.
  ///   - correlation: That of a unit's inputs; see ``Quantiser``.
  init(in layers: [QuantisedLayer], correlation: Double) {
    self.init(layerCount: layers.count)
    for (index, (incoming, outgoing)) in zip(layers, layers.dropFirst()).enumerated() {
      insert(from: incoming, to: outgoing, ofLayer: index, correlation)
    }
  }

  private mutating func insert(
    from incoming: QuantisedLayer, to outgoing: QuantisedLayer, ofLayer index: Int,
    _ correlation: Double
  ) {
    var units: [Int: Unit] = [:]
    for weight in incoming.weights {
      units[weight.output, default: Unit()].incoming.append(weight)
    }
    var errorSums: [Int: Double] = [:]
    for weight in outgoing.weights {
      units[weight.input, default: Unit()].outgoing.append(weight)
      errorSums[weight.output, default: 0] += weight.roundingError
    }
    let firstProfits = units.mapValues { $0.removal(errorSums, correlation).profit }
    let order = firstProfits.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (number, _) in order {
      guard let unit = units[number] else { continue }
      let removal = unit.removal(errorSums, correlation)
      guard removal.profit > 0 else { continue }
      guard removal.isOfOutgoing else {
        withoutIncoming[index].insert(number)
        continue
      }
      withoutOutgoing[index].insert(number)
      for weight in unit.outgoing {
        errorSums[weight.output, default: 0] += weight.removalError - weight.roundingError
      }
    }
  }
}

/// A hidden unit's weights.
private struct Unit {
  var incoming: [QuantisedLayer.Weight] = []
  var outgoing: [QuantisedLayer.Weight] = []

  /// The cheaper way to remove the unit.
  ///
  /// - Parameters:
  ///   - errorSums: The sum of the errors of each unit of the next layer, as it stands.
  ///   - correlation: That of a unit's inputs.
  /// - Returns: The nats saved less those lost, and whether the outgoing weights go.
  func removal(
    _ errorSums: [Int: Double], _ correlation: Double
  ) -> (profit: Double, isOfOutgoing: Bool) {
    let bits = (incoming + outgoing).reduce(0) { $0 + $1.bitsCost }
    // The incoming weights share a sum, the outgoing ones are each a part of another.
    let (rounded, removed) = incoming.reduce(into: (0.0, 0.0)) { sums, weight in
      sums.0 += weight.roundingError
      sums.1 += weight.removalError
    }
    let incomingLoss =
      incoming.reduce(0) { $0 + (1 - correlation) * $1.removalLoss }
      + correlation * (Quantiser.halfSquare(removed) - Quantiser.halfSquare(rounded))
    let outgoingLoss = outgoing.reduce(0.0) { loss, weight in
      let sum = errorSums[weight.output, default: 0]
      let next = sum + weight.removalError - weight.roundingError
      return loss + (1 - correlation) * weight.removalLoss
        + correlation * (Quantiser.halfSquare(next) - Quantiser.halfSquare(sum))
    }
    return (bits - min(incomingLoss, outgoingLoss), outgoingLoss <= incomingLoss)
  }
}

extension QuantisedLayer.Weight {
  /// What its removal costs more than its rounding, in nats.
  fileprivate var removalLoss: Double {
    Quantiser.halfSquare(removalError) - Quantiser.halfSquare(roundingError)
  }
}
