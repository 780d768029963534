import ArgumentParser
import BBBPruning

/// What `export` refuses before it reads a file: options that do not go together.
extension ExportCommand {
  func validate() throws {
    try OutputPaths.checkName(output)
    guard isModel || isGraph || denseFormat != nil else {
      throw ValidationError("'\(output)' should end in .bbbz, .safetensors, .npz or .onnx.")
    }
    if isGraph { try checkGraph() }
    try sparsity?.check(pruning)
    try pruning.check([usualCriterion])
    if frontier.maxErrorIncrease != nil, criterion == .conditional {
      throw ValidationError(
        "'--max-error-increase' searches by criteria that look at weights alone: leave out '--criterion conditional'."
      )
    }
    try calibration.check([usualCriterion], pruning)
    try checkGoal()
    if denseFormat != nil, values.values != nil || values.precision != nil {
      throw ValidationError(
        "'--values' and '--precision' are not for dense tensors, which keep the checkpoint's type."
      )
    }
    if compact, isModel || denseFormat != nil && !pruning.units {
      throw ValidationError(
        "'--compact' is for .onnx, or with '--units' for dense tensors (.safetensors, .npz): a .bbbz leaves out "
          + "removed units anyway.")
    }
    if let masks {
      guard !isModel else {
        throw ValidationError(
          "'--masks' is for dense tensors, .safetensors or .npz: a .bbbz holds no removed weights.")
      }
      guard DenseFormat(path: masks) != nil else {
        throw ValidationError("'--masks \(masks)' should end in .safetensors or .npz.")
      }
    }
    if frontier.maxErrorIncrease != nil, pruning.units {
      throw ValidationError(
        "'--max-error-increase' searches among single weights: leave out '--units'.")
    }
    if frontier.maxErrorIncrease != nil, !isModel || values.values != nil {
      throw ValidationError("'--max-error-increase' searches among quantised .bbbz files.")
    }
    try checkData()
  }

  /// Checks that something says how much to remove.
  private func checkGoal() throws {
    if frontier.goal != nil {
      let option = frontier.maxBytes == nil ? "--max-divergence" : "--max-bytes"
      guard calibration.conditions else {
        throw ValidationError(
          "'\(option)' looks at the outputs on inputs: add '--calibrate mnist' or '--calibrate FILE'"
            + (calibration.condition ? "." : ", without '--no-condition'."))
      }
      guard isModel else {
        throw ValidationError("'\(option)' searches among rounded .bbbz files.")
      }
      if values.values != nil || values.precision != nil {
        throw ValidationError(
          "'\(option)' chooses how to round: leave out '\(values.values == nil ? "--precision" : "--values")'."
        )
      }
    }
    guard sparsity == nil, frontier.maxErrorIncrease == nil else { return }
    guard roundsByConditioning else {
      throw ValidationError(
        "Say how much to remove: '--sparsity 0.95'; or give inputs to judge by: '--calibrate mnist' or '--calibrate FILE'"
          + " for a .bbbz, '--max-error-increase 0.1' with labelled data.")
    }
    guard usualCriterion == .conditional else {
      throw ValidationError(
        "Say how much to remove: '--sparsity 0.95'. Without, single weights go by '--criterion conditional'."
      )
    }
  }

  /// Checks what a graph takes.
  private func checkGraph() throws {
    guard compact || graphPath != nil else {
      throw ValidationError(
        pruning.units
          ? "Without the graph ('--network mean.onnx') a new one is written: add '--compact'."
          : "A graph is written from the one that '--network' gives: add '--network mean.onnx', or '--compact' for a new one."
      )
    }
    let refused: [(option: String, isGiven: Bool, reason: String)] = [
      ("--masks", masks != nil, "removed weights are zeros in it, or gone"),
      ("--keep-uncertainty", keepUncertainty, "a graph has no place for σ"),
      (
        "--prune-biases", pruning.pruneBiases && !compact && !calibration.conditions,
        "weights alone become zeros; '--compact' removes biases"
      ),
      (
        "--precision", values.precision != nil,
        "a graph holds floats; write a .bbbz and convert it ('bbbprune convert')"
      ),
      (
        "--max-error-increase", frontier.maxErrorIncrease != nil,
        "the search is among .bbbz files; write one and convert it ('bbbprune convert')"
      ),
    ]
    if let refusal = refused.first(where: \.isGiven) {
      throw ValidationError("'\(refusal.option)' is not for .onnx: \(refusal.reason).")
    }
  }

  /// Checks that data are given where they are needed, and only there.
  private func checkData() throws {
    try dataset.checkInputOptions(calibrate: calibration.file)
    if frontier.maxErrorIncrease != nil {
      guard dataset.dataset != nil || dataset.images != nil || dataset.data != nil else {
        throw ValidationError(
          "'--max-error-increase' needs data to measure errors on, such as '--dataset mnist'.")
      }
      guard calibration.calibrate == nil else {
        throw ValidationError(
          "'--max-error-increase' measures errors: leave out '--calibrate'.")
      }
      return
    }
    guard dataset.images == nil else {
      throw ValidationError(
        "'--images' is for '--max-error-increase': to calibrate by inputs, give '--calibrate FILE'."
      )
    }
    guard dataset.dataset == nil else {
      throw ValidationError(
        "'--dataset' is for '--max-error-increase': to calibrate by its training examples, give '--calibrate "
          + "\(dataset.dataset?.rawValue ?? "mnist")'.")
    }
    guard dataset.data == nil || calibration.calibrate != nil && calibration.file == nil else {
      throw ValidationError(
        "'--data' says where datasets are: name one with '--calibrate', such as '--calibrate mnist'."
      )
    }
    guard !calibration.keepNoise || isModel && keepUncertainty else {
      throw ValidationError(
        "'--keep-noise' is for a .bbbz that holds σ: add '--keep-uncertainty', or leave it out.")
    }
    guard calibration.calibrate == nil || calibration.condition || isModel && values.values == nil
    else {
      throw ValidationError(
        "'--calibrate' with '--no-condition' is for rounding, and nothing is rounded here: leave out one of them."
      )
    }
  }
}
