import ArgumentParser
import BBBTraining

/// How weights with one value each are learned: the baselines of the paper's Table 1.
struct PointOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Adds this times Σ w² / 2 to the cost per example: a normal prior of variance "
        + "1 / (weight · examples).", valueName: "weight"))
  var l2: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Adds this times Σ |w| to the cost per example: a Laplace prior of scale "
        + "1 / (weight · examples).", valueName: "weight"))
  var l1: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With '--method dropout': the share of hidden units left out. (default: 0.5)",
      valueName: "probability"))
  var dropout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With '--method dropout': the share of inputs left out. (default: 0)",
      valueName: "probability"))
  var inputDropout: Double?

  /// The options given.
  var given: [String] {
    [
      ("--l2", l2 != nil), ("--l1", l1 != nil), ("--dropout", dropout != nil),
      ("--input-dropout", inputDropout != nil),
    ].filter(\.1).map(\.0)
  }

  /// Checks that a baseline gets what it needs and nothing that it would ignore.
  func check(_ method: TrainingOptions.MethodName) throws {
    let hasPenalty = l2 != nil || l1 != nil
    if method == .plain, hasPenalty {
      throw ValidationError(
        "'--method plain' has no regularisation: leave out '--l2' and '--l1', or use '--method map'."
      )
    }
    if method == .map, !hasPenalty {
      throw ValidationError(
        "'--method map' needs a penalty: give '--l2 WEIGHT' or '--l1 WEIGHT', such as '--l2 1e-5'.")
    }
    if method != .dropout, let option = given.first(where: { $0.hasSuffix("dropout") }) {
      throw ValidationError(
        "'\(option)' is for '--method dropout': leave it out, or use that method.")
    }
  }

  func method(_ name: TrainingOptions.MethodName) -> TrainingConfiguration.Method {
    .pointEstimate(
      PointEstimate(
        ridge: l2 ?? 0, lasso: l1 ?? 0, inputDropout: inputDropout ?? 0,
        hiddenDropout: name == .dropout ? dropout ?? 0.5 : 0))
  }
}
