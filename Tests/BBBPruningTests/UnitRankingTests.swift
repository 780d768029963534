import BBBNetwork
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

/// Whole hidden units, against sums and forward passes in plain Swift.
@Suite struct UnitRankingTests {
  /// 2-3-1: the weights of unit 0 have ratios 2, 1 and 3; of unit 1: 0, 1, 1; of unit 2: 4, 0, 0.
  private let layers = [
    PlainLayer(
      outputs: 3, inputs: 2, means: [1, -0.5, 0, 0.5, 2, 0],
      deviations: .init(repeating: 0.5, count: 6),
      biases: [0.1, 0.2, 0.3]),
    PlainLayer(
      outputs: 1, inputs: 3, means: [-0.75, 0.25, 0], deviations: [0.25, 0.25, 0.25], biases: [0]),
  ]

  private func ranking(
    _ posterior: Posterior, _ criterion: Criterion = .signalToNoiseRatio, threads: Int = 1
  ) throws -> UnitRanking {
    try UnitRanking(posterior, Ranking(posterior, by: criterion, threadCount: threads))
  }

  @Test func `a unit's score is the sum of squared ratios in and out`() throws {
    let units = try ranking(try posterior(layers))
    #expect(units.unitCounts == [3])
    // 4 + 1 + 9 = 14, 0 + 1 + 1 = 2, 16 + 0 + 0 = 16.
    let pruned = try units.pruning(atSparsity: 1.0 / 3)
    #expect(pruned.threshold == 2 && pruned.keptUnits == [[0, 2]])
    #expect(
      Array(pruned.pruning.keeps)
        == [true, true, false, false, true, true, true, false, true])
    #expect(pruned.pruning.removedCount == 3 && pruned.pruning.threshold == nil)
    let two = try units.pruning(atSparsity: 0.5)  // 1.5 rounds to even: 2.
    #expect(two.threshold == 14 && two.keptUnits == [[2]])
    #expect(try units.pruning(atSparsity: 0).pruning.removedCount == 0)
    #expect(try units.pruning(atSparsity: 1).keptCount == 0)
  }

  @Test(arguments: [
    (Criterion.magnitude, 1, 0.3125), (.standardDeviation, 0, 24),
    // ΔF with σp = ½: ½ Σ s² less ln 2 for the outgoing weight.
    (.bayesianModelReduction(prior: .gaussian(deviation: 0.5)), 1, 1 - 0.6931471805599453),
  ])
  func `every criterion adds up its own`(criterion: Criterion, first: Int, score: Double) throws {
    let pruned = try ranking(try posterior(layers), criterion).pruning(atSparsity: 1.0 / 3)
    #expect(pruned.keptUnits[0] == [0, 1, 2].filter { $0 != first })
    #expect(abs(try #require(pruned.threshold) - score) < 1e-12)
  }

  @Test func `the evidence can do without units of which the ΔF add up to 0 or less`() throws {
    let posterior = try posterior(layers)
    func cut(_ deviation: Double) throws -> EvidenceCut {
      try ranking(posterior, .bayesianModelReduction(prior: .gaussian(deviation: deviation)))
        .evidenceCut()
    }
    #expect(try cut(0.5) == EvidenceCut(weightCount: 3, removedCount: 0, gain: 0))
    // Each of a unit's three weights loses ln 2 more: unit 1 has 1 − 4 ln 2 < 0.
    let wider = try cut(1)
    #expect(wider.removedCount == 1 && abs(wider.gain - (4 * 0.6931471805599453 - 1)) < 1e-12)
    #expect(wider.sparsity == 1.0 / 3)
  }

  @Test func `units without weights left are among those that the evidence can do without`() throws
  {
    // Of unit 0 nothing is left; ΔF of unit 1's weights is ½ (s² − 2 ln(σp/σ)), far above 0, and of unit
    // 2's, which are all 0, below.
    let posterior = try posterior([
      PlainLayer(
        outputs: 3, inputs: 2, means: [0, 0, 5, 5, 0, 0], deviations: [0, 0, 0.5, 0.5, 0.5, 0.5],
        biases: [0, 0, 0]),
      PlainLayer(
        outputs: 1, inputs: 3, means: [0, 5, 0], deviations: [0, 0.5, 0.5], biases: [0]),
    ])
    let units = try ranking(posterior, .bayesianModelReduction(prior: .gaussian(deviation: 1)))
    let cut = try units.evidenceCut()
    #expect(cut.weightCount == 3 && cut.removedCount == 2)
    // Only the unit that was there gains: three weights, ln 2 each.
    #expect(abs(cut.gain - 3 * 0.6931471805599453) < 1e-12)
    #expect(try units.pruning(atSparsity: cut.sparsity).keptUnits == [[1]])
  }

  @Test(arguments: Pruning.Scope.allCases)
  func `many units, against plain sums, for any number of threads`(scope: Pruning.Scope) throws {
    var generator = SeededGenerator(seed: 41)
    let sizes = [300, 260, 190, 5]
    let layers = zip(sizes, sizes.dropFirst()).map {
      PlainLayer.random(outputs: $1, inputs: $0, using: &generator)
    }
    let posterior = try posterior(layers)
    func square(_ layer: PlainLayer, _ output: Int, _ input: Int) -> Double {
      let index = output * layer.inputs + input
      let ratio = Double(layer.means[index]) / Double(layer.deviations[index])
      return ratio * ratio
    }
    var scores: [(score: Double, layer: Int, unit: Int)] = []
    for (index, (layer, next)) in zip(layers, layers.dropFirst()).enumerated() {
      for unit in 0..<layer.outputs {
        let incoming = (0..<layer.inputs).reduce(0) { $0 + square(layer, unit, $1) }
        let outgoing = (0..<next.outputs).reduce(0) { $0 + square(next, $1, unit) }
        scores.append((incoming + outgoing, index, unit))
      }
    }
    for threads in 1...3 {
      let pruned = try ranking(posterior, threads: threads).pruning(atSparsity: 0.6, scope: scope)
      var kept: [[Int]] = [[], []]
      if scope == .global {
        // The rounding of sums does not decide between scores so far apart.
        for unit in scores.sorted(by: { $0.score < $1.score }).dropFirst(270) {
          kept[unit.layer].append(unit.unit)
        }
      } else {
        for layer in 0..<2 {
          let part = scores.filter { $0.layer == layer }.sorted { $0.score < $1.score }
          kept[layer] = part.dropFirst(layer == 0 ? 156 : 114).map(\.unit)
        }
      }
      #expect(pruned.keptUnits == kept.map { $0.sorted() })
    }
  }

  @Test func `equal units go by position, and units without a way out before all`() throws {
    let equal = [
      PlainLayer(
        outputs: 4, inputs: 1, means: [1, 1, 1, 1], deviations: [1, 1, 1, 1], biases: [0, 0, 0, 0]),
      PlainLayer(
        outputs: 1, inputs: 4, means: [1, 1, 0, 1], deviations: [1, 1, 0, 1], biases: [0]),
    ]
    let units = try ranking(try posterior(equal))
    #expect(try units.pruning(atSparsity: 0).keptUnits == [[0, 1, 3]])
    #expect(try units.pruning(atSparsity: 0.5).keptUnits == [[1, 3]])
  }

  @Test func `networks without hidden units are refused, with the reason`() throws {
    let single = try posterior([layers[1]])
    #expect(throws: PruningError.self) { try ranking(single) }
    let convolution = try Posterior(
      TensorFile(
        path: "c.safetensors", format: .safetensors,
        tensors: [
          Tensor(name: "conv.weight", shape: [1, 1, 2, 2], floats: [1, 2, 3, 4]),
          Tensor(name: "conv.weight.sigma", shape: [1, 1, 2, 2], floats: [1, 1, 1, 1]),
        ]))
    let error = #expect(throws: PruningError.self) { try ranking(convolution) }
    #expect(error?.description.contains("convolution") == true)
    #expect(throws: PruningError.sparsityOutOfRange(2)) {
      try ranking(try posterior(layers)).pruning(atSparsity: 2)
    }
  }
}

