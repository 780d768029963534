import BBBPosterior
import BBBPruning
import BBBTensors

/// A posterior of one layer with as many weights as there are means, and a bias that must not count.
///
/// - Parameters:
///   - means: μ.
///   - deviations: σ; a weight with μ = 0 and σ = 0 was removed earlier.
/// - Returns: The posterior.
/// - Throws: `PosteriorError`.
func posterior(_ means: [Float], _ deviations: [Float]) throws -> Posterior {
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
func ranking(_ ratios: [Float]) throws -> Ranking {
  try Ranking(
    try posterior(ratios, Array(repeating: 1, count: ratios.count)), by: .signalToNoiseRatio)
}
