import ArgumentParser
import BBBConditioning

/// How far the error may rise, or the outputs diverge, in exchange for a smaller file.
struct FrontierOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      With '--calibrate': search for the smallest file whose outputs diverge from the unpruned ones by no more (KL, in nats per \
      example, measured on examples that nothing is fitted to). Default: 1 % of the mean entropy of the outputs (of numbers \
      0.001, or 1 % of their spread), or with '--sparsity' a quarter more than removing so much costs.
      """, valueName: "nats"))
  var maxDivergence: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With '--calibrate': search for the file whose outputs diverge least among those of no more bytes.",
      valueName: "bytes"))
  var maxBytes: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Search sparsity and precision together for the smallest file whose error rises by no more than so \
      many percentage points (of a network that predicts numbers, per cent of its RMSE). Needs data; '--sparsity' or '--precision' fix one of the two.
      """, valueName: "points"))
  var maxErrorIncrease: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The fraction of the examples that is kept out of that search, to measure the file chosen. \
      '--seed' decides which. (default: 0.5)
      """, valueName: "fraction"))
  var holdout: Double?

  /// What is asked for of a network that is rounded where its weights take over; `nil` for the usual.
  var goal: RoundingGoal? {
    maxDivergence.map { .divergence(atMost: $0) } ?? maxBytes.map { .bytes(atMost: $0) }
  }

  func validate() throws {
    if [maxErrorIncrease != nil, maxDivergence != nil, maxBytes != nil].count(where: \.self) > 1 {
      throw ValidationError(
        "Give one of '--max-error-increase', '--max-divergence' and '--max-bytes'.")
    }
    if let maxDivergence, !(maxDivergence > 0 && maxDivergence.isFinite) {
      throw ValidationError("Give '--max-divergence' nats above 0, such as 0.002.")
    }
    if let maxBytes, maxBytes < 1 {
      throw ValidationError("Give '--max-bytes' a number of bytes, such as 10000.")
    }
    if let maxErrorIncrease, !(0...100).contains(maxErrorIncrease) {
      throw ValidationError("Give '--max-error-increase' percentage points from 0 to 100.")
    }
    if let holdout, !(holdout > 0 && holdout < 1) {
      throw ValidationError("Give '--holdout' a fraction above 0 and below 1, such as 0.5.")
    }
    if holdout != nil, maxErrorIncrease == nil {
      throw ValidationError("'--holdout' is for the search that '--max-error-increase' makes.")
    }
  }
}
