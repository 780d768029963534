import ArgumentParser
import BBBInference
import BBBPruning

/// What ranks the weights, and over what.
struct PruningOptions: ParsableArguments {
  @Option(help: "Over what the sparsity is met: all weights jointly, or each layer by itself.")
  var scope: Pruning.Scope = .global

  @Option(help: "The seed of '--criterion random'.")
  var seed: UInt64 = 0

  @Flag(help: "Remove biases too, where they have a σ. By default they are kept.")
  var pruneBiases = false

  @Option(help: "How a .bbbz holds values.")
  var values: ValueEncoding = .float32
}

/// A criterion's name on the command line.
enum CriterionName: String, CaseIterable, ExpressibleByArgument {
  case snr
  case magnitude
  case sigma
  case random

  func criterion(seed: UInt64) -> Criterion {
    switch self {
    case .snr: .signalToNoiseRatio
    case .magnitude: .magnitude
    case .sigma: .standardDeviation
    case .random: .random(seed: seed)
    }
  }

  static let help: ArgumentHelp =
    "What ranks the weights: |μ|/σ (snr), |μ| (magnitude), 1/σ (sigma), or chance (random)."
}

extension Pruning.Scope: ExpressibleByArgument {}
extension ValueEncoding: ExpressibleByArgument {}
