import ArgumentParser

/// How far the error may rise in exchange for a smaller file.
struct FrontierOptions: ParsableArguments {
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

  func validate() throws {
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
