import BBBPosterior
import CBBBKernels
import Foundation

@testable import BBBTraining

extension Prior {
  /// The priors that kernels are tested with: those of the paper, and ones that are far out.
  static let samples: [Prior] = [
    .scaleMixture(wideShare: 0.25, wideDeviation: 1, narrowDeviation: exp(-6)),
    .scaleMixture(wideShare: 0.9, wideDeviation: 100, narrowDeviation: 1e-6),
    .gaussian(deviation: 0.7), .closedFormGaussian(deviation: 0.3),
  ]

  var isClosedForm: Bool {
    if case .closedFormGaussian = self { true } else { false }
  }

  /// The derivative of −log P(w).
  func gradient(at w: RoundedNumber) -> RoundedNumber {
    switch self {
    case .gaussian(let deviation), .closedFormGaussian(let deviation):
      return w * RoundedNumber(rounding: 1 / (deviation * deviation))
    case .scaleMixture(let share, let wide, let narrow):
      // Each component pulls with its precision, as far as it is responsible for the weight.
      let precision = RoundedNumber(rounding: 1 / (wide * wide))
      let excess = RoundedNumber(rounding: 1 / (narrow * narrow)) - precision
      let priorOdds = RoundedNumber(rounding: log((1 - share) * wide / (share * narrow)))
      let odds = (priorOdds - 0.5 * excess * (w * w)).exponential
      return w * (odds / (1.0 + odds) * excess + precision)
    }
  }

  /// log P(w), from the densities themselves.
  func logDensity(_ w: Double) -> Double {
    switch self {
    case .gaussian(let deviation), .closedFormGaussian(let deviation):
      return logNormalDensity(w, mean: 0, deviation: deviation)
    case .scaleMixture(let share, let wide, let narrow):
      let a = log(share) + logNormalDensity(w, mean: 0, deviation: wide)
      let b = log(1 - share) + logNormalDensity(w, mean: 0, deviation: narrow)
      return max(a, b) + log1p(exp(-abs(a - b)))
    }
  }
}

/// log N(x | mean, deviation²).
func logNormalDensity(_ x: Double, mean: Double, deviation: Double) -> Double {
  let standardised = (x - mean) / deviation
  return -standardised * standardised / 2 - log(deviation) - log(2 * .pi) / 2
}

/// log(1 + exp ρ).
func softplus(_ rho: Double) -> Double { max(rho, 0) + log1p(exp(-abs(rho))) }

/// One parameter, and what an optimiser remembers of it.
struct OptimizedNumber {
  var value: RoundedNumber
  var momentum: RoundedNumber
  var square: RoundedNumber

  init(_ value: Float, momentum: Float, square: Float) {
    self.value = RoundedNumber(value)
    self.momentum = RoundedNumber(momentum)
    self.square = RoundedNumber(square)
  }

  /// A step as the kernels' header describes it.
  mutating func step(_ gradient: RoundedNumber, _ optimizer: bbb_optimizer, rate: RoundedNumber) {
    let decay = RoundedNumber(optimizer.momentum)
    let squareDecay = RoundedNumber(optimizer.square_decay)
    switch optimizer.kind {
    case bbb_momentum:
      momentum = decay * momentum + gradient
      value = value - rate * momentum
    case bbb_adam:
      momentum = momentum + (1.0 - decay) * (gradient - momentum)
      square = squareDecay * square + (1.0 - squareDecay) * (gradient * gradient)
      value = value - rate * momentum / (square.squareRoot + RoundedNumber(optimizer.epsilon))
    default:
      value = value - rate * gradient
    }
  }
}

/// One weight's posterior, and the step it takes.
///
/// Blundell et al. 2015, equations 3 and 4: f(w, θ) = log q(w|θ) − log P(w)P(D|w), w = μ + σε, ∂w/∂μ = 1, ∂w/∂σ = ε, ∂σ/∂ρ = 1 / (1 + exp −ρ).
struct PosteriorElement {
  var mean: OptimizedNumber
  var rho: OptimizedNumber
  var weight: Float
  var first: Float
  var second: Float

  var deviation: RoundedNumber { rho.value.softplus }

  /// ε, recovered from the draw.
  var noise: RoundedNumber { (RoundedNumber(weight) - mean.value) / deviation }

  /// The gradient of one draw with respect to μ and σ, without that of log q.
  func drawGradient(_ step: bbb_posterior_step, _ prior: Prior) -> (
    mean: RoundedNumber, deviation: RoundedNumber
  ) {
    let weightCost = RoundedNumber(step.complexity_weight)
    var slope = RoundedNumber(first)
    if !prior.isClosedForm {
      slope = slope + weightCost * prior.gradient(at: RoundedNumber(weight))
    }
    return (slope, slope * noise)
  }

  /// Takes the step; `newNoise` is that of `bbb_posterior_step.noise`.
  mutating func take(_ step: bbb_posterior_step, _ prior: Prior, newNoise: Float) {
    let complexityWeight = RoundedNumber(step.complexity_weight)
    let sigma = deviation
    var gradient = (mean: RoundedNumber(first), deviation: RoundedNumber(second))
    switch step.gradient {
    case bbb_gradient_of_draw: gradient = drawGradient(step, prior)
    case bbb_gradient_of_moments:
      // With respect to σ²: dσ² = 2σ dσ.
      gradient.deviation = gradient.deviation * (2.0 * sigma)
      if !prior.isClosedForm {
        let draw = mean.value + sigma * RoundedNumber(newNoise)
        let slope = complexityWeight * prior.gradient(at: draw)
        gradient.mean = gradient.mean + slope
        gradient.deviation = gradient.deviation + slope * RoundedNumber(newNoise)
      }
    default: break
    }
    if prior.isClosedForm {
      // KL[N(μ, σ²) ‖ N(0, s²)] = log(s/σ) + (σ² + μ²) / (2s²) − 1/2.
      gradient.mean = gradient.mean + complexityWeight * prior.gradient(at: mean.value)
      gradient.deviation = gradient.deviation + complexityWeight * prior.gradient(at: sigma)
    }
    // log q(μ + σε | μ, σ) = −log σ − ε²/2 − …
    gradient.deviation = gradient.deviation - complexityWeight / sigma
    let slopeOfSigma = rho.value.sigmoid
    let rate = RoundedNumber(step.optimizer.learning_rate)
    mean.step(gradient.mean, step.optimizer, rate: rate)
    rho.step(
      gradient.deviation * slopeOfSigma, step.optimizer, rate: rate * RoundedNumber(step.rho_rate))
  }
}
