import BBBTensors
import CBBBLibc

/// Weights with ρ = 0: what is left by a script that prunes by setting ρ to zero, with μ or without.
///
/// ρ = 0 does not mean σ = 0 but σ = log(1 + exp 0) = ln 2 ≈ 0.69, and log σ = 0 means σ = 1: such weights
/// are not gone, but the noisiest of the network. (BPrune, of Sharma and Jennings 2020, and other public
/// scripts prune so.)
///
/// Where μ was left alone, ρ = 0 tells only if it is exactly 0 while other weights of the tensor have
/// another ρ: training does not come to exactly one number in many weights. (A ρ that is 0 throughout is what
/// training began with, or a layer that it left alone.) log σ = 0 does not tell without μ = 0, since
/// σ = 1 may be the prior's, where training leaves weights that nothing reaches; nor does a σ of ln 2 in
/// half precision, to which many others round.
struct ResetWeights {
  /// The number of such weights.
  private(set) var count = 0
  /// How many of them have μ = 0 too.
  private var zeroMeanCount = 0
  /// The number of all weights that have standard deviations.
  private(set) var weightCount = 0
  /// The standard deviation that they really have, in words.
  private var deviation = ""

  /// Counts such weights; reads all of a tensor only if a sample holds any.
  ///
  /// - Parameter layers: Whose weights to look at.
  /// - Throws: ``PosteriorError`` if a tensor cannot be read.
  init(_ layers: [PosteriorParameter]) throws(PosteriorError) {
    for weight in layers.map(\.weight) {
      guard let parametrisation = weight.parametrisation else { continue }
      weightCount += weight.count
      guard weight.reset != nil else { continue }
      var found = false
      for range in weight.mean.sampleRuns where !found {
        found = try weight.resetCounts(in: range).any > 0
      }
      guard found else { continue }
      var counts = (any: 0, withZeroMean: 0)
      for start in stride(from: 0, to: weight.count, by: Self.runLength) {
        let part = try weight.resetCounts(in: start..<min(start + Self.runLength, weight.count))
        counts.any += part.any
        counts.withZeroMean += part.withZeroMean
      }
      if counts.any == weight.count { counts.any = counts.withZeroMean }
      guard counts.any > 0 else { continue }
      count += counts.any
      zeroMeanCount += counts.withZeroMean
      deviation = parametrisation.deviationOfReset
    }
  }

  fileprivate static let runLength = 1 << 16

  /// What happened and what to do, as a sentence; `nil` if the weights are too few for a pruning, or all
  /// there are, as before training.
  var warning: String? {
    guard count * 100 >= weightCount, count < weightCount else { return nil }
    let percent = Double(count) / Double(weightCount) * 100
    let tenths = Int((percent * 10).rounded())
    let share = "\(count) of \(weightCount) weights (\(tenths / 10).\(tenths % 10) %)"
    let (what, zeroed) =
      zeroMeanCount == count
      ? ("\(share) have μ = 0 and \(deviation)", "μ and the number that σ is computed from")
      : ("\(share) have exactly \(deviation), while others have not", "ρ")
    return """
      \(what): a script seems to have pruned them by setting \(zeroed) to 0, which \
      leaves them as noise instead of removing them; read them as removed with \
      --removed-by-rho-zero, or prune the checkpoint from before
      """
  }
}

/// Which of the weights that a script reset are read as removed; see ``ResetWeights``.
package enum ResetRule: Sendable {
  case none
  /// Those with a mean of 0.
  case zeroMean
  /// All with ρ = 0, whatever their mean.
  case anyMean
}

extension GaussianTensor {
  /// The stored numbers that, beside a mean of 0, say that a weight was reset rather than removed; `nil`
  /// where none does, or a mask says what was removed.
  var reset: ClosedRange<Double>? {
    guard let scale, let parametrisation, mask == nil else { return nil }
    switch parametrisation {
    case .softplus, .logStandardDeviation, .logVariance: return 0...0
    case .standardDeviation:
      // What such a ρ became where σ itself was saved, to rounding in the tensor's precision.
      let rounding = scale.elementType.relativeRounding
      return log(2) * (1 - rounding)...log(2) * (1 + rounding)
    default: return nil
    }
  }

  /// The stored numbers that say so whatever the mean, if other weights of the tensor have others; `nil`
  /// where none does.
  var resetWithAnyMean: ClosedRange<Double>? {
    switch parametrisation {
    case .softplus: reset
    case .standardDeviation:
      scale?.elementType == .float32 || scale?.elementType == .float64 ? reset : nil
    default: nil
    }
  }

  /// The number of reset weights at some positions, and of those with a mean of 0.
  fileprivate func resetCounts(
    in range: Range<Int>
  ) throws(PosteriorError) -> (any: Int, withZeroMean: Int) {
    guard let scale, let reset else { return (0, 0) }
    let stored = try read(scale, in: range)
    guard stored.contains(where: reset.contains) else { return (0, 0) }
    let withZeroMean = zip(try read(mean, in: range), stored).count {
      $0 == 0 && reset.contains($1)
    }
    let any = resetWithAnyMean.map { stored.count(where: $0.contains) }
    return (any ?? withZeroMean, withZeroMean)
  }

  /// Which of the tensor's weights were reset: those with ρ = 0 whatever their mean, unless all have.
  ///
  /// - Throws: ``PosteriorError`` if the tensor cannot be read.
  func resetRule() throws(PosteriorError) -> ResetRule {
    guard let scale, let reset = resetWithAnyMean else { return .zeroMean }
    for start in stride(from: 0, to: count, by: ResetWeights.runLength) {
      let end = min(start + ResetWeights.runLength, count)
      let stored = try read(scale, in: start..<end)
      if !stored.allSatisfy(reset.contains) { return .anyMean }
    }
    return .zeroMean
  }
}

extension ScaleParametrisation {
  /// The standard deviation of a reset weight, in words.
  fileprivate var deviationOfReset: String {
    switch self {
    case .logStandardDeviation: "log σ = 0, which means σ = 1"
    case .logVariance: "log σ² = 0, which means σ = 1"
    case .standardDeviation: "σ = ln 2 = 0.69, which is what ρ = 0 means"
    default: "ρ = 0, which means σ = ln 2 = 0.69"
    }
  }
}

extension ElementType {
  /// By how much storing a number may change it, relatively, a rounding or two before included.
  fileprivate var relativeRounding: Double {
    switch self {
    case .bfloat16: 0x1p-7
    case .float16: 0x1p-10
    // Doubles are often computed from single precision.
    default: 0x1p-22
    }
  }
}
