import BBBPosterior
import BBBPruning
import BBBTensors
import TestSupport

/// A posterior of one layer with as many weights as there are means, and a bias that must not count.
///
/// - Parameters:
///   - means: μ.
///   - deviations: σ; a weight with μ = 0 and σ = 0 was removed earlier.
/// - Returns: The posterior.
/// - Throws: `PosteriorError`.
package func posterior(_ means: [Float], _ deviations: [Float]) throws -> Posterior {
  let shape = [1, means.count]
  return try Posterior(
    TensorFile(
      path: "small.safetensors", format: .safetensors,
      tensors: [
        Tensor(name: "fc.weight", shape: shape, floats: means),
        Tensor(name: "fc.weight.sigma", shape: shape, floats: deviations),
        Tensor(name: "fc.bias", shape: [1], floats: [7]),
        Tensor(name: "fc.bias.sigma", shape: [1], floats: [1]),
      ]))
}

/// The ranking of weights with given ratios |μ|/σ, σ being 1.
package func ranking(_ ratios: [Float]) throws -> Ranking {
  try Ranking(
    try posterior(ratios, Array(repeating: 1, count: ratios.count)), by: .signalToNoiseRatio)
}

/// A multilayer perceptron of random means and deviations.
package func randomPosterior(sizes: [Int], seed: UInt64) throws -> Posterior {
  var generator = SeededGenerator(seed: seed)
  func numbers(_ count: Int, in range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &generator) }
  }
  let tensors = zip(sizes, sizes.dropFirst()).enumerated().flatMap { index, layer in
    let (inputs, outputs) = layer
    let name = "fc\(index + 1)"
    return [
      Tensor(
        name: "\(name).weight", shape: [outputs, inputs],
        floats: numbers(outputs * inputs, in: -1...1)),
      Tensor(
        name: "\(name).weight.sigma", shape: [outputs, inputs],
        floats: numbers(outputs * inputs, in: 0.05...0.6)),
      Tensor(name: "\(name).bias", shape: [outputs], floats: numbers(outputs, in: -0.2...0.2)),
      Tensor(
        name: "\(name).bias.sigma", shape: [outputs], floats: numbers(outputs, in: 0.1...0.2)),
    ]
  }
  return try Posterior(
    TensorFile(path: "random.safetensors", format: .safetensors, tensors: tensors))
}
