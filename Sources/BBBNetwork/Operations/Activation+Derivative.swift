import CBBBLibc

extension Activation {
  /// The function's derivative; where it has none, one of those beside.
  ///
  /// - Parameters:
  ///   - x: Where.
  ///   - y: The function's value there.
  /// - Returns: The derivative.
  package func derivative(at x: Float, value y: Float) -> Float {
    switch self {
    case .none: return 1
    case .relu: return y > 0 ? 1 : 0
    case .leakyRelu: return x >= 0 ? 1 : Float(Self.leakySlope)
    case .elu: return x >= 0 ? 1 : y + 1
    case .selu: return x >= 0 ? Float(Self.seluScale) : y + Float(Self.seluScale * Self.seluAlpha)
    case .gelu:
      let density = expf(-x * x / 2) * Float(1 / (2 * Double.pi).squareRoot())
      return erfcf(-x * Float(0.5.squareRoot())) / 2 + (density == 0 ? 0 : x * density)
    case .geluTanh:
      // x σ(2u) with u = √(2/π)(x + 0.044715x³).
      let scale = Float(2 * (2 / Double.pi).squareRoot())
      let share = Self.logistic(scale * (x + 0.044715 * x * x * x))
      let bend = share * (1 - share)
      return bend == 0 ? share : share + x * bend * scale * (1 + 3 * 0.044715 * x * x)
    case .silu:
      let share = Self.logistic(x)
      return share + (share == 0 ? 0 : y * (1 - share))
    case .tanh: return (1 - y) * (1 + y)
    case .sigmoid: return y * (1 - y)
    // 1 − e⁻ʸ is the logistic function of x.
    case .softplus: return -expm1f(-y)
    case .hardSwish: return x < -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6
    case .relu6: return y > 0 && x < 6 ? 1 : 0
    case .exponential: return y
    case .logarithm: return 1 / x
    case .squareRoot: return 0.5 / y
    case .errorFunction: return expf(-x * x) * Float(2 / Double.pi.squareRoot())
    case .absolute: return x < 0 ? -1 : 1
    case .sign, .floor, .ceiling, .round: return 0
    case .sine: return cosf(x)
    case .cosine: return -sinf(x)
    }
  }

  private static func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
}
