import BBBKernels
import CBBBKernels

extension TrainedNetwork {
  /// Applies a value's activation to a piece that its node has computed, and leaves out what is to be left out.
  func finishOutput(
    of value: TrainedValue, rows: Int, first: Int, count: Int, _ mode: PassMode
  ) {
    switch value.activation {
    case .none:
      if let slope = value.slope, mode.step != nil {
        for row in 0..<rows {
          (slope.start + row * value.width + first).update(repeating: 1, count: count)
        }
      }
    case .relu:
      for row in 0..<rows {
        let output = value.output.start + row * value.width + first
        // A comparison that keeps NaN, so that a diverging run is noticed.
        for unit in 0..<count { output[unit] = output[unit] < 0 ? 0 : output[unit] }
      }
    default:
      for row in 0..<rows {
        let place = row * value.width + first
        let slope = mode.step == nil ? nil : value.slope.map { $0.start + place }
        activate(value, value.output.start + place, slope: slope, count: count)
      }
    }
    if let dropout = value.dropout, let step = mode.step {
      leaveOut(
        value, rows: rows, first: first, count: count, probability: hiddenDropout,
        stream: dropout, step: step)
    }
  }

  /// Makes of the gradient of a piece of a value that of what its node computes.
  func finishGradient(of value: TrainedValue, rows: Int, first: Int, count: Int) {
    guard let gradient = value.gradient, value.slope != nil || value.activation == .relu else {
      return
    }
    for row in 0..<rows {
      let place = row * value.width + first
      let gradient = gradient.start + place
      if let slope = value.slope {
        let slope = slope.start + place
        for unit in 0..<count { gradient[unit] *= slope[unit] }
      } else {
        let output = value.output.start + place
        // A unit that was left out has output 0, like one that was rectified.
        let scale = value.dropout == nil ? 1 : Self.scale(dropout: hiddenDropout)
        for unit in 0..<count {
          // Computed in any case, so that there is no branch.
          let product = gradient[unit] * scale
          gradient[unit] = output[unit] == 0 ? 0 : product
        }
      }
    }
  }

  /// Applies an activation to some numbers of one row, and writes its derivatives.
  private func activate(
    _ value: TrainedValue, _ numbers: UnsafeMutablePointer<Float>,
    slope: UnsafeMutablePointer<Float>?, count: Int
  ) {
    guard let kernel = value.activation.kernelValue else { return }
    guard let slope else {
      bbb_activate(instructionSet, kernel, count, numbers)
      return
    }
    slope.update(from: numbers, count: count)
    bbb_activate(instructionSet, kernel, count, numbers)
    for unit in 0..<count {
      slope[unit] = value.activation.derivative(at: slope[unit], value: numbers[unit])
    }
  }
}
