import ArgumentParser
import BBBTraining

/// How plain weights are learned.
struct PointOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The weight of Σ w² / 2, in nats per example.", valueName: "weight"))
  var l2: Double = 0

  @Option(help: ArgumentHelp("The weight of Σ |w|, in nats per example.", valueName: "weight"))
  var l1: Double = 0

  @Option(help: ArgumentHelp("The share of hidden units left out.", valueName: "probability"))
  var dropout: Double = 0

  @Option(help: ArgumentHelp("The share of inputs left out.", valueName: "probability"))
  var inputDropout: Double = 0

  var method: TrainingConfiguration.Method {
    .pointEstimate(
      PointEstimate(ridge: l2, lasso: l1, inputDropout: inputDropout, hiddenDropout: dropout))
  }
}
