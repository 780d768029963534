import BBBKernels
import BBBNetwork
import Foundation
import TestSupport
import Testing

@testable import BBBInference

/// Moments propagated in one pass, against sums written out, and against drawn networks.
struct MomentPropagationTests {
  /// A model whose weights are as uncertain as they are large.
  private func model(
    sizes: [Int] = [60, 40, 10], density: Double = 0.3, seed: UInt64 = 61
  ) -> CompactModel {
    let model = CompactModel.random(
      sizes: sizes, density: density, seed: seed, inputScaling: .identity)
    var generator = SeededGenerator(seed: seed + 1)
    return CompactModel(
      layers: model.layers.map { layer in
        func deviations(_ count: Int) -> [Float] {
          (0..<count).map { _ in Float.random(in: 0.05...0.4, using: &generator) }
        }
        return layer.with(
          standardDeviations: .init(
            weights: deviations(layer.weightCount), biases: deviations(layer.outputCount)))
      }, output: .classes, inputScaling: .identity, origin: model.origin)
  }

  private func inputs(_ count: Int, _ width: Int = 60, seed: UInt64 = 63) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count * width).map { _ in Float.random(in: -1...1.5, using: &generator) }
  }

  /// E[h] = Σ μ x + μ_b and Var[h] = Σ x² σ² + σ_b² of a layer with certain inputs.
  private func exactMoments(
    _ layer: ChainLayer, _ input: [Float]
  ) throws -> [(mean: Double, variance: Double)] {
    let deviations = try #require(layer.standardDeviations)
    return (0..<layer.outputCount).map { output in
      var mean = Double(layer.biases[output])
      var variance = pow(Double(deviations.biases[output]), 2)
      for index in Int(layer.rowStarts[output])..<Int(layer.rowStarts[output + 1]) {
        let x = Double(input[Int(layer.columns[index])])
        mean += Double(layer.values[index]) * x
        variance += pow(Double(deviations.weights[index]) * x, 2)
      }
      return (mean, variance)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the first layer's moments are exact`(set: InstructionSet) throws {
    for density in [0.05, 0.3, 1] {
      let model = model(sizes: [60, 33], density: density)
      let inputs = inputs(40)
      let moments = try model.predictOutputMoments(for: inputs, threadCount: 1, set)
      for example in 0..<40 {
        let expected = try exactMoments(
          model.layers[0], Array(inputs[example * 60..<(example + 1) * 60]))
        for (output, exact) in expected.enumerated() {
          let index = example * 33 + output
          #expect(abs(Double(moments.means[index]) - exact.mean) < 1e-5)
          #expect(abs(Double(moments.variances[index]) - exact.variance) < 1e-5)
        }
      }
    }
  }

  @Test func `with one hidden layer they are the moments of drawn networks`() throws {
    // Units of the first layer share no weights, so that nothing is approximated.
    let model = model()
    let inputs = inputs(3)
    let moments = try model.predictOutputMoments(for: inputs)
    let count = 20_000
    var (sums, squares) = ([Double](repeating: 0, count: 30), [Double](repeating: 0, count: 30))
    for draw in 0..<count {
      for (index, output) in try model.draw(draw, seed: 5).predictOutputs(for: inputs).enumerated()
      {
        sums[index] += Double(output)
        squares[index] += Double(output) * Double(output)
      }
    }
    for index in 0..<30 {
      let mean = sums[index] / Double(count)
      let variance = squares[index] / Double(count) - mean * mean
      // Five standard errors; the fourth moment is not far from a Gaussian's.
      #expect(
        abs(Double(moments.means[index]) - mean) < 5 * (variance / Double(count)).squareRoot())
      #expect(
        abs(Double(moments.variances[index]) / variance - 1) < 6 * (2 / Double(count)).squareRoot())
    }
  }

  @Test func `through several layers they are the formulas, layer by layer`() throws {
    let model = model(sizes: [60, 40, 30, 20, 10])
    let inputs = inputs(5)
    let moments = try model.predictOutputMoments(for: inputs)
    for example in 0..<5 {
      var units = inputs[example * 60..<(example + 1) * 60].map {
        (mean: Double($0), variance: 0.0)
      }
      for layer in model.layers {
        let deviations = try #require(layer.standardDeviations)
        units = (0..<layer.outputCount).map { output in
          var mean = Double(layer.biases[output])
          var variance = pow(Double(deviations.biases[output]), 2)
          for index in Int(layer.rowStarts[output])..<Int(layer.rowStarts[output + 1]) {
            let input = units[Int(layer.columns[index])]
            let (weight, deviation) = (
              Double(layer.values[index]), Double(deviations.weights[index])
            )
            mean += weight * input.mean
            variance += input.variance * (weight * weight + deviation * deviation)
            variance += input.mean * input.mean * deviation * deviation
          }
          guard layer.activation == .relu else { return (mean, variance) }
          let a = mean / variance.squareRoot()
          let density = exp(-a * a / 2) / (2 * Double.pi).squareRoot()
          let above = 0.5 * erfc(-a / 2.0.squareRoot())
          let first = mean * above + variance.squareRoot() * density
          let second =
            (mean * mean + variance) * above + mean * variance.squareRoot() * density
          return (first, second - first * first)
        }
      }
      for (output, expected) in units.enumerated() {
        let mean = Double(moments.means[example * 10 + output])
        let variance = Double(moments.variances[example * 10 + output])
        let scale = 1 + abs(expected.mean)
        #expect(abs(mean - expected.mean) < 1e-5 * scale)
        #expect(abs(variance / expected.variance - 1) < 1e-4)
      }
    }
  }

  @Test func `certain weights have the outputs of the network, and no variance`() throws {
    let uncertain = model()
    let model = CompactModel(
      layers: uncertain.layers.map { layer in
        layer.with(
          standardDeviations: .init(
            weights: layer.values.map { _ in 0 }, biases: layer.biases.map { _ in 0 }))
      }, output: .classes, inputScaling: .identity, origin: uncertain.origin)
    let inputs = inputs(50)
    let moments = try model.predictOutputMoments(for: inputs)
    #expect(try moments.means == model.predictOutputs(for: inputs))
    #expect(moments.variances.allSatisfy { $0 == 0 })
    let distribution = try model.predictiveDistribution(for: inputs, by: .momentPropagation)
    #expect(
      try distribution.logProbabilities
        == model.predictiveDistribution(for: inputs, by: .posteriorMean).logProbabilities)
    #expect(distribution.mutualInformations.allSatisfy { $0 < 1e-12 })
  }

  @Test func `no batch and no thread changes a bit`() throws {
    let model = model(sizes: [60, 40, 30, 10])
    let inputs = inputs(100)
    let all = try model.predictOutputMoments(for: inputs)
    #expect(try model.predictOutputMoments(for: inputs, threadCount: 3) == all)
    for first in [0, 7, 60] {
      let count = first == 60 ? 40 : 17
      let part = try model.predictOutputMoments(
        for: Array(inputs[first * 60..<(first + count) * 60]))
      #expect(part.means == Array(all.means[first * 10..<(first + count) * 10]))
      #expect(part.variances == Array(all.variances[first * 10..<(first + count) * 10]))
    }
  }

  @Test func `bytes are scaled by the model`() throws {
    let floats = model()
    let model = CompactModel(
      layers: floats.layers, output: .classes,
      inputScaling: try #require(InputScaling(factor: 0.25)), origin: floats.origin)
    let bytes = (0..<120).map { UInt8($0) }
    #expect(
      try model.predictOutputMoments(for: bytes)
        == model.predictOutputMoments(for: bytes.map { Float($0) * 0.25 }))
  }

  @Test func `a network of which pruning left only biases still has moments`() throws {
    let empty = ChainLayer(
      inputCount: 60, rowStarts: [0], columns: [], values: [], biases: [],
      activation: .relu, standardDeviations: .init(weights: [], biases: []))
    let output = ChainLayer(
      inputCount: 0, rowStarts: [0, 0, 0], columns: [], values: [], biases: [1, -2],
      activation: .none, standardDeviations: .init(weights: [], biases: [0.5, 2]))
    let model = CompactModel(
      layers: [empty, output], output: .classes, inputScaling: .identity,
      origin: .init(denseWeightCount: 1, denseBiasCount: 2, removedCount: 1, criterion: "snr"))
    let moments = try model.predictOutputMoments(for: inputs(2))
    #expect(moments.means == [1, -2, 1, -2])
    #expect(moments.variances == [0.25, 4, 0.25, 4])
  }
}

