import ArgumentParser
import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBReports
import Foundation

/// How much to remove, as it is written on the command line.
enum SparsityArgument: ExpressibleByArgument, Equatable {
  case fraction(Double)
  /// The weights that the evidence can do without.
  case auto
  /// The weights below the gap between signal-to-noise ratios.
  case gap

  init?(argument: String) {
    switch argument.trimmingCharacters(in: .whitespaces) {
    case "auto": self = .auto
    case "gap": self = .gap
    case let text:
      guard let fraction = Double(text) else { return nil }
      self = .fraction(fraction)
    }
  }

  /// Its name on the command line; `nil` for a fraction that is given.
  var name: String? {
    switch self {
    case .fraction: nil
    case .auto: "auto"
    case .gap: "gap"
    }
  }

  /// Refuses a fraction that is found over all layers where it would be removed from each.
  func check(_ options: PruningOptions) throws {
    guard let name, options.scope == .layer else { return }
    throw ValidationError(
      "'--sparsity \(name)' is found over all layers jointly: leave out '--scope layer', or give a "
        + "fraction.")
  }

  /// A fraction that was found, and how; `nil` for the fraction if nothing can be said.
  struct Choice {
    var sparsity: Double?
    var reason: String
  }

  /// The fraction of the weights to remove.
  ///
  /// - Returns: The fraction; `nil`, after a message on standard error says why, if none is chosen.
  /// - Throws: What reading the weights throws, or ``CommandError`` without the standard
  ///   deviations or the prior that it needs.
  func choice(
    _ posterior: Posterior, _ options: PruningOptions, threadCount: Int
  ) throws -> Choice {
    if let name, !posterior.hasDeviations {
      throw CommandError(
        .unsuitable, path: posterior.path,
        "holds no standard deviations, which '--sparsity \(name)' needs; say how "
          + "much to remove, such as '--sparsity 0.5'")
    }
    switch self {
    case .fraction(let fraction): return Choice(sparsity: fraction, reason: "")
    case .auto:
      let purpose = "'--sparsity auto' (unlike '--sparsity gap')"
      let prior = try options.prior(of: posterior, for: purpose)
      let ranking = try Ranking(
        posterior, by: .bayesianModelReduction(prior: prior), includesBiases: options.pruneBiases,
        threadCount: threadCount)
      guard options.units else {
        return Self.choice(try ranking.evidenceCut(), prior, of: "weights")
      }
      return Self.choice(
        try UnitRanking(posterior, ranking).evidenceCut(), prior, of: "hidden units")
    case .gap:
      guard !options.units else {
        throw ValidationError(
          "'--sparsity gap' is a gap between weights, not units: use 'auto' or a fraction.")
      }
      let ranking = try Ranking(
        posterior, by: .signalToNoiseRatio, includesBiases: options.pruneBiases,
        threadCount: threadCount)
      return Self.choice(try SignalToNoiseGap(ranking))
    }
  }

  private static func choice(
    _ cut: EvidenceCut, _ prior: Prior, of things: String
  ) -> Choice {
    guard cut.removedCount > 0 else {
      let spike =
        if case .scaleMixture = prior { ", whose narrow component makes 0 very probable" } else {
          ""
        }
      return Choice(
        sparsity: nil,
        reason:
          "none of the \(things) have ΔF ≤ 0 under the prior \(prior)\(spike), so the evidence can do "
          + "without none; say how much to remove, such as '--sparsity 0.5'")
    }
    return Choice(
      sparsity: cut.sparsity,
      reason:
        "auto: \(count(cut.removedCount, of: cut.weightCount, things)) have ΔF ≤ 0 under the prior "
        + "\(prior); the ΔF add up to -\(NumberText.nats(cut.gain)) nats")
  }

  private static func choice(_ gap: SignalToNoiseGap?) -> Choice {
    guard let gap else {
      return Choice(
        sparsity: nil,
        reason:
          "the signal-to-noise ratios have one peak only, so there is no gap between them; say "
          + "how much to remove, or try '--sparsity auto'")
    }
    let peaks = gap.valley.peaks.map(NumberText.trimmed).joined(separator: " and ")
    return Choice(
      sparsity: gap.sparsity,
      reason: "gap: \(count(gap.removedCount, of: gap.weightCount, "weights")) lie below "
        + "\(NumberText.trimmed(gap.decibels)) dB, the gap between the peaks at \(peaks) dB")
  }

  private static func count(_ count: Int, of total: Int, _ things: String) -> String {
    let percent = NumberText.trimmed(100 * Double(count) / Double(total))
    return "\(NumberText.grouped(count)) of \(NumberText.grouped(total)) \(things) (\(percent) %)"
  }
}

/// Comma-separated sparsities.
struct SparsityList: ExpressibleByArgument {
  let values: [SparsityArgument]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { SparsityArgument(argument: String($0)) }
    guard values.count == parts.count else { return nil }
  }
}
