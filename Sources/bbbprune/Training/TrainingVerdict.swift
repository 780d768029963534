import BBBEvaluation
import BBBPosterior
import BBBReports
import BBBTensors
import BBBTraining
import Foundation

/// How a run ended that went on to its end and learned nothing.
enum TrainingVerdict: String, Encodable {
  /// The posterior is the prior.
  case collapsed
  /// The costs blew up.
  case diverged
  /// The prior leaves no room for what the weights would have to be.
  case priorTooNarrow = "prior_too_narrow"
  /// One answer for every example would be as good.
  case atChance = "at_chance"

  /// Looks at what a finished run wrote; `nil` if it learned something.
  ///
  /// - Parameter session: The run.
  /// - Throws: What reading the checkpoint throws.
  init?(_ session: TrainingSession) throws {
    let posterior = try Posterior(try TensorFile(contentsOf: session.files.checkpoint))
    let isCollapsed =
      if case .collapsed = try PosteriorFitness(posterior).finding { true } else { false }
    guard isCollapsed || session.trainer.isAtChance() else { return nil }
    if Self.priorIsTooNarrow(session) {
      self = .priorTooNarrow
    } else if isCollapsed {
      self = .collapsed
    } else if session.trainer.isFarBelowChance() || Self.complexityBlewUp(session) {
      self = .diverged
    } else {
      self = .atChance
    }
  }

  /// Whether weights start wider than the prior lets them be, and that costs far more than the examples can repay.
  private static func priorIsTooNarrow(_ session: TrainingSession) -> Bool {
    guard let bayes = session.bayes, let last = session.epochs.last,
      let complexity = last.complexityCost
    else { return false }
    return bayes.prior.widestDeviation < bayes.initialDeviation
      && complexity > 10 * last.likelihoodCost
  }

  /// Whether weights are so far from where the prior expects them that no training that works would have left them.
  private static func complexityBlewUp(_ session: TrainingSession) -> Bool {
    (session.epochs.last?.bitsPerWeight ?? 0) > 1000
  }

  /// What happened and what can be tried, in one sentence.
  func sentence(_ session: TrainingSession) -> String {
    let rate = "(it was \(session.trainer.configuration.learningRate))"
    switch self {
    case .collapsed:
      let temperature = session.bayes.map { " (it was \($0.temperature))" } ?? ""
      return
        "the posterior collapsed onto the prior, so that the network has learned nothing: lower "
        + "'--temperature'\(temperature), let the complexity cost rise slowly with '--warm-up', or give "
        + "more examples"
    case .diverged:
      return "the run diverged (\(costs(session))), and the network does hardly better than the "
        + "same answer for every example: lower '--learning-rate' \(rate)"
    case .priorTooNarrow:
      let (prior, start) = (session.bayes?.prior.widestDeviation, session.bayes?.initialDeviation)
      return
        "the prior is so narrow that its cost dwarfs what there is to learn (\(costs(session))): widen "
        + "'--prior' (its standard deviation is \(NumberText.significant(prior, digits: 3)), and weights start "
        + "with \(NumberText.significant(start, digits: 3))), or lower '--initial-rho'"
    case .atChance:
      return "the network does hardly better than the same answer for every example: raise "
        + "'--learning-rate' \(rate), train for more '--epochs', and check "
        + "that inputs and labels belong together"
    }
  }

  private func costs(_ session: TrainingSession) -> String {
    let last = session.epochs.last
    let likelihood = "likelihood cost \(NumberText.significant(last?.likelihoodCost, digits: 4))"
    let complexity = last?.complexityCost.map {
      ", complexity cost \(NumberText.significant($0, digits: 4))"
    }
    return likelihood + (complexity ?? "") + " nats per example"
  }
}

extension TrainingSession {
  /// How the posterior is learned; `nil` of a baseline.
  fileprivate var bayes: BayesByBackprop? {
    if case .bayesByBackprop(let bayes) = trainer.configuration.method { bayes } else { nil }
  }
}

extension BayesByBackprop {
  /// The standard deviation that weights start with.
  fileprivate var initialDeviation: Double { log1p(exp(initialRho)) }
}

extension Prior {
  /// The largest standard deviation of its components.
  fileprivate var widestDeviation: Double {
    switch self {
    case .scaleMixture(_, let wide, _): wide
    case .gaussian(let deviation), .closedFormGaussian(let deviation): deviation
    }
  }
}
