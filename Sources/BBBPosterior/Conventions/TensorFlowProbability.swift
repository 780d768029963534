import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// TensorFlow Probability's Flipout and reparametrisation layers; biases are certain by default.
  static let tensorFlowProbability = ConventionReader(
    name: "TensorFlow Probability", layout: .fixed(.inputOutput),
    pairs: tensorFlowProbabilityPairs(ending: ":0"), tensorFlowProbabilityPairs(ending: ""))
}

/// The rules with or without the output index that TensorFlow appends to a variable's name.
private func tensorFlowProbabilityPairs(ending: String) -> PairConvention {
  PairConvention(
    ["kernel", "bias"].map { parameter in
      PairRule(
        mean: "\(parameter)_posterior_loc\(ending)",
        scale: "\(parameter)_posterior_untransformed_scale\(ending)",
        parameter: parameter, isScaleOptional: parameter == "bias")
    },
    { (scale, _) throws(PosteriorError) in
      .softplus(offset: machineEpsilon(of: scale.elementType))
    })
}

/// What the library adds to every standard deviation: `np.finfo(dtype).eps`.
func machineEpsilon(of type: ElementType) -> Double {
  switch type {
  case .float64: .ulpOfOne
  case .float16: 0x1p-10
  case .bfloat16: 0x1p-7
  case .float32, .other: Double(Float.ulpOfOne)
  }
}
