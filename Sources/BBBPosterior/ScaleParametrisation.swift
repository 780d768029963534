import CBBBLibc

/// How a standard deviation σ is computed from the number x a file stores for it.
public enum ScaleParametrisation: Equatable, Sendable {
  /// σ = x.
  case standardDeviation
  /// σ = log(1 + exp x) + offset (Blundell et al. 2015, section 3.2, where x is ρ and offset is 0).
  case softplus(offset: Double = 0)
  /// σ = exp x.
  case logStandardDeviation
  /// σ = exp(x/2).
  case logVariance
  /// σ = exp(c/2), where c = x/√(1 + (x/bound)²), x clipped softly.
  case softClippedLogVariance(bound: Double)
  /// σ = √x.
  case variance
  /// σ = 1/√x.
  case precision
  /// σ = x².
  case square
  /// σ = √(x − μ²), x the mean of the weight's square (Maddox et al. 2019, "SWAG"); where rounding leaves
  /// less, 10⁻³⁰ takes the place of x − μ², as in the authors' code.
  case secondMoment
  /// σ = 1/√(λ·(x + δ)), x the estimated Hessian (Shen et al. 2024, "IVON", algorithm 1).
  case ivon(effectiveSampleSize: Double, weightDecay: Double)
  /// σ = 1/√(factor·x + precision), x the curvature (Daxberger et al. 2021, "Laplace Redux").
  case laplace(curvatureFactor: Double, priorPrecision: Double)

  /// The standard deviation that a stored number stands for; for ``secondMoment`` that of a weight with
  /// mean 0.
  ///
  /// - Parameter x: The stored number.
  /// - Returns: σ; not positive, infinite or not a number where the stored number makes no sense.
  public func standardDeviation(_ x: Double) -> Double {
    switch self {
    case .standardDeviation: x
    case .softplus(let offset): logOnePlusExp(x) + offset
    case .logStandardDeviation: exp(x)
    case .logVariance: exp(0.5 * x)
    case .softClippedLogVariance(let bound):
      exp(0.5 * x / (1 + (x / bound) * (x / bound)).squareRoot())
    case .variance: x.squareRoot()
    case .precision: 1 / x.squareRoot()
    case .square: x * x
    case .secondMoment: secondMomentDeviation(x, mean: 0)
    case .ivon(let effectiveSampleSize, let weightDecay):
      1 / (effectiveSampleSize * (x + weightDecay)).squareRoot()
    case .laplace(let curvatureFactor, let priorPrecision):
      1 / (curvatureFactor * x + priorPrecision).squareRoot()
    }
  }

  /// Replaces stored numbers by the standard deviations they stand for.
  func convert(_ values: inout [Double]) {
    // One loop for each formula keeps the choice of the formula out of the loop.
    switch self {
    case .standardDeviation: break
    case .softplus(let offset):
      for i in values.indices { values[i] = logOnePlusExp(values[i]) + offset }
    case .logStandardDeviation: for i in values.indices { values[i] = exp(values[i]) }
    case .logVariance: for i in values.indices { values[i] = exp(0.5 * values[i]) }
    case .softClippedLogVariance, .variance, .precision, .square, .secondMoment, .ivon, .laplace:
      for i in values.indices { values[i] = standardDeviation(values[i]) }
    }
  }

  /// Replaces stored numbers by the standard deviations of the weights with some means.
  func convert(_ values: inout [Double], means: [Double]) {
    for i in values.indices { values[i] = secondMomentDeviation(values[i], mean: means[i]) }
  }

  /// Whether the means are needed beside the stored numbers.
  var needsMeans: Bool { self == .secondMoment }

  /// The stored number for a removed weight: the one whose standard deviation is 0.
  ///
  /// Never 0 for ρ, which would mean σ = log 2. Exactly 0 cannot be had where an offset is added.
  public var valueForAbsentWeight: Double {
    switch self {
    case .standardDeviation, .variance, .square, .secondMoment: 0
    case .softplus, .logStandardDeviation, .logVariance: -.infinity
    // Softly clipped, no number stands for a deviation of 0: there the mask decides.
    case .softClippedLogVariance: -1000
    case .precision, .ivon, .laplace: .infinity
    }
  }

  /// The quantity that users would name to have it computed so, but for an offset; nil if none.
  var kind: ScaleKind? {
    switch self {
    case .standardDeviation: .standardDeviation
    case .softplus: .rho
    case .logStandardDeviation: .logStandardDeviation
    case .logVariance: .logVariance
    case .variance: .variance
    case .precision: .precision
    case .square: .root
    case .softClippedLogVariance, .secondMoment, .ivon, .laplace: nil
    }
  }

  /// Whether a stored number, beside a mean of 0, says that the weight was removed earlier.
  ///
  /// σ is then 0, or so small that only a tool that wrote a sentinel such as ρ = −1000 can have meant
  /// it; training does not get there.
  func marksAbsence(_ x: Double) -> Bool {
    switch self {
    case .standardDeviation, .variance, .square, .secondMoment: x == 0
    case .softplus, .logStandardDeviation, .logVariance, .softClippedLogVariance: x <= -100
    case .precision, .ivon, .laplace: x == .infinity
    }
  }

  /// The formula in words a reader of a report understands, such as `σ = log(1 + exp ρ)`.
  public var formula: String {
    switch self {
    case .standardDeviation: "σ as stored"
    case .softplus(0): "σ = log(1 + exp ρ)"
    case .softplus(let offset): "σ = log(1 + exp ρ) + \(short(offset))"
    case .logStandardDeviation: "σ = exp(log σ)"
    case .logVariance: "σ = exp(½ log σ²)"
    case .softClippedLogVariance(let bound):
      "σ = exp(½ log σ²), log σ² softly clipped to ±\(short(bound))"
    case .variance: "σ = √(σ²)"
    case .precision: "σ = 1/√precision"
    case .square: "σ = ρ²"
    case .secondMoment: "σ² = E[w²] − E[w]²"
    case .ivon(let effectiveSampleSize, let weightDecay):
      "σ = 1/√(\(short(effectiveSampleSize))·(h + \(short(weightDecay))))"
    case .laplace(1, let priorPrecision): "σ = 1/√(H + \(short(priorPrecision)))"
    case .laplace(let curvatureFactor, let priorPrecision):
      "σ = 1/√(\(short(curvatureFactor))·H + \(short(priorPrecision)))"
    }
  }
}

/// √(x − μ²), or 10⁻¹⁵ where rounding left nothing of a difference of two means; not a number stays so.
private func secondMomentDeviation(_ x: Double, mean: Double) -> Double {
  let variance = x - mean * mean
  return variance < 1e-30 ? 1e-15 : variance.squareRoot()
}

/// log(1 + exp x), to rounding for every x: nothing overflows and small results keep their digits.
private func logOnePlusExp(_ x: Double) -> Double {
  x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}

/// A number without the digits that only its storage as single precision added.
private func short(_ x: Double) -> String {
  let text = Double(Float(x)) == x ? "\(Float(x))" : "\(x)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
