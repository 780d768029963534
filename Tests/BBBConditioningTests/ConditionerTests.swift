import BBBInference
import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import CBBBLibc
import TestSupport
import Testing

@testable import BBBConditioning
@testable import BBBPruning

@Suite("Conditioning")
struct ConditionerTests {
  @Test("gives a layer the least squares of what the dense one gives")
  func closedForm() throws {
    let (network, examples, pruning) = try ConditioningSample.make(
      "input 6; fc = linear 3", output: .numbers(noiseDeviation: nil))
    var mask = Mask(repeating: true, count: 18)
    for position in [0, 3, 7, 8, 9, 10, 11, 14] { mask[position] = false }
    let conditioner = try Conditioner(network, examples: examples, threadCount: 2)
    let found = try conditioner.conditioned(by: pruning(mask)).network.matrices[0]
    let dense = network.matrices[0]
    let vectors = (0..<examples.count).map { [1.0] + examples.rows($0..<$0 + 1).map(Double.init) }
    func moment(_ one: Int, _ other: Int) -> Double {
      vectors.reduce(0) { $0 + $1[one] * $1[other] } / Double(vectors.count)
    }
    // Fewer than 500 examples have the larger ridge.
    let ridge = 1e-2 * (1...6).reduce(0.0) { $0 + moment($1, $1) } / 6
    for row in 0..<3 {
      let places = [0] + (0..<6).filter { mask[row * 6 + $0] }.map { $0 + 1 }
      let own = [Double(dense.biases[row])] + dense.weights[row * 6..<row * 6 + 6].map(Double.init)
      let matrix = places.map { one in
        places.map { moment(one, $0) + (one == $0 && one > 0 ? ridge : 0) }
      }
      let vector = places.map { place in
        (0..<7).reduce(0.0) { $0 + moment(place, $1) * own[$1] }
          + (place > 0 ? ridge * own[place] : 0)
      }
      let expected = ConditioningSample.solve(matrix, vector)
      for (place, number) in zip(places, expected) {
        let value = place == 0 ? found.biases[row] : found.weights[row * 6 + place - 1]
        #expect(
          abs(Double(value) - number) < 1e-4 * (1 + abs(number)), "row \(row), place \(place)")
      }
      for column in 0..<6 where !mask[row * 6 + column] {
        #expect(found.weights[row * 6 + column] == 0)
      }
    }
  }

  @Test("orders weights as the globally greedy removal does")
  func greedy() throws {
    let (network, examples, pruning) = try ConditioningSample.make(
      "input 5; fc = linear 3", seed: 4)
    let conditioner = try Conditioner(network, examples: examples, threadCount: 2)
    let order = try conditioner.order(after: pruning(Mask(repeating: true, count: 15)))
    let ranks = order.ranks(of: network)[0]
    let dense = network.matrices[0]
    // Every fourth example is held out.
    let vectors = (0..<examples.count).filter { $0 % 4 != 3 }.map {
      [1.0] + examples.rows($0..<$0 + 1).map(Double.init)
    }
    func moment(_ one: Int, _ other: Int) -> Double {
      vectors.reduce(0) { $0 + $1[one] * $1[other] } / Double(vectors.count)
    }
    let ridge = 1e-2 * (1...5).reduce(0.0) { $0 + moment($1, $1) } / 5
    // p (∂ log p/∂z)² of the softmax, summed over classes: p (1 − p).
    let gains = (0..<3).map { row in
      vectors.reduce(0.0) { sum, vector in
        let logits = (0..<3).map { unit in
          Double(dense.biases[unit])
            + (0..<5).reduce(0.0) { $0 + Double(dense.weights[unit * 5 + $1]) * vector[$1 + 1] }
        }
        let shares = { (powers: [Double]) in powers.map { $0 / powers.reduce(0, +) } }(
          logits.map { exp($0) })
        return sum + shares[row] * (1 - shares[row])
      } / Double(vectors.count)
    }
    var left = (0..<3).map { _ in Array(0...5) }
    var weights = (0..<3).map { row in
      [Double(dense.biases[row])] + dense.weights[row * 5..<row * 5 + 5].map(Double.init)
    }
    for rank in 1...15 {
      var best: (cost: Double, row: Int, place: Int, inverse: [Double])?
      for row in 0..<3 {
        let places = left[row]
        let matrix = places.map { one in
          places.map { moment(one, $0) + (one == $0 && one > 0 ? ridge : 0) }
        }
        for (number, place) in places.enumerated() where place > 0 {
          let column = ConditioningSample.solve(matrix, places.indices.map { $0 == number ? 1 : 0 })
          let cost = gains[row] * weights[row][place] * weights[row][place] / column[number] / 2
          if best.map({ cost < $0.cost }) ?? true { best = (cost, row, place, column) }
        }
      }
      let next = try #require(best)
      #expect(
        ranks[next.row * 5 + next.place - 1] == Double(rank), "removal \(rank)")
      #expect(abs(order.removals[rank - 1].cost - next.cost) < 1e-3 * (1e-6 + next.cost))
      let number = try #require(left[next.row].firstIndex(of: next.place))
      let factor = weights[next.row][next.place] / next.inverse[number]
      for (other, place) in left[next.row].enumerated() {
        weights[next.row][place] -= factor * next.inverse[other]
      }
      left[next.row].remove(at: number)
    }
  }

  @Test(
    "does not depend on the number of threads, and leaves as many weights as were asked for",
    arguments: [
      "input 8; a = linear 12; relu; b = linear 4",
      "input 2 8 8; a = convolution 6 3x3 pad 1; relu; b = convolution 6 3x3 groups 2; relu; flatten; c = linear 4",
    ])
  func threads(text: String) throws {
    let (network, examples, pruning) = try ConditioningSample.make(text, count: 60)
    let count = network.matrices.reduce(0) { $0 + $1.weights.count }
    let results = try [1, 2].map { threads in
      let conditioner = try Conditioner(network, examples: examples, threadCount: threads)
      let order = try conditioner.order(after: pruning(Mask(repeating: true, count: count)))
      let ranks = Array(order.ranks(of: network).joined())
      let mask = Mask(ranks.map { $0 > Double(count) * 0.7 })
      return (ranks, try conditioner.conditioned(by: pruning(mask), order), mask.keptCount)
    }
    let (one, two) = (results[0].1, results[1].1)
    #expect(results[0].0 == results[1].0)
    #expect(Set(results[0].0).count == count, "every weight has a rank of its own")
    #expect(one.network.matrices.map(\.weights) == two.network.matrices.map(\.weights))
    #expect(one.divergence == two.divergence)
    #expect(one.pruning.keptCount == results[0].2, "the second look keeps as many")
    for (weights, mask) in zip(one.network.matrices.map(\.weights), network.masks(one.pruning)) {
      for (weight, isKept) in zip(weights, try #require(mask)) where !isKept {
        #expect(weight == 0)
      }
    }
  }

  @Test("takes over what is lost: outputs diverge less than those of a network that is only cut")
  func takesOver() throws {
    let (network, examples, pruning) = try ConditioningSample.make(
      "input 12; a = linear 20; tanh; b = linear 5", count: 400, seed: 7)
    let count = network.matrices.reduce(0) { $0 + $1.weights.count }
    let magnitudes = network.matrices.flatMap { $0.weights.map(\.magnitude) }
    let limit = magnitudes.sorted()[count * 8 / 10]
    let cut = pruning(Mask(magnitudes.map { $0 > limit }))
    let conditioner = try Conditioner(network, examples: examples, threadCount: 2)
    let order = try conditioner.order(after: pruning(Mask(repeating: true, count: count)))
    let ranks = Array(order.ranks(of: network).joined())
    let greedy = pruning(Mask(ranks.map { $0 > Double(count - cut.keptCount) }))
    // Other examples of the same kind, which nothing has seen.
    let fresh = try ConditioningSample.make(
      "input 12; a = linear 20; tanh; b = linear 5", count: 800, seed: 9
    )
    .examples
    func outputs(_ network: DenseNetwork, _ pruning: Pruning) -> OutputDistribution {
      OutputDistribution(
        wholeOutputs: network.compacted(by: pruning).outputs(ofWhole: fresh.rows(0..<800)),
        outputCount: 5, meaning: .classes)
    }
    let dense = outputs(network, pruning(Mask(repeating: true, count: count)))
    func divergence(_ network: DenseNetwork, _ pruning: Pruning) throws -> Double {
      try #require(dense.divergence(from: outputs(network, pruning)))
    }
    let refitted = try conditioner.conditioned(by: cut)
    let chosen = try conditioner.conditioned(by: greedy, order)
    let lost = try divergence(network, cut)
    let left = try divergence(refitted.network, refitted.pruning)
    #expect(left < lost / 3)
    #expect(try divergence(chosen.network, chosen.pruning) < left)
    #expect(chosen.pruning.keptCount == cut.keptCount)
    let untouched = try conditioner.conditioned(by: pruning(Mask(repeating: true, count: count)))
    #expect(untouched.network.matrices.map(\.weights) == network.matrices.map(\.weights))
  }

  @Test("lets σ of what is left grow until a sum has the noise that it had, if that is asked for")
  func noise() throws {
    var (network, examples, pruning) = try ConditioningSample.make(
      "input 6; fc = linear 3", output: .numbers(noiseDeviation: nil))
    var matrix = network.matrices[0]
    matrix.deviations = (0..<18).map { 0.1 + 0.05 * Float($0 % 4) }
    network = DenseNetwork(
      network: network.network, matrices: [matrix], posteriorParameters: [0],
      inputScaling: .identity, output: network.output)
    var mask = Mask(repeating: true, count: 18)
    for position in [0, 3, 7, 8, 9, 10, 11, 14] { mask[position] = false }
    let conditioner = try Conditioner(network, examples: examples)
    let quiet = try conditioner.conditioned(by: pruning(mask)).network.matrices[0]
    let found = try conditioner.conditioned(by: pruning(mask), keepingNoise: true).network.matrices[
      0]
    #expect(quiet.deviations == matrix.deviations)
    #expect(quiet.weights == found.weights)
    let deviations = try #require(found.deviations)
    let own = try #require(matrix.deviations)
    func variance(_ deviations: [Float], _ row: Int, _ isKept: (Int) -> Bool) -> Double {
      (0..<6).filter { isKept(row * 6 + $0) }.reduce(0.0) { sum, column in
        let square = (0..<examples.count).reduce(0.0) {
          let input = Double(examples.rows($1..<$1 + 1)[column])
          return $0 + input * input
        }
        let deviation = Double(deviations[row * 6 + column])
        return sum + deviation * deviation * square / Double(examples.count)
      }
    }
    for row in 0..<3 {
      let before = variance(own, row) { _ in true }
      #expect(abs(variance(deviations, row) { mask[$0] } - before) < 1e-4 * before)
    }
  }

  @Test("refuses inputs that make numbers too large, and names the layer")
  func diverged() throws {
    let (network, _, pruning) = try ConditioningSample.make(
      "input 6; a = linear 4; exponential; b = linear 3")
    let examples = CalibrationExamples(
      floats: (0..<240).map { Float($0 % 7) * 1e4 }, of: network)
    let conditioner = try Conditioner(network, examples: examples)
    let all = pruning(Mask(repeating: true, count: 36))
    #expect(throws: ConditioningError.self) { _ = try conditioner.order(after: all) }
    var mask = Mask(repeating: true, count: 36)
    mask[0] = false
    #expect {
      _ = try conditioner.conditioned(by: pruning(mask))
    } throws: { error in
      (error as? ConditioningError)?.message.contains("'b' reads or gives numbers") == true
        || (error as? ConditioningError)?.message.contains("'a' reads or gives numbers") == true
    }
  }

  /// With a row w̃ and its bias, E[z²] = w̃ᵀ H w̃ over the positions of both nodes.
  @Test(
    "looks at weights that several nodes share where each of them reads, whatever its positions")
  func shared() throws {
    let (network, examples, _) = try ConditioningSample.make(
      """
      input 3 8 8; a = convolution 3 3x3 pad 1; tanh; max-pool 2x2; b = convolution 3 3x3 sharing a; tanh; flatten; \
      c = linear 4
      """, count: 12)
    let conditioner = try Conditioner(network, examples: examples, threadCount: 2)
    let dense = network.matrices[0]
    var checked = 0
    try conditioner.denseMoments(of: [0], holdsOut: false) { _, matrix, moments in
      var squares = [0.0, 0.0, 0.0]
      var count = 0.0
      _ = try? conditioner.walk.run(holdingOut: false) { _, matrix, tiles in
        guard matrix.parameter == 0 else { return nil }
        for tile in tiles {
          let length = matrix.outputPositions * tile.width
          count += Double(length)
          for row in 0..<3 {
            for index in 0..<length {
              let sum = Double(tile.target.start[row * length + index])
              squares[row] += sum * sum
            }
          }
        }
        return nil
      }
      let second = moments.second[0].start
      for row in 0..<3 {
        let own = [dense.biases[row]] + dense.weights[row * 27..<row * 27 + 27]
        var found = 0.0
        for one in 0..<28 {
          for other in 0..<28 {
            found +=
              Double(own[one]) * Double(own[other]) * second[max(one, other) * 28 + min(one, other)]
          }
        }
        let expected = squares[row] / count
        #expect(abs(found - expected) < 1e-4 * (1 + expected))
        checked += 1
      }
    }
    #expect(checked == 3)
  }

  @Test("keeps biases that are removed at what is left of them")
  func removedBiases() throws {
    let (network, examples, _) = try ConditioningSample.make("input 6; fc = linear 3", seed: 5)
    let segments = [
      Ranking.Segment(parameter: 0, isBias: false, positions: 0..<18),
      Ranking.Segment(parameter: 0, isBias: true, positions: 18..<21),
    ]
    var mask = Mask(repeating: true, count: 21)
    for position in [1, 2, 8, 14, 19] { mask[position] = false }
    let pruning = Pruning(
      criterion: .signalToNoiseRatio, segments: segments, keeps: mask, removedCount: 5,
      threshold: nil)
    let conditioner = try Conditioner(network, examples: examples)
    let found = try conditioner.conditioned(by: pruning).network.matrices[0]
    #expect(found.biases[1] == 0)
    #expect(found.biases[0] != network.matrices[0].biases[0])
  }
}
