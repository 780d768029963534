import BBBKernels
import CBBBKernels

extension TrainingConfiguration {
  /// Whether hidden units are left out at random.
  var leavesOutHiddenUnits: Bool {
    if case .pointEstimate(let settings) = method { settings.hiddenDropout > 0 } else { false }
  }
}

extension TrainedNetwork {
  /// The probability with which a hidden unit is left out.
  var hiddenDropout: Double {
    if case .pointEstimate(let settings) = configuration.method {
      settings.hiddenDropout
    } else {
      0
    }
  }

  /// What the others are multiplied by where elements are left out with a probability, so that the mean stays.
  static func scale(dropout probability: Double) -> Float { Float(1 / (1 - probability)) }

  /// Leaves out inputs of the network, where the configuration asks for it.
  func dropInputs(rows: Int, step: Int) {
    guard case .pointEstimate(let settings) = configuration.method, settings.inputDropout > 0
    else { return }
    share(width: input.width) { first, count, _ in
      leaveOut(
        input, rows: rows, first: first, count: count, probability: settings.inputDropout,
        stream: 0, step: step)
    }
  }

  /// Sets each element of a piece to zero with a probability, and scales the others so that the mean stays; the
  /// derivatives as well, where the value keeps them.
  func leaveOut(
    _ value: TrainedValue, rows: Int, first: Int, count: Int, probability: Double, stream: Int,
    step: Int
  ) {
    let scale = Self.scale(dropout: probability)
    let threshold = UInt32(probability * 0x1p32)
    let piece = first / Self.pieceWidth
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.pieceWidth) { words in
      guard let base = words.baseAddress else { return }
      for row in 0..<rows {
        let key = NoiseStream.dropout(layer: stream).key(
          seed: configuration.seed, step: step, draw: row << 16 | piece)
        bbb_random_words(instructionSet, key, Self.pieceWidth / 4, base)
        let place = row * value.width + first
        let elements = value.output.start + place
        for unit in 0..<count {
          elements[unit] = words[unit] < threshold ? 0 : elements[unit] * scale
        }
        guard let slope = value.slope else { continue }
        let slopes = slope.start + place
        for unit in 0..<count {
          slopes[unit] = words[unit] < threshold ? 0 : slopes[unit] * scale
        }
      }
    }
  }
}
