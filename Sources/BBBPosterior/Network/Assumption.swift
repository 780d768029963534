import BBBNetwork

/// What is taken for granted about a network where neither its file nor the user says so.
public enum Assumption: Hashable, Sendable {
  /// That the layers follow one another, as nothing but their sizes says.
  case chain
  /// The function between layers.
  case activation(Activation)
  /// The factor that bytes are multiplied by: one over a whole number.
  case inputFactor(Double)
  /// What the outputs are.
  case output(OutputMeaning)

  /// What is assumed, and the option that says otherwise.
  public var text: String {
    switch self {
    case .chain: "layers follow one another as their sizes do (--layers)"
    case .activation(let activation): "\(activation.rawValue) between layers (--activation)"
    case .inputFactor(let factor):
      "bytes divided by \(Int((1 / factor).rounded())) (--input-scale)"
    case .output(let output): "outputs are \(output) (--output)"
    }
  }
}

extension Network {
  /// The activation to run with: what is said, else relu.
  public var activationToRun: Activation { activation ?? .relu }
  /// The scaling to run with: what is said, else pixels 0…255 become 0…1.
  public var inputScalingToRun: InputScaling { inputScaling ?? .pixels }

  /// What to take the outputs for: what is said, else classes.
  ///
  /// - Parameter outputCount: The outputs of the last layer.
  /// - Returns: The meaning; `nil` where nothing is said of a single output, which may be a number or a
  ///   probability.
  public func outputToRun(outputCount: Int) -> OutputMeaning? {
    output ?? (outputCount > 1 ? .classes : nil)
  }

  /// What is assumed when the network is run; empty if all is said, or it cannot be run.
  public var assumptions: [Assumption] {
    guard let layerSizes else { return [] }
    var assumptions: [Assumption] = chainIsAssumed ? [.chain] : []
    // Nothing is between the layers of a network that has one.
    if activation == nil, layerSizes.count > 2 { assumptions.append(.activation(activationToRun)) }
    if !saysInputFactor { assumptions.append(.inputFactor(inputScalingToRun.factor)) }
    if output == nil, let assumed = outputToRun(outputCount: layerSizes[layerSizes.count - 1]) {
      assumptions.append(.output(assumed))
    }
    return assumptions
  }
}
