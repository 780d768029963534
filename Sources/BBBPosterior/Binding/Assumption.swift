import BBBNetwork

/// What is taken for granted about a network where neither its file nor the user says so.
public enum Assumption: Hashable, Sendable {
  /// That the layers follow one another, as nothing but their sizes says.
  case chain
  /// That the weights of a described network are those of their shapes, whose names are others.
  case shapes
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
    case .shapes: "the network's weights are those of their shapes (--network)"
    case .activation(let activation): "\(activation.rawValue) between layers (--activation)"
    case .inputFactor(let factor):
      "bytes divided by \(Int((1 / factor).rounded())) (--input-scale)"
    case .output(let output): "outputs are \(output) (--output)"
    }
  }
}
