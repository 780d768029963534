import CBBBLibc

/// The function that follows a layer, applied to each of its outputs.
public enum Activation: String, CaseIterable, Sendable {
  /// x.
  case none
  /// max(0, x).
  case relu
  /// x where positive, else x/100: the slope that PyTorch and Keras' successors use by default.
  case leakyRelu = "leaky-relu"
  /// x where positive, else eˣ − 1 (Clevert et al. 2016, α = 1).
  case elu
  /// λx where positive, else λα(eˣ − 1), λ = 1.0507…, α = 1.6733… (Klambauer et al. 2017).
  case selu
  /// xΦ(x), Φ the standard normal distribution function (Hendrycks & Gimpel 2016).
  case gelu
  /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), the approximation of ``gelu`` that JAX and Keras may mean.
  case geluTanh = "gelu-tanh"
  /// x/(1 + e⁻ˣ), also called swish.
  case silu
  /// tanh x.
  case tanh
  /// 1/(1 + e⁻ˣ).
  case sigmoid
  /// log(1 + eˣ).
  case softplus
  /// x · min(max(x + 3, 0), 6)/6 (Howard et al. 2019).
  case hardSwish = "hard-swish"
  /// min(max(x, 0), 6).
  case relu6
  /// eˣ.
  case exponential
  /// The natural logarithm; −∞ of 0, and no number below.
  case logarithm
  /// √x; no number below 0.
  case squareRoot = "square-root"
  /// 2/√π ∫₀ˣ exp(−t²) dt.
  case errorFunction = "error-function"
  /// |x|.
  case absolute
  /// −1 below 0, 1 above, 0 at 0.
  case sign
  /// The largest integer that is not above x.
  case floor
  /// The smallest integer that is not below x.
  case ceiling
  /// The nearest integer; of two the even one.
  case round
  /// sin x.
  case sine
  /// cos x.
  case cosine

  /// The slope of ``leakyRelu`` below zero.
  public static let leakySlope = 0.01
  /// λ of ``selu``.
  public static let seluScale = 1.0507009873554804934193349852946
  /// α of ``selu``.
  public static let seluAlpha = 1.6732632423543772848170429916717

  /// Applies the function to one number, in double precision.
  ///
  /// - Parameter x: Any number.
  /// - Returns: The value; NaN for NaN.
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .none: x
    case .relu: x.isNaN ? x : max(0, x)
    case .leakyRelu: x >= 0 ? x : Self.leakySlope * x
    case .elu: x >= 0 ? x : expm1(x)
    case .selu: Self.seluScale * (x >= 0 ? x : Self.seluAlpha * expm1(x))
    case .gelu: x == -.infinity ? 0 : 0.5 * x * erfc(-x * 0.5.squareRoot())
    case .geluTanh:
      // As a sigmoid, which does not cancel where x is far below zero.
      x == -.infinity
        ? 0 : x * Self.logistic(2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))
    case .silu: x == -.infinity ? 0 : x * Self.logistic(x)
    case .tanh: CBBBLibc.tanh(x)
    case .sigmoid: Self.logistic(x)
    case .softplus: max(x, 0) + log1p(exp(-x.magnitude))
    case .hardSwish: x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6
    case .relu6: x.isNaN ? x : min(max(0, x), 6)
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .squareRoot: x.squareRoot()
    case .errorFunction: erf(x)
    case .absolute: x.magnitude
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .sine: sin(x)
    case .cosine: cos(x)
    }
  }

  /// Whether the function jumps, so that a rounding error before it can become a whole step.
  public var jumps: Bool {
    switch self {
    case .sign, .floor, .ceiling, .round: true
    default: false
    }
  }

  /// Whether finite numbers have finite values, in single precision; else a value that is the same for every input is no number
  /// perhaps, and is no bias that anything could be folded into.
  public var keepsFinite: Bool {
    switch self {
    case .exponential, .logarithm, .squareRoot: false
    default: true
    }
  }

  private static func logistic(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }
}
