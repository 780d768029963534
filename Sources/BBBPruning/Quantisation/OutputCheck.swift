import BBBInference

/// Compares quantised networks with the network that pruning leaves, by their outputs.
struct OutputCheck {
  /// Up to which ``OutputChange`` a file is acceptable.
  let ceiling: Double
  /// Whether the inputs are of the kind that the network is for, and not synthetic.
  let isCalibrated: Bool
  private let comparisons: [(inputs: ComparisonInputs, outputs: [Float])]
  private let outputChange: OutputChange

  /// Runs the network that pruning leaves.
  ///
  /// - Parameters:
  ///   - model: What pruning leaves, not quantised.
  ///   - trial: On which inputs.
  init(against model: CompactModel, on trial: OutputTrial) {
    outputChange = OutputChange(meaning: model.output, outputCount: model.outputCount)
    comparisons = trial.comparisons(model, outputChange)
    ceiling = trial.ceiling(for: comparisons[0].outputs, outputChange)
    isCalibrated = trial.isCalibrated
  }

  /// The change of the outputs: the largest over the kinds of inputs; not a number if an output is none.
  func change(of model: CompactModel) -> Double {
    comparisons.map {
      outputChange.measure(from: $0.outputs, to: $0.inputs.outputs(of: model))
    }.largest
  }
}
