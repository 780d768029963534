import ArgumentParser
import BBBPruning
import Foundation

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

/// Comma-separated criteria.
struct CriterionList: ExpressibleByArgument {
  let names: [CriterionName]

  init(names: [CriterionName]) {
    self.names = names
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    names = parts.compactMap(CriterionName.init(rawValue:))
    guard names.count == parts.count, Set(names).count == names.count else { return nil }
  }

  var defaultValueDescription: String { names.map(\.rawValue).joined(separator: ",") }
}
