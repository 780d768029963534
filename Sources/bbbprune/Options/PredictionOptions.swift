import ArgumentParser
import BBBInference

/// How the uncertainty of the weights is taken into account.
struct PredictionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Predict by Monte Carlo: put together what that many draws of the weights predict, of a checkpoint, or a .bbbz that keeps its uncertainty.",
      valueName: "count"))
  var samples = 0

  @Option(parsing: .unconditional, help: "The seed of the draws.")
  var seed: UInt64 = 0

  @Flag(
    help: """
      Predict by one pass of means and variances through the layers, of a checkpoint, or a .bbbz \
      that keeps its uncertainty.
      """)
  var onePass = false

  func validate() throws {
    guard 0...10_000 ~= samples else {
      throw ValidationError("Give '--samples' a count from 1 to 10000, or 0 for none.")
    }
    if onePass, samples > 0 {
      throw ValidationError("Give '--samples' or '--one-pass', not both.")
    }
  }

  /// The number of draws that JSON tells; `nil` but for Monte Carlo.
  var sampleCount: Int? { samples > 0 ? samples : nil }

  /// The seed that JSON tells; `nil` but for Monte Carlo.
  var usedSeed: UInt64? { samples > 0 ? seed : nil }

  /// Whether the prediction needs standard deviations.
  var needsUncertainty: Bool { onePass || samples > 0 }

  /// The method asked for.
  ///
  /// - Parameters:
  ///   - model: The network to run.
  ///   - path: Its file.
  /// - Returns: How to predict.
  /// - Throws: ``CommandError`` if the method needs standard deviations that the model lacks, or moments that its
  ///   network has none of.
  func method(for model: CompactModel, path: String) throws -> PredictionMethod {
    guard needsUncertainty else { return .posteriorMean }
    guard model.hasUncertainty else {
      throw CommandError(
        .unsuitable, path: path,
        "holds no standard deviations; leave out '--samples' and '--one-pass', or give a "
          + "checkpoint that has them, or a .bbbz exported with '--keep-uncertainty'")
    }
    if onePass, let obstacle = model.network.momentObstacle {
      throw CommandError(
        .unsuitable, path: path, "\(obstacle); give '--samples 100' in place of '--one-pass'")
    }
    return onePass ? .momentPropagation : .monteCarlo(sampleCount: samples, seed: seed)
  }
}

extension PredictionMethod {
  /// What reports say after the dataset's name.
  var reportText: String {
    switch self {
    case .posteriorMean: ""
    case .monteCarlo(let sampleCount, _): ", averaged over \(sampleCount) draws"
    case .momentPropagation: ", by one pass of means and variances"
    }
  }

  /// What JSON calls it.
  var name: String {
    switch self {
    case .posteriorMean: "posterior-mean"
    case .monteCarlo: "monte-carlo"
    case .momentPropagation: "one-pass"
    }
  }
}
