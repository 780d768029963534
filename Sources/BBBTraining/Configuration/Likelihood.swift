import BBBNetwork

/// What a network's outputs say about the target of an example.
public enum Likelihood: Hashable, Codable, Sendable {
  /// The outputs are the logits of a softmax over classes.
  case categorical
  /// The single output is the logit of class 1 of two: a Bernoulli distribution.
  case binary
  /// The outputs are the means of Gaussians with one standard deviation, which is given.
  case gaussian(deviation: Double)

  /// What the outputs of a network that learns by it are.
  public var output: OutputMeaning {
    switch self {
    case .categorical: .classes
    case .binary: .binary
    case .gaussian(let deviation): .numbers(noiseDeviation: deviation)
    }
  }

  /// What checkpoints and reports call it.
  public var name: String {
    switch self {
    case .categorical: "categorical"
    case .binary: "binary"
    case .gaussian(let deviation): "gaussian \(deviation)"
    }
  }
}
