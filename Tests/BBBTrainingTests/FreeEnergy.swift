import BBBKernels
import BBBNetwork
import CBBBKernels
import Foundation
import NetworkReference

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
    let key = NoiseStream.weights(tensor: numbers[tensor]).key(
      seed: configuration.seed, step: step, draw: draw)
    let noise = noise(key, start: 0, count: parameters.means[tensor].count)
    return parameters.means[tensor].indices.map {
      parameters.means[tensor][$0] + softplus(parameters.rhos[tensor][$0]) * noise[$0]
    }
  }

  /// The number of each tensor in streams of noise: twice that of its parameter, and one more of biases.
  private var numbers: [Int] {
    network.parameters.enumerated().flatMap { number, parameter in
      parameter.hasBias ? [2 * number, 2 * number + 1] : [2 * number]
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

  private func likelihoodCost(weights: [[Double]]) -> Double {
    likelihoodCost(weights: weights) { _, _, outputs, _ in outputs }
  }

  /// Under the local reparametrisation: each unit is drawn from N(x·μ + μ_b, x²·σ² + σ_b²).
  private func likelihoodCost(_ parameters: NetworkParameters) -> Double {
    let variances = reference(parameters.rhos.map { $0.map { softplus($0) * softplus($0) } })
    return likelihoodCost(weights: parameters.means) { parameter, row, means, input in
      let squares = variances.product(parameter, reading: input.map { $0 * $0 })
      let key = NoiseStream.preactivations(layer: parameter)
        .key(seed: configuration.seed, step: step)
      let rowLength = (means.count + 127) / 128 * 128
      let noise = noise(key, start: row * rowLength, count: means.count)
      return means.indices.map { means[$0] + squares[$0].squareRoot() * noise[$0] }
    }
  }

  /// The likelihood cost per example.
  ///
  /// - Parameters:
  ///   - weights: Of every tensor.
  ///   - disturbed: What becomes of a matrix's outputs: by the number of the parameter, the row, the outputs and what is read.
  /// - Returns: The average over the rows.
  private func likelihoodCost(
    weights: [[Double]],
    disturbed: (_ parameter: Int, _ row: Int, _ outputs: [Double], _ input: [Double]) -> [Double]
  ) -> Double {
    let reference = reference(weights)
    let dropout = dropoutStreams
    return rows.indices.reduce(0) { total, row in
      let input = kept(stream: 0, row: row, of: input(rows[row]))
      let values = reference.values(for: input) { node, inputs, value in
        var value = value
        if let parameter = network.parameters.firstIndex(where: { $0.node == node }) {
          value = disturbed(parameter, row, value, inputs[0])
        }
        return dropout[node].map { kept(stream: $0, row: row, of: value) } ?? value
      }
      return total
        + cost(of: values[network.output.index], example: rows[row]) / Double(rows.count)
    }
  }

  private var network: Network { configuration.network }

  /// The network with weights, tensor by tensor.
  private func reference(_ tensors: [[Double]]) -> ReferenceNetwork {
    var rest = tensors[...]
    return ReferenceNetwork(
      network,
      network.parameters.map { parameter in
        let weights = rest.removeFirst()
        return ReferenceNetwork.weights(
          weights, biases: parameter.hasBias ? rest.removeFirst() : nil, parameter.weights)
      })
  }

  /// The nodes whose outputs are left out at random, with the number of the stream: matrices' but those that give the network's
  /// output, behind an activation that alone reads them.
  private var dropoutStreams: [Int: Int] {
    var streams: [Int: Int] = [:]
    for (number, parameter) in network.parameters.enumerated() {
      let readers = readers(of: parameter.node)
      var node = parameter.node
      if readers.count == 1, case .activation? = readers[0].map({ network.nodes[$0].operation }) {
        node = readers[0] ?? node
      }
      if !self.readers(of: node).contains(nil) { streams[node] = number + 1 }
    }
    return streams
  }

  /// The nodes that compute something of what a node gives, wherever it is passed on as it is; `nil` for the network's output.
  private func readers(of node: Int) -> [Int?] {
    if node == network.nodes.count - 1 { return [nil] }
    return network.readers[node + 1].flatMap { reader -> [Int?] in
      switch network.nodes[reader].operation {
      case .flatten, .activation(.none): readers(of: reader)
      default: [reader]
      }
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

  /// What dropout leaves of some elements; the network's inputs have the stream 0.
  private func kept(stream: Int, row: Int, of values: [Double]) -> [Double] {
    guard case .pointEstimate(let estimate) = configuration.method else { return values }
    let probability = stream == 0 ? estimate.inputDropout : estimate.hiddenDropout
    return values.indices.map { unit in
      let key = NoiseStream.dropout(layer: stream).key(
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
