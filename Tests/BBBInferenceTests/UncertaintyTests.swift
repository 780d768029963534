import Foundation
import TestSupport
import Testing

@testable import BBBInference

@Suite struct UncertaintyTests {
  /// A model whose standard deviations span six octaves, with a bias that is certain.
  static func model(density: Double = 0.2) -> CompactModel {
    let model = CompactModel.random(sizes: [60, 40, 10], density: density, seed: 51)
      .inCodingOrder()
    var generator = SeededGenerator(seed: 52)
    return CompactModel(
      layers: model.layers.map { layer in
        func deviations(_ count: Int) -> [Float] {
          (0..<count).map { _ in exp2(Float.random(in: -8 ... -2, using: &generator)) }
        }
        var biases = deviations(layer.outputCount)
        biases[0] = 0
        return layer.with(
          standardDeviations: .init(weights: deviations(layer.weightCount), biases: biases))
      }, output: .classes, inputScaling: .identity, origin: model.origin)
  }

  @Test(arguments: [0.05, 0.2, 1])
  func `a file gives standard deviations back to a quarter of an octave`(
    density: Double
  ) throws {
    let model = Self.model(density: density)
    let restored = try CompactModel(bytes: try model.encoded())
    #expect(restored.withoutUncertainty() == model.withoutUncertainty())
    for (restored, original) in zip(restored.layers, model.layers) {
      let restored = try #require(restored.standardDeviations)
      let original = try #require(original.standardDeviations)
      for (one, other) in zip(
        restored.weights + restored.biases, original.weights + original.biases)
      {
        #expect(other == 0 ? one == 0 : abs(log2(one / other)) <= 0.1251)
      }
    }
  }

  @Test func `what a file holds of uncertainty does not change when it is written again`() throws {
    let once = try CompactModel(bytes: try Self.model().encoded())
    #expect(try CompactModel(bytes: try once.encoded()) == once)
  }

  @Test func `deviations of any float's size are kept, the widest ranges more coarsely`() throws {
    var layer = Self.model().layers[1]
    var deviations = try #require(layer.standardDeviations)
    deviations.weights[0] = .leastNonzeroMagnitude
    deviations.weights[1] = 1
    deviations.weights[2] = 1e20
    layer = layer.with(standardDeviations: deviations)
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(denseWeightCount: 400, denseBiasCount: 10, removedCount: 0, criterion: "snr"))
    let restored = try CompactModel(bytes: try model.encoded()).layers[0]
    let kept = try #require(restored.standardDeviations).weights
    for (index, expected) in [Float.leastNonzeroMagnitude, 1, 1e20].enumerated() {
      #expect(abs(log2(kept[index]) - log2(expected)) <= 0.51)
    }
  }

  @Test func `readers that do not know deviations skip them`() throws {
    let model = Self.model()
    var sections = try CompactModelContainer(try model.encoded()).sections
    // As an ancillary section of a kind that nobody knows.
    for index in sections.indices where sections[index].kind == 128 { sections[index].kind = 250 }
    let read = try CompactModel(bytes: try CompactModelContainer.encode(sections))
    #expect(read == model.withoutUncertainty())
  }

  @Test func `deviations that do not fit are refused`() throws {
    let model = Self.model()
    let sections = try CompactModelContainer(try model.encoded()).sections
    let place = try #require(sections.firstIndex { $0.kind == 128 })
    var twice = sections
    twice.insert(sections[place], at: place)
    var elsewhere = sections
    elsewhere[place].parameter = 7
    var swapped = sections
    swapped[place].parameter = 1 - sections[place].parameter
    for forged in [twice, elsewhere, swapped] {
      #expect(throws: CompactModelError.self) {
        try CompactModel(bytes: try CompactModelContainer.encode(forged))
      }
    }
  }

  /// For one weight, draws have its mean and deviation; a certain bias stays.
  @Test func `draws follow the posterior`() {
    let layer = ChainLayer(
      inputCount: 1, rowStarts: [0, 1], columns: [0], values: [0.5], biases: [0.25],
      activation: .none, standardDeviations: .init(weights: [0.125], biases: [0]))
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(denseWeightCount: 1, denseBiasCount: 1, removedCount: 0, criterion: "snr"))
    let count = 4000
    let draws = (0..<count).map { model.draw($0, seed: 3).layers[0] }
    #expect(draws.allSatisfy { $0.biases == [0.25] && $0.standardDeviations == nil })
    let weights = draws.map { Double($0.values[0]) }
    let mean = weights.reduce(0, +) / Double(count)
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    // Four standard errors.
    #expect(abs(mean - 0.5) < 4 * 0.125 / Double(count).squareRoot())
    #expect(abs(variance / (0.125 * 0.125) - 1) < 4 * (2 / Double(count)).squareRoot())
    #expect(model.draw(7, seed: 3) == model.draw(7, seed: 3))
    #expect(model.draw(7, seed: 3) != model.draw(7, seed: 4))
  }
}