/// Class probabilities made of moments.
struct ClassDistributionTests {
  @Test func `two classes are the probit approximation of an integral`() {
    // With the variance in one logit only, p = ∫ sigmoid(z) N(z; m, v) dz.
    for (mean, variance) in [(0.5, 1.0), (2, 4), (-1, 9), (3, 0.1)] {
      let moments = OutputMoments(
        outputCount: 2, means: [Float(mean), 0], variances: [Float(variance), 0])
      let integral = (0...4000).reduce(0.0) { sum, step in
        let e = -8 + 16 * Double(step) / 4000
        let density = exp(-e * e / 2) / (2 * Double.pi).squareRoot() * 16 / 4000
        return sum + density / (1 + exp(-(mean + variance.squareRoot() * e)))
      }
      let probability = moments.classDistribution.probabilities[0]
      // MacKay's approximation is good to two hundredths.
      #expect(abs(Double(probability) - integral) < 0.02)
      // Exactly, it is the sigmoid of the shrunk mean.
      let shrunk = mean / (1 + Double.pi / 8 * variance).squareRoot()
      #expect(abs(Double(probability) - 1 / (1 + exp(-shrunk))) < 1e-6)
    }
  }

  @Test func `the mutual information is that of Gaussian logits`() {
    let (mean, variance) = (0.5, 4.0)
    let moments = OutputMoments(
      outputCount: 2, means: [Float(mean), 0], variances: [Float(variance), 0])
    func entropy(_ p: Double) -> Double { -p * log(p) - (1 - p) * log(1 - p) }
    var (probability, expected) = (0.0, 0.0)
    for step in 0...4000 {
      let e = -8 + 16 * Double(step) / 4000
      let density = exp(-e * e / 2) / (2 * Double.pi).squareRoot() * 16 / 4000
      let p = 1 / (1 + exp(-(mean + variance.squareRoot() * e)))
      probability += density * p
      expected += density * entropy(p)
    }
    let information = moments.classDistribution.mutualInformations[0]
    // 64 draws of the noise.
    #expect(abs(information - (entropy(probability) - expected)) < 0.05)
  }