/// Dense tensors without the rows and columns of removed units.
@Suite struct CompactDenseExportTests {
  /// A multilayer perceptron with ReLU, of tensors as a file holds them.
  private func network(
    _ tensors: [String: Tensor], layers: [(weight: String, bias: String)],
    order: WeightShape.Order
  ) throws -> ReferenceNetwork {
    var sizes: [Int] = []
    let values = try layers.map { names in
      let (weight, bias) = (try #require(tensors[names.weight]), try #require(tensors[names.bias]))
      let shape = order == .outputInput ? weight.shape : weight.shape.reversed()
      #expect(bias.shape == [shape[0]] && shape[1] == sizes.last ?? shape[1])
      if sizes.isEmpty { sizes.append(shape[1]) }
      sizes.append(shape[0])
      return ReferenceNetwork.weights(
        try weight.floats().map(Double.init), biases: try bias.floats().map(Double.init),
        WeightShape(rows: shape[0], channels: shape[1], order: order))
    }
    return ReferenceNetwork(.multilayerPerceptron(sizes, activation: .relu), values)
  }

  private func tensors(
    _ file: TensorFile, _ units: UnitPruning, isCompact: Bool, keepsUncertainty: Bool = false
  ) throws -> [String: Tensor] {
    let export = try DenseExport(
      try Posterior(file), from: file, units.pruning, leavingOut: isCompact ? units : nil,
      keepsUncertainty: keepsUncertainty)
    return Dictionary(uniqueKeysWithValues: (export.tensors + export.masks).map { ($0.name, $0) })
  }

  private func units(_ file: TensorFile, _ sparsity: Double) throws -> UnitPruning {
    let posterior = try Posterior(file)
    return try UnitRanking(posterior, Ranking(posterior, by: .signalToNoiseRatio))
      .pruning(atSparsity: sparsity)
  }

  @Test(arguments: [0, 0.3, 0.6, 0.9])
  func `the smaller matrices compute what the masked ones do`(sparsity: Double) throws {
    var generator = SeededGenerator(seed: 51)
    let sizes = [7, 12, 9, 3]
    let file = file(
      zip(sizes, sizes.dropFirst()).map {
        PlainLayer.random(outputs: $1, inputs: $0, using: &generator)
      })
    let units = try units(file, sparsity)
    let masked = try tensors(file, units, isCompact: false)
    let compact = try tensors(file, units, isCompact: true)
    let kept = units.keptUnits.map(\.count)
    #expect(compact["fc1.weight"]?.shape == [kept[0], 7])
    #expect(compact["fc2.weight"]?.shape == [kept[1], kept[0]])
    #expect(compact["fc2.bias"]?.shape == [kept[1]])
    #expect(compact["fc3.weight"]?.shape == [3, kept[1]])
    #expect(kept[0] + kept[1] == 21 - Int((sparsity * 21).rounded(.toNearestOrEven)))
    let names = (1...3).map { (weight: "fc\($0).weight", bias: "fc\($0).bias") }
    let whole = try network(masked, layers: names, order: .outputInput)
    let smaller = try network(compact, layers: names, order: .outputInput)
    for _ in 0..<20 {
      let inputs = (0..<7).map { _ in Double.random(in: -1...1, using: &generator) }
      // Products with 0 change no sum: every bit is the same.
      #expect(smaller.output(for: inputs) == whole.output(for: inputs))
    }
    // All that is left is whole, so no mask is needed.
    #expect(compact.keys.allSatisfy { !$0.hasSuffix(".mask") })
  }

  @Test func `matrices of NumPyro, inputs first, lose the right rows and columns`() throws {
    var generator = SeededGenerator(seed: 52)
    func numbers(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }
    let file = TensorFile(
      path: "guide.npz", format: .npz,
      tensors: [
        Tensor(name: "w1_auto_loc", shape: [4, 6], floats: numbers(24)),
        Tensor(name: "w1_auto_scale", shape: [4, 6], floats: .init(repeating: 0.1, count: 24)),
        Tensor(name: "b1_auto_loc", shape: [6], floats: numbers(6)),
        Tensor(name: "b1_auto_scale", shape: [6], floats: .init(repeating: 0.1, count: 6)),
        Tensor(name: "w2_auto_loc", shape: [6, 3], floats: numbers(18)),
        Tensor(name: "w2_auto_scale", shape: [6, 3], floats: .init(repeating: 0.1, count: 18)),
        Tensor(name: "b2_auto_loc", shape: [3], floats: numbers(3)),
        Tensor(name: "b2_auto_scale", shape: [3], floats: .init(repeating: 0.1, count: 3)),
      ])
    let units = try units(file, 0.5)
    let compact = try tensors(file, units, isCompact: true, keepsUncertainty: true)
    #expect(compact["w1_auto_loc"]?.shape == [4, 3] && compact["w2_auto_loc"]?.shape == [3, 3])
    #expect(compact["w1_auto_scale"]?.shape == [4, 3] && compact["b1_auto_scale"]?.shape == [3])
    let masked = try tensors(file, units, isCompact: false)
    let names = (1...2).map { (weight: "w\($0)_auto_loc", bias: "b\($0)_auto_loc") }
    #expect(
      try network(compact, layers: names, order: .inputOutput).output(for: [1, -2, 0.5, 3])
        == network(masked, layers: names, order: .inputOutput).output(for: [1, -2, 0.5, 3]))
  }

