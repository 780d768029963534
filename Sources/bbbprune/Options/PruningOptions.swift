import ArgumentParser
import BBBPosterior
import BBBPruning

/// What ranks the weights, and over what.
struct PruningOptions: ParsableArguments {
  @Option(help: "Over what the sparsity is met: all weights jointly, or each layer by itself.")
  var scope: Pruning.Scope = .global

  @Option(
    help: ArgumentHelp(
      """
      What was believed of a weight before training, where the checkpoint does not say, for '--criterion \
      bmr' and 'complexity' and '--sparsity auto': gaussian:DEVIATION (a normal distribution around 0) or \
      mixture:SHARE,WIDE,NARROW (two, and the share of the wide one). A narrow component makes 0 so \
      probable that bmr finds little to remove.
      """, valueName: "prior"))
  var prior: PriorArgument?

  @Option(
    parsing: .unconditional,
    help: """
      The seed of '--criterion random', of the draws of 'sweep --samples', and of the split that \
      'export --holdout' makes.
      """)
  var seed: UInt64 = 0

  @Flag(
    help: """
      Remove whole hidden units, for runtimes that want dense matrices: the sparsity is then a fraction \
      of the hidden units, ranked by the sum of the criterion (of its square, where it is a ratio or a \
      magnitude) over the weights that lead to and leave each.
      """)
  var units = false

  @Flag(help: "Remove biases too, where they have a σ. By default they are kept.")
  var pruneBiases = false

  @Flag(
    help: """
      With '--criterion magnitude' or 'random': rank the certain weights of ordinary layers beside Bayesian \
      ones too. By default they are kept.
      """)
  var pruneCertainWeights = false

  func validate() throws {
    if let problem = prior?.prior.problem {
      throw ValidationError("'--prior': \(problem).")
    }
    if units, pruneBiases {
      throw ValidationError("A unit's bias goes with it: leave out '--prune-biases'.")
    }
  }

  /// Refuses to rank certain weights by criteria that all ask for σ.
  func check(_ criteria: [Criterion.Kind]) throws {
    guard pruneCertainWeights, criteria.allSatisfy(\.needsDeviations) else { return }
    throw ValidationError(
      "'--prune-certain-weights' is for criteria that do not ask for σ: add '--criterion magnitude'."
    )
  }

  /// Whether the prior is given, or the checkpoint names it.
  func knowsPrior(of posterior: Posterior) -> Bool {
    prior != nil || posterior.prior != nil
  }

  /// The prior that was given, else the one that the checkpoint names.
  ///
  /// - Parameters:
  ///   - posterior: The checkpoint's.
  ///   - purpose: What needs the prior.
  /// - Returns: The prior.
  /// - Throws: ``CommandError`` if there is neither.
  func prior(of posterior: Posterior, for purpose: String) throws -> Prior {
    guard let prior = prior?.prior ?? posterior.prior else {
      throw CommandError(
        .unsuitable, path: posterior.path,
        "the checkpoint does not name its prior in a form that is known, and "
          + "\(purpose) needs it; give the one it was trained with, such as '--prior gaussian:0.1'")
    }
    return prior
  }
}

extension Pruning.Scope: ExpressibleByArgument {}
