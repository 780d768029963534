import BBBNetwork

/// What predictions ask of their arguments, once for each call.
extension CompactModel {
  /// The number of examples that inputs are.
  ///
  /// - Parameter count: How many numbers there are.
  /// - Returns: Their number.
  /// - Throws: ``CompactModelError`` unless they are whole examples.
  func exampleCount(ofInputs count: Int) throws(CompactModelError) -> Int {
    try Self.exampleCount(ofInputs: count, inputCount: inputCount)
  }

  /// The number of examples that inputs of a network are.
  ///
  /// - Parameters:
  ///   - count: How many numbers there are.
  ///   - inputCount: The numbers of one example.
  /// - Returns: Their number.
  /// - Throws: ``CompactModelError`` unless they are whole examples.
  package static func exampleCount(
    ofInputs count: Int, inputCount: Int
  ) throws(CompactModelError) -> Int {
    guard count.isMultiple(of: inputCount) else {
      throw CompactModelError(
        .mismatched,
        "\(count) numbers are not whole examples, which have \(inputCount) inputs each; give all inputs "
          + "of one example, then those of the next")
    }
    return count / inputCount
  }

  func check(
    _ outputs: borrowing MutableSpan<Float>, exampleCount: Int
  ) throws(CompactModelError) {
    let needed = exampleCount * outputCount
    guard outputs.count == needed else {
      throw CompactModelError(
        .mismatched,
        "there is room for \(outputs.count) outputs, and the examples have \(needed): \(exampleCount) times "
          + "\(outputCount); give room for exactly these")
    }
  }

  func check(_ workspace: borrowing Workspace) throws(CompactModelError) {
    guard workspace.suits(self) else {
      throw CompactModelError(
        .mismatched,
        "the workspace was made for a smaller model; make one for this model by Workspace(for:)")
    }
  }

  package func checkUncertainty() throws(CompactModelError) {
    guard hasUncertainty else {
      throw CompactModelError(
        .withoutUncertainty,
        "the model holds no standard deviations; predict by .posteriorMean, or export the model with "
          + "'--keep-uncertainty'")
    }
  }

  /// Checks that means and variances can be passed through the network.
  func checkMoments() throws(CompactModelError) {
    if let obstacle = network.momentObstacle {
      throw CompactModelError(.withoutMoments, "\(obstacle); predict by .monteCarlo")
    }
  }

  /// Checks that outputs can be taken for something.
  static func check(
    _ meaning: OutputMeaning, outputCount: Int
  ) throws(CompactModelError) {
    if let obstacle = outputObstacle(meaning, outputCount: outputCount) {
      throw CompactModelError(
        .mismatched, "the outputs cannot be taken for \(meaning): \(obstacle)")
    }
  }
}

extension OutputDistribution {
  /// The distribution over classes.
  ///
  /// - Throws: ``CompactModelError`` if the network predicts numbers.
  func requiredClasses() throws(CompactModelError) -> PredictiveDistribution {
    guard let classes else {
      throw CompactModelError(
        .mismatched,
        "the network predicts numbers, not classes; ask for its outputDistribution")
    }
    return classes
  }
}
