import BBBTensors

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Weights with μ = 0 and ρ = 0: what is left by a script that prunes by setting both to zero.
///
/// ρ = 0 does not mean σ = 0 but σ = log(1 + exp 0) = ln 2 ≈ 0.69, and log σ = 0 means σ = 1: such weights
/// are not gone, but the noisiest of the network. (BPrune, of Sharma and Jennings 2020, and other public
/// scripts prune so.)
struct ResetWeights {
  /// The number of such weights.
  private(set) var count = 0
  /// The number of all weights.
  private(set) var weightCount = 0
  /// The standard deviation that they really have, in words.
  private var deviation = ""

  /// Counts such weights; reads all of a tensor only if a sample holds any.
  ///
  /// - Parameter layers: Whose weights to look at.
  /// - Throws: ``PosteriorError`` if a tensor cannot be read.
  init(_ layers: [PosteriorLayer]) throws(PosteriorError) {
    for weight in layers.map(\.weight) {
      weightCount += weight.count
      guard let parametrisation = weight.parametrisation, weight.reset != nil else { continue }
      var found = 0
      for range in Self.sample(weight.count) where found == 0 {
        found += try weight.resetCount(in: range)
      }
      guard found > 0 else { continue }
      for start in stride(from: 0, to: weight.count, by: Self.runLength) {
        count += try weight.resetCount(in: start..<min(start + Self.runLength, weight.count))
      }
      deviation = parametrisation.deviationOfReset
    }
  }

  private static let runLength = 1 << 16
  private static let sampleRuns = 64
  private static let sampleLength = 1 << 10

  /// Runs of neighbours, spread evenly; all there is of a small tensor.
  private static func sample(_ count: Int) -> [Range<Int>] {
    guard count > sampleRuns * sampleLength else { return [0..<count] }
    return (0..<sampleRuns).map { run in
      let start = (count - sampleLength) / (sampleRuns - 1) * run
      return start..<start + sampleLength
    }
  }

  /// What happened and what to do, as a sentence; `nil` if the weights are too few for a pruning, or all
  /// there are, as before training.
  var warning: String? {
    guard count * 100 >= weightCount, count < weightCount else { return nil }
    let percent = Double(count) / Double(weightCount) * 100
    let tenths = Int((percent * 10).rounded())
    return """
      \(count) of \(weightCount) weights (\(tenths / 10).\(tenths % 10) %) have μ = 0 and \(deviation): \
      a script seems to have pruned them by setting μ and the number that σ is computed from to 0, which \
      leaves them as noise instead of removing them; read them as removed with \
      --removed-by-rho-zero, or prune the checkpoint from before
      """
  }
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
    case .ivon, .laplace: return nil
    }
  }

  /// The number of reset weights at some positions.
  fileprivate func resetCount(in range: Range<Int>) throws(PosteriorError) -> Int {
    guard let scale, let reset else { return 0 }
    let means = try read(mean, in: range)
    guard means.contains(0) else { return 0 }
    let stored = try read(scale, in: range)
    return zip(means, stored).count { $0 == 0 && reset.contains($1) }
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
