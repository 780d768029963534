import BBBInference
import BBBKernels
import BBBNetwork
import CBBBLibc
import TestSupport
import Testing

@testable import BBBConditioning
@testable import BBBPruning

@Suite("Rounding while others take over")
struct RoundingTests {
  /// Each weight is rounded in turn; before that all that are left are what fits best, given those that are rounded: by
  /// elimination, from the beginning each time.
  @Test("is the fit of what is left, given what is rounded already", arguments: [true, false])
  func row(hasBias: Bool) throws {
    let count = 200
    var generator = SeededGenerator(seed: 12)
    let network = try Network(text: "input 6; fc = linear 1")
    guard case .matrix(let matrix) = PassPlan(network).steps[0] else { return }
    let input = AlignedBuffer<Float>(repeating: 0, count: 6 * count)
    for example in 0..<count {
      let common = Float.random(in: -1...1, using: &generator)
      for column in 0..<6 {
        input.start[column * count + example] =
          common + Float.random(in: -1...1, using: &generator) * Float(column + 1) / 4
      }
    }
    let moments = InputMoments(matrix, hasTargets: false)
    moments.add(matrix, input, targets: nil, width: count, positions: [0], threadCount: 1)
    moments.finish()
    let refit = RowRefit(moments, group: 0)
    let places = hasBias ? [0, 1, 3, 4, 6] : [1, 3, 4, 6]
    let start = (0..<places.count).map { _ in Double.random(in: -1...1, using: &generator) }
    func moment(_ one: Int, _ other: Int) -> Double {
      let (one, other) = (places[one], places[other])
      let sum = moments.second[0].start[max(one, other) * moments.size + min(one, other)]
      return sum + (one == other && one > 0 ? refit.ridge : 0)
    }
    /// The weights that fit best where some are given: H_FF (w_F − s_F) = −H_FG (w_G − s_G).
    func fitted(_ given: [Int: Double]) -> [Double] {
      let free = places.indices.filter { given[$0] == nil }
      let changes = ConditioningSample.solve(
        free.map { one in free.map { moment(one, $0) } },
        free.map { one in given.reduce(0) { $0 - moment(one, $1.key) * ($1.value - start[$1.key]) }
        })
      var weights = start
      for (number, value) in given { weights[number] = value }
      for (number, change) in zip(free, changes) { weights[number] += change }
      return weights
    }
    /// What a change of one costs while those that are free take over: 1/[(H_FF)⁻¹]_qq.
    func precision(_ number: Int, _ given: [Int: Double]) -> Double {
      let free = places.indices.filter { given[$0] == nil }
      let column = ConditioningSample.solve(
        free.map { one in free.map { moment(one, $0) } }, free.map { $0 == number ? 1 : 0 })
      return 1 / column[free.firstIndex(of: number) ?? 0]
    }
    let rounding = try #require(RowRounding(refit, places))
    var given: [Int: Double] = [:]
    var weights = start
    rounding.round(&weights) { number, weight, own in
      #expect(abs(weight - fitted(given)[number]) < 1e-6)
      #expect(abs(own / precision(number, given) - 1) < 1e-6)
      let rounded = (weight * 4).rounded() / 4
      given[number] = rounded
      return rounded
    }
    for (number, value) in given { #expect(weights[number] == value) }
    #expect(given.count == places.count)
    #expect(!hasBias || rounding.order.last == 0, "the bias is last")
    let first = places.indices.filter { places[$0] > 0 }.max {
      precision($0, [:]) < precision($1, [:])
    }
    #expect(rounding.order.first == first, "what others can least stand in for goes first")
  }

  @Test("counts the bits that the levels take: their entropy, and that of the positions in lines")
  func bits() throws {
    let network = try Network(text: "input 40; fc = linear 30")
    guard case .matrix(let matrix) = PassPlan(network).steps[0] else { return }
    var generator = SeededGenerator(seed: 2)
    // Columns differ in how many weights they have, rows do not.
    let places = Array(repeating: Array(1...40), count: 30)
    let levels = places.map { places in
      places.map { place in
        Double.random(in: 0..<1, using: &generator) < Double(place) / 50
          ? [-1, -1, 1, 1, 1, 2].randomElement(using: &generator) ?? 0 : Int32(0)
      }
    }
    let bits = SymbolBits(levels, at: places, of: matrix)
    var total = 0.0
    for (row, levels) in levels.enumerated() {
      for (column, level) in levels.enumerated() {
        total += bits.bits(Int(level), row: row, channel: column)
      }
    }
    func entropy(_ counts: [Int]) -> Double {
      let sum = Double(counts.reduce(0, +))
      return counts.filter { $0 > 0 }.reduce(0) { $0 - Double($1) * log2(Double($1) / sum) }
    }
    let all = levels.joined().filter { $0 != 0 }
    let ofLevels = entropy([-1, 1, 2].map { level in all.count { $0 == level } })
    let ofPositions = (0..<40).reduce(0.0) { sum, column in
      let present = levels.count { $0[column] != 0 }
      return sum + entropy([present, 30 - present])
    }
    #expect(abs(total / (ofLevels + ofPositions) - 1) < 0.02)
    #expect(bits.bits(ofLevel: 2) > bits.bits(ofLevel: 1) + 1)
    #expect(bits.bits(ofLevel: 100).isFinite, "what does not occur yet has its price")
  }

  private static let texts = [
    "input 8; a = linear 24; relu; b = linear 16; relu; c = linear 4",
    "input 2 8 8; a = convolution 6 3x3 pad 1; relu; b = convolution 6 3x3 groups 2; relu; flatten; c = linear 4",
  ]

  @Test("writes what it measured: few levels, the same for any number of threads", arguments: texts)
  func file(text: String) throws {
    let (network, examples, pruning) = try ConditioningSample.make(text, count: 240)
    let count = network.matrices.reduce(0) { $0 + $1.weights.count }
    let results = try [1, 2].map { threads in
      try Conditioner(network, examples: examples, threadCount: threads).rounded(
        after: pruning(Mask(repeating: true, count: count)), to: .divergence(atMost: 0.01))
    }
    let rounded = results[0]
    #expect(rounded.export.file == results[1].export.file)
    #expect(rounded.holdsGoal && rounded.divergence > 0.003)
    #expect(rounded.network.pruning.keptCount < count)
    for (matrix, own) in zip(rounded.export.model.matrices, rounded.network.network.matrices) {
      #expect(ValueEncoding.levels.isExact(for: matrix.values))
      let levels = Set(own.weights).subtracting([0])
      let step = try #require(levels.map(\.magnitude).min())
      // One of the first levels is there.
      #expect(
        (1...3).contains { part in
          levels.allSatisfy { level in
            let steps = level / step * Float(part)
            return abs(steps - steps.rounded()) < 1e-3
          }
        })
    }
    let inputs = examples.rows(0..<examples.count)
    let dense = OutputDistribution(
      wholeOutputs: network.compacted(by: pruning(Mask(repeating: true, count: count)))
        .outputs(ofWhole: inputs), outputCount: 4, meaning: .classes)
    let left = OutputDistribution(
      wholeOutputs: rounded.export.model.outputs(ofWhole: inputs), outputCount: 4,
      meaning: .classes)
    // Of all examples, those held out among them.
    let divergence = try #require(dense.divergence(from: left))
    #expect((0.3...2).contains(divergence / rounded.divergence))
  }

