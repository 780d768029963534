import BBBEvaluation
import BBBPosterior
import BBBTensors
import BBBTraining

/// How a run ended that went on to its end and learned nothing.
enum TrainingVerdict: String, Encodable {
  /// The posterior is the prior.
  case collapsed
  /// One answer for every example would be as good.
  case atChance = "at_chance"

  /// Looks at what a finished run wrote; `nil` if it learned something.
  ///
  /// - Parameter session: The run.
  /// - Throws: What reading the checkpoint throws.
  init?(_ session: TrainingSession) throws {
    let posterior = try Posterior(try TensorFile(contentsOf: session.files.checkpoint))
    if case .collapsed = try PosteriorFitness(posterior).finding {
      self = .collapsed
    } else if session.trainer.isAtChance() {
      self = .atChance
    } else {
      return nil
    }
  }

  /// What happened and what can be tried, in one sentence.
  func sentence(_ configuration: TrainingConfiguration) -> String {
    switch self {
    case .collapsed:
      var temperature = ""
      if case .bayesByBackprop(let bayes) = configuration.method {
        temperature = " (it was \(bayes.temperature))"
      }
      return
        "the posterior collapsed onto the prior, so that the network has learned nothing: lower "
        + "'--temperature'\(temperature), let the complexity cost rise slowly with '--warm-up', or give "
        + "more examples"
    case .atChance:
      return "the network does hardly better than the same answer for every example: raise "
        + "'--learning-rate' (it was \(configuration.learningRate)), train for more '--epochs', and check "
        + "that inputs and labels belong together"
    }
  }
}
