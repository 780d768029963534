import ArgumentParser
import BBBPosterior
import BBBPruning
import Foundation

/// A criterion's name on the command line.
enum CriterionName: String, CaseIterable, ExpressibleByArgument {
  case snr
  case snrMagnitude = "snr-magnitude"
  case bmr
  case complexity
  case magnitude
  case sigma
  case random

  /// Whether it compares the posterior with the prior.
  var needsPrior: Bool { self == .bmr || self == .complexity }

  /// The criterion for a posterior.
  ///
  /// - Throws: ``UnsuitableInputError`` if it needs a prior and none is known.
  func criterion(_ posterior: Posterior, _ options: PruningOptions) throws -> Criterion {
    switch self {
    case .snr: .signalToNoiseRatio
    case .snrMagnitude: .magnitudeSignalToNoiseRatio
    case .bmr:
      .bayesianModelReduction(
        prior: try options.prior(of: posterior, for: "'--criterion bmr'"))
    case .complexity:
      .complexityCost(prior: try options.prior(of: posterior, for: "'--criterion complexity'"))
    case .magnitude: .magnitude
    case .sigma: .standardDeviation
    case .random: .random(seed: options.seed)
    }
  }

  static let help: ArgumentHelp =
    """
    What ranks the weights, smallest first: |μ|/σ (snr), the same ratio of |w| (snr-magnitude, the same \
    order), the evidence lost, ΔF (bmr), the share of KL[q‖P] (complexity), |μ| (magnitude), 1/σ \
    (sigma), or chance (random). bmr and complexity need the prior.
    """
}

/// Comma-separated criteria, or all of them.
struct CriterionList: ExpressibleByArgument {
  let names: [CriterionName]
  /// Whether they were asked for as `all`, and those that cannot be had are left out.
  let isAll: Bool

  init(names: [CriterionName]) {
    self.names = names
    isAll = false
  }

  init?(argument: String) {
    isAll = argument == "all"
    guard !isAll else {
      names = CriterionName.allCases
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    names = parts.compactMap(CriterionName.init(rawValue:))
    guard names.count == parts.count, Set(names).count == names.count else { return nil }
  }

  var defaultValueDescription: String { names.map(\.rawValue).joined(separator: ",") }

  /// The criteria for a posterior; says on standard error which ones `all` leaves out.
  func criteria(_ posterior: Posterior, _ options: PruningOptions) throws -> [Criterion] {
    guard isAll, !options.knowsPrior(of: posterior) else {
      return try names.map { try $0.criterion(posterior, options) }
    }
    let left = names.filter(\.needsPrior).map(\.rawValue).joined(separator: " and ")
    StandardError.write("left out: \(left), which need the prior; give it with '--prior'\n")
    return try names.filter { !$0.needsPrior }.map { try $0.criterion(posterior, options) }
  }
}
