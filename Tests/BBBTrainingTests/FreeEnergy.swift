import BBBKernels
import CBBBKernels
import Foundation

@testable import BBBTraining

/// What one step of training minimises, in Double, as a function of the parameters: the noise is held
/// fixed.
///
/// For Bayes by Backprop that is Blundell et al. 2015, equation 8 (or 9), divided by the size of the
/// minibatch: F_i / |B| = (π_i (log q(w|θ) − log P(w)) − log P(B|w)) / |B|, averaged over draws.
struct FreeEnergy {
  let configuration: TrainingConfiguration
  let examples: TrainingExamples
  /// The examples of the minibatch, by their places.
  let rows: [Int]
  let step: Int
  /// π_i, and what else the complexity cost is multiplied by.
  let complexityShare: Double

  func callAsFunction(_ parameters: NetworkParameters) -> Double {
    switch configuration.method {
    case .pointEstimate(let estimate):
      let weights = parameters.means.joined()
      return likelihoodCost(weights: parameters.means)
        + estimate.ridge * weights.reduce(0) { $0 + $1 * $1 } / 2
        + estimate.lasso * weights.reduce(0) { $0 + abs($1) }
    case .bayesByBackprop(let bayes):
      let scale = complexityShare / Double(rows.count)
      guard case .weightDraws(let draws) = bayes.estimator else {
        return likelihoodCost(parameters) + scale * complexityCost(parameters, bayes, draw: 0)
      }
      return (0..<draws).reduce(0) { total, draw in
        let weights = parameters.means.indices.map {
          drawnWeights(parameters, tensor: $0, draw: draw)
        }
        return total
          + (likelihoodCost(weights: weights)
            + scale * complexityCost(parameters, bayes, draw: draw)) / Double(draws)
      }
    }
  }

  /// w = μ + log(1 + exp ρ) ε.
  private func drawnWeights(_ parameters: NetworkParameters, tensor: Int, draw: Int) -> [Double] {
    let key = NoiseStream.weights(tensor: tensor).key(
      seed: configuration.seed, step: step, draw: draw)
    let noise = noise(key, start: 0, count: parameters.means[tensor].count)
    return parameters.means[tensor].indices.map {
      parameters.means[tensor][$0] + softplus(parameters.rhos[tensor][$0]) * noise[$0]
    }
  }

  private func complexityCost(
    _ parameters: NetworkParameters, _ bayes: BayesByBackprop, draw: Int
  ) -> Double {
    var total = 0.0
    for tensor in parameters.means.indices {
      let weights = drawnWeights(parameters, tensor: tensor, draw: draw)
      for index in weights.indices {
        let mean = parameters.means[tensor][index]
        let deviation = softplus(parameters.rhos[tensor][index])
        if case .closedFormGaussian(let scale) = bayes.prior {
          let (ratio, offset) = (deviation / scale, mean / scale)
          total += (ratio * ratio + offset * offset - 1) / 2 - log(ratio)
        } else {
          total += logNormalDensity(weights[index], mean: mean, deviation: deviation)
          total -= bayes.prior.logDensity(weights[index])
        }
      }
    }
    return total
  }

  /// The likelihood cost per example, each layer's outputs computed by `outputs(layer, row, input)`.
  private func likelihoodCost(_ outputs: (Int, Int, [Double]) -> [Double]) -> Double {
    let layerCount = configuration.layerSizes.count - 1
    return rows.indices.reduce(0) { total, row in
      var activations = kept(layer: 0, row: row, of: input(rows[row]))
      for layer in 0..<layerCount {
        activations = outputs(layer, row, activations)
        if layer < layerCount - 1 {
          activations = kept(layer: layer + 1, row: row, of: activations.map { max($0, 0) })
        }
      }
      return total + cost(of: activations, example: rows[row]) / Double(rows.count)
    }
  }

  private func likelihoodCost(weights: [[Double]]) -> Double {
    likelihoodCost { layer, _, input in
      product(weights[2 * layer], input, plus: weights[2 * layer + 1])
    }
  }

  /// Under the local reparametrisation: each unit is drawn from N(x·μ + μ_b, x²·σ² + σ_b²).
  private func likelihoodCost(_ parameters: NetworkParameters) -> Double {
    let variances = parameters.rhos.map { $0.map { softplus($0) * softplus($0) } }
    return likelihoodCost { layer, row, input in
      let means = product(parameters.means[2 * layer], input, plus: parameters.means[2 * layer + 1])
      let squares = product(
        variances[2 * layer], input.map { $0 * $0 }, plus: variances[2 * layer + 1])
      let key = NoiseStream.preactivations(layer: layer).key(seed: configuration.seed, step: step)
      let rowLength = (means.count + 127) / 128 * 128
      let noise = noise(key, start: row * rowLength, count: means.count)
      return means.indices.map { means[$0] + squares[$0].squareRoot() * noise[$0] }
    }
  }

  private func product(_ matrix: [Double], _ input: [Double], plus bias: [Double]) -> [Double] {
    bias.indices.map { output in
      input.indices.reduce(bias[output]) { $0 + matrix[output * input.count + $1] * input[$1] }
    }
  }

  private func cost(of outputs: [Double], example: Int) -> Double {
    switch (configuration.likelihood, examples.targets) {
    case (.gaussian(let deviation), .numbers(let targets, let width)):
      return outputs.indices.reduce(0) { total, unit in
        let target = Double(targets[example * width + unit])
        return total - logNormalDensity(target, mean: outputs[unit], deviation: deviation)
      }
    case (.categorical, .classes(let classes)):
      return log(outputs.reduce(0) { $0 + exp($1) }) - outputs[classes[example]]
    case (.binary, .classes(let classes)):
      let probability = 1 / (1 + exp(-outputs[0]))
      return -log(classes[example] == 1 ? probability : 1 - probability)
    default: return .nan
    }
  }

  private func input(_ example: Int) -> [Double] {
    let range = example * examples.inputCount..<(example + 1) * examples.inputCount
    switch examples.inputs {
    case .bytes(let bytes): return bytes[range].map { Double($0) * configuration.inputScale }
    case .floats(let floats): return floats[range].map(Double.init)
    }
  }

  /// What dropout leaves of a layer's inputs; the network's are layer 0's.
  private func kept(layer: Int, row: Int, of values: [Double]) -> [Double] {
    guard case .pointEstimate(let estimate) = configuration.method else { return values }
    let probability = layer == 0 ? estimate.inputDropout : estimate.hiddenDropout
    return values.indices.map { unit in
      let key = NoiseStream.dropout(layer: layer).key(
        seed: configuration.seed, step: step, draw: row << 16 | unit / 128)
      let uniform = Double(Threefry.word(key, at: unit % 128)) / 0x1p32
      return uniform < probability ? 0 : values[unit] / (1 - probability)
    }
  }

  private func noise(_ key: bbb_noise_key, start: Int, count: Int) -> [Double] {
    let buffer = AlignedBuffer(inNoiseBlocks: count)
    bbb_standard_normals(bbb_best_instruction_set(), key, start, count, buffer.start)
    return buffer.values.map(Double.init)
  }
}
