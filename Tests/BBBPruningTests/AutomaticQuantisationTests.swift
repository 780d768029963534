import BBBInference
import BBBNetwork
import BBBPosterior
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

/// The default way to round: whatever σ says, the outputs stay what they are.
@Suite struct AutomaticQuantisationTests {
  /// How much larger σ is than anything that was learned: from harmless to a hundred times the means.
  static let spreads: [Float] = [0.001, 0.1, 1, 10, 100]

  /// A network of random weights whose σ is wild: of any size, and without relation to the means.
  ///
  /// `units` are the scale and the mean that each input is given in.
  private func network(
    sizes: [Int], spread: Float, seed: UInt64, units: [(scale: Float, mean: Float)]? = nil
  ) throws -> (DenseNetwork, Pruning) {
    var generator = SeededGenerator(seed: seed)
    var layers = zip(sizes, sizes.dropFirst()).map { inputs, outputs in
      PlainLayer(
        outputs: outputs, inputs: inputs,
        means: (0..<inputs * outputs).map { _ in
          Float.random(in: -1...1, using: &generator) * 2 / Float(inputs).squareRoot()
        },
        deviations: (0..<inputs * outputs).map { _ in
          spread * exp(Float.random(in: -2...2, using: &generator)) / Float(inputs).squareRoot()
        },
        biases: (0..<outputs).map { _ in Float.random(in: -1...1, using: &generator) })
    }
    for position in layers[0].means.indices {
      guard let units else { break }
      let (output, input) = position.quotientAndRemainder(dividingBy: sizes[0])
      layers[0].means[position] /= units[input].scale
      layers[0].deviations[position] /= units[input].scale
      layers[0].biases[output] -= layers[0].means[position] * units[input].mean
    }
    let posterior = try Posterior(
      file(layers),
      options: PosteriorOptions(output: sizes.last == 1 ? .numbers(noiseDeviation: nil) : nil))
    let pruning = try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0.3)
    return (try DenseNetwork(posterior), pruning)
  }

  /// Inputs that no code but this test has seen.
  private func inputs(count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let (first, second) = (
        Float.random(in: 1e-6...1, using: &generator), Float.random(in: 0...1, using: &generator)
      )
      return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
    }
  }

  /// ½ Σ |p − q| of two networks, averaged: computed without the code under test.
  private func totalVariation(_ one: CompactModel, _ other: CompactModel, _ inputs: [Float])
    throws -> Double
  {
    let p = try one.predictProbabilities(for: inputs)
    let q = try other.predictProbabilities(for: inputs)
    let sum = zip(p, q).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    return sum / 2 / Double(inputs.count / one.inputCount)
  }

  @Test(arguments: spreads)
  func `class probabilities on new inputs stay what they are, whatever σ`(spread: Float) throws {
    let (network, pruning) = try network(sizes: [20, 30, 25, 5], spread: spread, seed: 301)
    let export = try ModelExporter(network).export(pruning, as: .automatic)
    let exact = try ModelExporter(network).export(pruning, as: .floats(.float32))
    let change = try totalVariation(exact.model, export.model, inputs(count: 20 * 400, seed: 302))
    #expect(change < 0.06)
    #expect(!export.isDisconnected)
    // Where the posterior has not given up weights it is not trusted with more than a fraction of a point.
    if spread <= 0.1 { #expect(change < 0.008) }
  }

  @Test(arguments: spreads)
  func `a number stays within a few hundredths of its spread, whatever σ`(spread: Float) throws {
    let (network, pruning) = try network(sizes: [14, 40, 40, 1], spread: spread, seed: 303)
    let export = try ModelExporter(network).export(pruning, as: .automatic)
    let exact = try ModelExporter(network).export(pruning, as: .floats(.float32))
    let inputs = inputs(count: 14 * 400, seed: 304)
    let (before, after) = try (
      exact.model.predictOutputs(for: inputs), export.model.predictOutputs(for: inputs)
    )
    let mean = before.reduce(0, +) / 400
    let spreadOfOutput = before.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let difference = zip(before, after).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect((difference / spreadOfOutput).squareRoot() < 0.03)
    #expect(!export.isDisconnected)
  }

  /// Money in thousands, degrees, years: tables whose standardisation is folded into the first layer.
  @Test(arguments: [Float(0.3), 3])
  func `the units of inputs do not matter`(spread: Float) throws {
    let units: [(scale: Float, mean: Float)] = [(800, 3000), (0.02, 0), (3, -119), (1, 5), (20, 0)]
    let (network, _) = try network(sizes: [5, 48, 48, 4], spread: spread, seed: 311, units: units)
    let (_, pruning) = try self.network(sizes: [5, 48, 48, 4], spread: spread, seed: 311)
    let export = try ModelExporter(network).export(pruning, as: .automatic)
    let exact = try ModelExporter(network).export(pruning, as: .floats(.float32))
    let inputs = inputs(count: 5 * 400, seed: 312).enumerated().map { index, number in
      units[index % 5].mean + number * units[index % 5].scale
    }
    #expect(try totalVariation(exact.model, export.model, inputs) < 0.015)
  }

  @Test func `calibration on inputs of another network is refused`() throws {
    let (network, _) = try network(sizes: [20, 10, 5], spread: 1, seed: 307)
    for inputs in [
      ComparisonInputs(floats: []), ComparisonInputs(bytes: .init(repeating: 1, count: 30)),
    ] {
      let error = #expect(throws: CompactModelError.self) {
        try ModelExporter(network, calibration: inputs)
      }
      #expect(error?.code == .mismatched)
    }
  }

  @Test func `calibration holds the limit on the inputs given`() throws {
    let (network, pruning) = try network(sizes: [20, 30, 25, 5], spread: 2, seed: 305)
    let inputs = inputs(count: 20 * 300, seed: 306)
    let export = try ModelExporter(network, calibration: ComparisonInputs(floats: inputs))
      .export(pruning, as: .automatic)
    let exact = try ModelExporter(network).export(pruning, as: .floats(.float32))
    let change = try totalVariation(exact.model, export.model, inputs)
    let quantisation = try #require(export.quantisation)
    #expect(quantisation.isCalibrated && quantisation.holdsCeiling)
    #expect(change <= 0.00401)
    #expect(abs(change - quantisation.outputChange) < 1e-4)
  }

  @Test func `a given precision is obeyed, and its change told`() throws {
    let (network, pruning) = try network(sizes: [20, 30, 5], spread: 1, seed: 307)
    let precision = try #require(Precision(natsPerWeight: 0.1))
    let coarse = try #require(
      try ModelExporter(network).export(pruning, as: .quantised(precision)).quantisation)
    let chosen = try #require(
      try ModelExporter(network).export(pruning, as: .automatic).quantisation)
    #expect(coarse.precision == precision && !coarse.holdsCeiling)
    #expect(chosen.holdsCeiling)
    #expect(chosen.precision.natsPerWeight < Precision.standard.natsPerWeight)
  }

  @Test func `files do not depend on what was made before them`() throws {
    let (network, _) = try network(sizes: [20, 30, 25, 5], spread: 1, seed: 309)
    let (_, other) = try self.network(sizes: [20, 30, 25, 5], spread: 1, seed: 310)
    let (_, pruning) = try self.network(sizes: [20, 30, 25, 5], spread: 1, seed: 309)
    let exporter = try ModelExporter(network)
    for pruning in [other, pruning, other] {
      let export = try exporter.export(pruning, as: .automatic)
      #expect(try ModelExporter(network).export(pruning, as: .automatic).file == export.file)
    }
  }

  /// σ far above the means makes every weight seem worthless.
  @Test func `a posterior that calls everything noise keeps its weights`() throws {
    let (network, pruning) = try network(sizes: [30, 40, 4], spread: 1000, seed: 308)
    #expect(network.abandonedShare > 0.99)
    let export = try ModelExporter(network).export(pruning, as: .automatic)
    #expect(export.model.weightCount > pruning.keptCount / 4)
  }

  @Test func `the outputs of a network that overflows are kept as floats`() throws {
    let layers = [
      PlainLayer(
        outputs: 2, inputs: 2, means: [3e38, -3e38, 3e38, 3e38],
        deviations: .init(repeating: 1, count: 4), biases: [0, 0]),
      PlainLayer(
        outputs: 2, inputs: 2, means: [3e38, 1, -3e38, 2],
        deviations: .init(repeating: 1, count: 4), biases: [0, 0]),
    ]
    let posterior = try BBBPruningTests.posterior(layers)
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0), as: .automatic)
    #expect(export.quantisation == nil)
    #expect(export.model.matrices[0].weightCount == 4)
  }
}

