import ArgumentParser
import BBBPosterior
import BBBPruning
import Foundation

extension Criterion.Kind: ExpressibleByArgument {
  /// The criterion for a posterior.
  ///
  /// - Throws: ``CommandError`` if it needs a prior and none is known.
  func criterion(_ posterior: Posterior, _ options: PruningOptions) throws -> Criterion {
    switch self {
    case .signalToNoiseRatio: .signalToNoiseRatio
    case .magnitudeSignalToNoiseRatio: .magnitudeSignalToNoiseRatio
    case .bayesianModelReduction:
      .bayesianModelReduction(
        prior: try options.prior(of: posterior, for: "'--criterion bmr'"))
    case .complexityCost:
      .complexityCost(prior: try options.prior(of: posterior, for: "'--criterion complexity'"))
    case .conditional: .conditional
    case .magnitude: .magnitude
    case .standardDeviation: .standardDeviation
    case .random: .random(seed: options.seed)
    }
  }

  static let help: ArgumentHelp =
    """
    What ranks the weights, smallest first: |μ|/σ (snr), the same ratio of |w| (snr-magnitude, the same \
    order), the evidence lost, ΔF (bmr), the share of KL[q‖P] (complexity), |μ| (magnitude), 1/σ \
    (sigma), chance (random), or what removal costs when the weights that are left take over (conditional, which \
    looks at inputs: '--calibrate'). bmr and complexity need the prior.
    """
}

/// Comma-separated criteria, or all of them.
struct CriterionList: ExpressibleByArgument {
  let names: [Criterion.Kind]
  /// Whether they were asked for as `all`, and those that cannot be had are left out.
  let isAll: Bool

  init(names: [Criterion.Kind]) {
    self.names = names
    isAll = false
  }

  init?(argument: String) {
    isAll = argument == "all"
    guard !isAll else {
      names = Criterion.Kind.allCases
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    names = parts.compactMap(Criterion.Kind.init(rawValue:))
    guard names.count == parts.count, Set(names).count == names.count else { return nil }
  }

  var defaultValueDescription: String { names.map(\.rawValue).joined(separator: ",") }

  /// The criteria for a posterior; says on standard error which ones `all` leaves out.
  func criteria(
    _ posterior: Posterior, _ options: PruningOptions, looksAtInputs: Bool
  ) throws -> [Criterion] {
    var names = names
    if isAll, options.units || options.pruneBiases {
      leaveOut(\.looksAtInputs, of: &names, "single weights to rank, no units or biases")
    } else if isAll, !looksAtInputs {
      leaveOut(\.looksAtInputs, of: &names, "inputs; give them with '--calibrate'")
    }
    if isAll, !posterior.hasDeviations {
      leaveOut(\.needsDeviations, of: &names, "standard deviations, which the checkpoint lacks")
    }
    if isAll, !options.knowsPrior(of: posterior) {
      leaveOut(\.needsPrior, of: &names, "the prior; give it with '--prior'")
    }
    return try names.map { try $0.criterion(posterior, options) }
  }

  private func leaveOut(
    _ isOut: KeyPath<Criterion.Kind, Bool>, of names: inout [Criterion.Kind], _ need: String
  ) {
    let left = names.filter { $0[keyPath: isOut] }.map(\.rawValue)
    guard let last = left.last else { return }
    let text = left.count > 1 ? left.dropLast().joined(separator: ", ") + " and \(last)" : last
    StandardError.writeText("left out: \(text), which need\(left.count > 1 ? "" : "s") \(need)\n")
    names.removeAll { $0[keyPath: isOut] }
  }
}