  @Test func `what was exported reads back as a network of the smaller size, σ included`() throws {
    var generator = SeededGenerator(seed: 53)
    let whole = file([
      .random(outputs: 8, inputs: 5, using: &generator),
      .random(outputs: 2, inputs: 8, using: &generator),
    ])
    let units = try units(whole, 0.5)
    let compact = try tensors(whole, units, isCompact: true, keepsUncertainty: true)
    let again = try Posterior(
      TensorFile(
        path: "again.safetensors", format: .safetensors,
        tensors: compact.values.sorted { $0.name < $1.name }))
    #expect(again.network?.layerSizes?.sizes == [5, 4, 2])
    let original = try Posterior(whole).parameters[0].weight.standardDeviations()
    let expected = units.keptUnits[0].flatMap { unit in original[unit * 5..<unit * 5 + 5] }
    #expect(try again.parameters[0].weight.standardDeviations() == expected)
    #expect(units.networkLeft == again.network)
  }

  @Test func `a weight removed earlier keeps its mask`() throws {
    let whole = file([
      PlainLayer(
        outputs: 2, inputs: 2, means: [3, 0, 1, 1], deviations: [1, 0, 9, 9], biases: [1, 2]),
      PlainLayer(outputs: 1, inputs: 2, means: [3, 1], deviations: [1, 9], biases: [0]),
    ])
    let compact = try tensors(whole, try units(whole, 0.5), isCompact: true)
    #expect(compact["fc1.weight"]?.shape == [1, 2])
    #expect(try compact["fc1.weight.mask"]?.bytes() == [1, 0])
    #expect(compact["fc2.weight.mask"] == nil)
  }

  @Test func `a hidden layer without units has no matrices`() throws {
    let whole = file([
      PlainLayer(outputs: 1, inputs: 1, means: [1], deviations: [1], biases: [1]),
      PlainLayer(outputs: 1, inputs: 1, means: [1], deviations: [1], biases: [1]),
    ])
    let units = try units(whole, 1)
    let error = #expect(throws: PruningError.self) { try tensors(whole, units, isCompact: true) }
    #expect(error?.code == .emptyLayer && error?.path == "small.safetensors")
    #expect(error?.description.contains("no unit is left of fc1") == true)
    #expect(try tensors(whole, units, isCompact: false)["fc1.weight"]?.floats() == [0])
  }
}