/// The measure by itself, against numbers worked out by hand.
@Suite struct OutputChangeTests {
  @Test func `of classes it is the total variation`() {
    let change = OutputChange(meaning: .classes, outputCount: 2)
    // Half and half becomes three to one, and nothing changes in the second example.
    #expect(
      abs(change.measure(from: [1, 1, 5, 2], to: [log(3), 0, 4, 1]) - 0.25 / 2) < 1e-7)
  }

  @Test func `of one probability it is its difference`() {
    let change = OutputChange(meaning: .binary, outputCount: 1)
    #expect(abs(change.measure(from: [0, log(3)], to: [log(3), log(3)]) - 0.25 / 2) < 1e-7)
  }

  @Test func `doubt and variation are those of the probabilities`() {
    let classes = OutputChange(meaning: .classes, outputCount: 3)
    let undecided = classes.certainty(of: [1, 1, 1, 2, 2, 2])
    #expect(abs(undecided.doubt - 1) < 1e-12 && abs(undecided.variation) < 1e-12)
    // (¾, ¼): a quarter of doubt is half of the most that two classes can have.
    let binary = OutputChange(meaning: .binary, outputCount: 1)
    let same = binary.certainty(of: [log(3), log(3)])
    #expect(abs(same.doubt - 0.5) < 1e-7 && abs(same.variation) < 1e-7)
    let different = binary.certainty(of: [log(3), -log(3)])
    #expect(abs(different.doubt - 0.5) < 1e-7 && abs(different.variation - 0.25) < 1e-7)
  }

  @Test func `of numbers it is relative to their spread, or to ten times a smaller noise`() {
    let (before, after): ([Float], [Float]) = ([1, 3, 1, 3], [1.1, 3.1, 0.9, 2.9])
    let plain = OutputChange(meaning: .numbers(noiseDeviation: nil), outputCount: 1)
    #expect(abs(plain.measure(from: before, to: after) - 0.1) < 1e-6)
    let precise = OutputChange(meaning: .numbers(noiseDeviation: 0.01), outputCount: 1)
    #expect(abs(precise.measure(from: before, to: after) - 1) < 1e-5)
    let noisy = OutputChange(meaning: .numbers(noiseDeviation: 7), outputCount: 1)
    #expect(abs(noisy.measure(from: before, to: after) - 0.1) < 1e-6)
  }

  @Test func `of means and variances it is the larger`() {
    let change = OutputChange(meaning: .meanAndLogVariance, outputCount: 2)
    // The means are equal; the logarithms of the variances, the same everywhere, move by 0.2.
    #expect(abs(change.measure(from: [1, 4, 3, 4], to: [1, 4.2, 3, 4.2]) - 0.2) < 1e-6)
  }

  @Test func `a constant in place of what varies is as far away as can be told`() {
    let change = OutputChange(meaning: .numbers(noiseDeviation: nil), outputCount: 1)
    #expect(abs(change.measure(from: [1, 3], to: [2, 2]) - 1) < 1e-6)
    #expect(change.measure(from: [2, 2], to: [1, 3]) == .infinity)
    #expect(change.measure(from: [2, .nan], to: [1, 3]).isNaN)
  }
}