  @Test("gives more bytes for less divergence, and keeps to what is asked for")
  func goals() throws {
    let (network, examples, pruning) = try ConditioningSample.make(
      "input 16; a = linear 64; tanh; b = linear 4", count: 800, seed: 3)
    let all = pruning(
      Mask(repeating: true, count: network.matrices.reduce(0) { $0 + $1.weights.count }))
    let conditioner = try Conditioner(network, examples: examples, threadCount: 2)
    let rounded = try [0.02, 0.002, 0.0002].map {
      try conditioner.rounded(after: all, to: .divergence(atMost: $0))
    }
    for (network, most) in zip(rounded, [0.02, 0.002, 0.0002]) {
      #expect(network.divergence <= most)
      #expect(network.divergence > most / 3)
    }
    let bytes = rounded.map(\.export.file.count)
    #expect(bytes[0] < bytes[1] && bytes[1] < bytes[2])
    let small = try conditioner.rounded(after: all, to: .bytes(atMost: bytes[1]))
    #expect(small.export.file.count <= bytes[1])
    #expect(small.divergence < 3 * rounded[1].divergence)
    let none = try conditioner.rounded(after: all, to: .bytes(atMost: 10))
    #expect(!none.holdsGoal)
  }

  @Test("loses less than rounding each weight by itself does")
  func takesOver() throws {
    let (network, examples, pruning) = try ConditioningSample.make(
      "input 12; a = linear 32; relu; b = linear 5", count: 800, seed: 7)
    let count = network.matrices.reduce(0) { $0 + $1.weights.count }
    let all = pruning(Mask(repeating: true, count: count))
    let conditioner = try Conditioner(network, examples: examples)
    let rounded = try conditioner.rounded(after: all, to: .divergence(atMost: 0.01))
    // The same weights, of the fit before rounding, on the same levels.
    let fitted = try conditioner.conditioned(by: rounded.network.pruning).network
    let each = fitted.replacingWeights(on: 0) { parameter, matrix in
      let levels = Set(rounded.network.network.matrices[parameter].weights).union([0]).sorted()
      return (
        matrix.weights.map { weight in
          weight == 0 ? 0 : levels.min { abs($0 - weight) < abs($1 - weight) } ?? 0
        }, matrix.biases
      )
    }
    let fresh = try ConditioningSample.make(
      "input 12; a = linear 32; relu; b = linear 5", count: 800, seed: 9
    ).examples.rows(0..<800)
    func outputs(_ network: DenseNetwork, _ pruning: Pruning) -> OutputDistribution {
      OutputDistribution(
        wholeOutputs: network.compacted(by: pruning).outputs(ofWhole: fresh), outputCount: 5,
        meaning: .classes)
    }
    let dense = outputs(network, all)
    let alone = try #require(dense.divergence(from: outputs(each, rounded.network.pruning)))
    let together = try #require(
      dense.divergence(from: outputs(rounded.network.network, rounded.network.pruning)))
    #expect(together < alone)
  }

  @Test("rounds layers that are never pruned, too, and removes nothing of them")
  func certainLayers() throws {
    let (network, examples, _) = try ConditioningSample.make(
      "input 12; a = linear 32; relu; b = linear 5", count: 400, seed: 5)
    let segment = Ranking.Segment(parameter: 1, isBias: false, positions: 0..<160)
    let pruning = Pruning(
      criterion: .magnitude, segments: [segment], keeps: Mask(repeating: true, count: 160),
      removedCount: 0, threshold: nil)
    let rounded = try Conditioner(network, examples: examples).rounded(
      after: pruning, to: .divergence(atMost: 0.001))
    let first = rounded.export.model.matrices[0]
    #expect(first.weightCount == 12 * 32)
    #expect(Set(first.values).count <= 256)
    #expect(rounded.network.pruning.keeps.count == 160)
  }

  @Test("knows which rows something reads")
  func readRows() throws {
    let (network, _, _) = try ConditioningSample.make(
      "input 3; a = linear 4; relu; b = linear 3; relu; c = linear 2")
    // c reads unit 1 of b alone, whose row reads units 0 and 2 of a; row 0 of b reads 3, but nothing reads it.
    let masks = [
      Mask(repeating: true, count: 12),
      Mask([3, 4, 6].reduce(into: Array(repeating: false, count: 12)) { $0[$1] = true }),
      Mask([1, 4].reduce(into: Array(repeating: false, count: 6)) { $0[$1] = true }),
    ]
    let isRead = network.rowsRead(masks)
    #expect(isRead[0] == [true, false, true, false])
    #expect(isRead[1] == [false, true, false])
    #expect(isRead[2] == [true, true])
    #expect(network.rowsRead([nil, nil, nil]).allSatisfy { $0.allSatisfy(\.self) })
  }
}