  @Test func `the noise of every class counts for the mutual information`() {
    // Five equally probable classes, of which one's logit is uncertain: by symmetry it does not matter which.
    let informations = (0..<5).map { uncertain in
      OutputMoments(
        outputCount: 5, means: [0, 0, 0, 0, 0],
        variances: (0..<5).map { $0 == uncertain ? 9 : 0 }
      ).classDistribution.mutualInformations[0]
    }
    // ∫ over z ~ N(0, 9) of the entropy of (eᶻ, 1, 1, 1, 1) / (eᶻ + 4).
    var (probability, expected) = (0.0, 0.0)
    func entropy(_ p: Double) -> Double { -p * log(p) - (1 - p) * log((1 - p) / 4) }
    for step in 0...4000 {
      let e = -8 + 16 * Double(step) / 4000
      let density = exp(-e * e / 2) / (2 * Double.pi).squareRoot() * 16 / 4000
      let p = exp(3 * e) / (exp(3 * e) + 4)
      probability += density * p
      expected += density * entropy(p)
    }
    for information in informations {
      #expect(abs(information - (entropy(probability) - expected)) < 0.1)
    }
  }

  @Test func `parts of the entropy are not negative and add up`() {
    var generator = SeededGenerator(seed: 8)
    let means = (0..<500).map { _ in Float.random(in: -12...12, using: &generator) }
    let variances = (0..<500).map { _ in Float.random(in: 0...30, using: &generator) }
    let distribution = OutputMoments(outputCount: 5, means: means, variances: variances)
      .classDistribution
    for (index, entropy) in distribution.predictiveEntropies.enumerated() {
      let aleatoric = distribution.aleatoricEntropies[index]
      let information = distribution.mutualInformations[index]
      #expect(aleatoric >= 0 && information >= 0)
      #expect(abs(aleatoric + information - entropy) < 1e-12)
    }
  }
}
