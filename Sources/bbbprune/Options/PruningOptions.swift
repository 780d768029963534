import ArgumentParser
import BBBInference
import BBBPruning

/// What ranks the weights, and over what.
struct PruningOptions: ParsableArguments {
  @Option(help: "Over what the sparsity is met: all weights jointly, or each layer by itself.")
  var scope: Pruning.Scope = .global

  @Option(
    help: """
      The seed of '--criterion random', of the draws of 'sweep --samples', and of the split that \
      'export --holdout' makes.
      """)
  var seed: UInt64 = 0

  @Flag(help: "Remove biases too, where they have a σ. By default they are kept.")
  var pruneBiases = false

}

extension Pruning.Scope: ExpressibleByArgument {}
