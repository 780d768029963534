import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior

/// The part of a reference that concerns the posterior.
private struct Reference: Decodable {
  struct Layer: Decodable {
    let op: String
    let weight: String
    let sigmaFrom: String
    let bias: String
    let weightShape: [Int]
    let layout: String
  }

  let library: String
  let architecture: [Layer]
  let prunableWeights: Int
  let pixelScale: String
  let snrQuantilesDb: [String: Double?]
  let snrZeroCount: Int

  init(besides checkpoint: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let url = URL(fileURLWithPath: checkpoint + ".reference.json")
    self = try decoder.decode(Reference.self, from: Data(contentsOf: url))
  }
}

@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct ReferenceCheckpointTests {
  static let checkpoints = [
    ("bbb_mix1200.safetensors", "Bayes by Backprop layers (weight_mu, weight_rho)"),
    ("bbb_mix400.safetensors", "Bayes by Backprop layers (weight_mu, weight_rho)"),
    ("torchbnn_mlp.pt", "torchbnn"), ("torchbnn_mlp_legacy.pt", "torchbnn"),
    ("blitz_mlp.pt", "BLiTZ"), ("bayesian_torch_mlp_nested.pth", "bayesian-torch"),
    ("bayesian_torch_flipout.pth", "bayesian-torch"),
    ("bayesian_torch_lenet.pth", "bayesian-torch"),
    ("numpyro_autonormal.npz", "NumPyro AutoNormal"),
    ("pyro_autonormal_guide.pt", "Pyro AutoNormal (guide)"), ("ivon_mlp.pt", "IVON"),
  ]

  private func read(_ name: String) throws -> (Posterior, Reference) {
    let path = SharedFolder.checkpoint(name)
    return (try Posterior(TensorFile(contentsOf: path)), try Reference(besides: path))
  }

  @Test(arguments: checkpoints)
  func `layers are those of the reference, in its order`(name: String, convention: String) throws {
    let (posterior, reference) = try read(name)
    #expect(posterior.convention.name == convention)
    #expect(posterior.warnings == [])
    // References name tensors without the dictionary that wraps a state dictionary.
    func inner(_ name: String?) -> String? {
      name.map { $0.hasPrefix("state_dict/") ? String($0.dropFirst("state_dict/".count)) : $0 }
    }
    let expected = reference.architecture
    #expect(posterior.parameters.map { inner($0.weight.mean.name) } == expected.map(\.weight))
    #expect(posterior.parameters.map { inner($0.weight.scale?.name) } == expected.map(\.sigmaFrom))
    #expect(posterior.parameters.map { inner($0.bias?.mean.name) } == expected.map(\.bias))
    #expect(posterior.parameters.map(\.weight.shape) == reference.architecture.map(\.weightShape))
    for (layer, expected) in zip(posterior.parameters, reference.architecture) {
      let isOutputFirst = layer.weights.order == .outputInput
      if layer.kernel.isEmpty {
        #expect(expected.op == "linear")
        #expect(expected.layout == (isOutputFirst ? "out,in" : "in,out"))
      } else {
        #expect(expected.op == "conv2d")
        #expect(layer.kernel == Array(expected.weightShape[2...]))
        #expect(isOutputFirst)
      }
    }
    #expect(posterior.parameters.reduce(0) { $0 + $1.weight.count } == reference.prunableWeights)
  }

  @Test(arguments: checkpoints)
  func `the network is runnable unless it has convolutions`(name: String, convention: String) throws
  {
    let (posterior, reference) = try read(name)
    let hasConvolutions = reference.architecture.contains { $0.op == "conv2d" }
    #expect((posterior.network == nil) == hasConvolutions)
    if !hasConvolutions {
      #expect(posterior.network?.layerSizes?.sizes.first == 784)
      #expect(posterior.network?.layerSizes?.sizes.last == 10)
    }
    let isDivided126 = reference.pixelScale.contains("/126")
    #expect(posterior.interface.inputScaling?.factor == (isDivided126 ? 1.0 / 126 : nil))
  }

  @Test(arguments: checkpoints)
  func `signal-to-noise ratios have the quantiles of the reference`(
    name: String, convention: String
  ) throws {
    let (posterior, reference) = try read(name)
    var ratios: [Double] = []
    for layer in posterior.parameters {
      let (means, deviations) = (
        try layer.weight.means(), try layer.weight.standardDeviations()
      )
      ratios += zip(means, deviations).map { abs($0) / $1 }
      #expect(try layer.bias?.standardDeviations().allSatisfy { $0 > 0 } == true)
    }
    ratios.sort()
    #expect(ratios.prefix { $0 == 0 }.count == reference.snrZeroCount)
    #expect(reference.snrQuantilesDb.count >= 13)
    for (quantile, decibels) in reference.snrQuantilesDb {
      let fraction = try #require(Double(quantile))
      let ratio = ratios[Int((fraction * Double(ratios.count - 1)).rounded(.down))]
      if let decibels {
        #expect(abs(20 * log10(ratio) - decibels) < 1e-5, "quantile \(quantile)")
      } else {
        #expect(ratio == 0)
      }
    }
  }
}
