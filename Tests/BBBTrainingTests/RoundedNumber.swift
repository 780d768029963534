import Foundation

/// A number computed in Double, with a bound on how far the same steps in Float can be from it.
///
/// Running error analysis: Higham, "Accuracy and Stability of Numerical Algorithms", section 3.3. A
/// kernel is right where it lies within the bound; nothing is left to a tolerance chosen by hand.
struct RoundedNumber {
  var value: Double
  var bound: Double

  /// A number that is exact in both.
  init(_ value: Float) {
    self.value = Double(value)
    bound = 0
  }

  /// A constant that the kernel rounds.
  init(rounding value: Double) {
    self.init(value, 0)
  }

  /// A result with the bound that its operands' bounds give; its own rounding is added, at twice its
  /// size for what is of second order, and that of the smallest Float that is not subnormal.
  private init(_ value: Double, _ bound: Double, relativeError: Double = 0x1p-23) {
    self.value = value
    self.bound = bound + relativeError * (abs(value) + bound) + 1.2e-38
  }

  static func + (a: Self, b: Self) -> Self { Self(a.value + b.value, a.bound + b.bound) }
  static func - (a: Self, b: Self) -> Self { Self(a.value - b.value, a.bound + b.bound) }
  static func * (a: Self, b: Self) -> Self {
    Self(
      a.value * b.value, abs(a.value) * b.bound + abs(b.value) * a.bound + a.bound * b.bound)
  }
  static func / (a: Self, b: Self) -> Self {
    let value = a.value / b.value
    let nearest = max(abs(b.value) - b.bound, .leastNormalMagnitude)
    return Self(value, (a.bound + abs(value) * b.bound) / nearest)
  }
  static prefix func - (a: Self) -> Self {
    var result = a
    result.value.negate()
    return result
  }

  var squareRoot: Self {
    let root = value.squareRoot()
    let nearest = max(value - bound, 0).squareRoot()
    return Self(root, max(root - nearest, (value + bound).squareRoot() - root))
  }

  /// exp, which the kernels let fall no lower than exp(−87); their error grows with the exponent.
  var exponential: Self {
    let clamped = max(value, -87)
    let result = exp(clamped)
    let largest = exp(min(max(value + bound, -87), 80))
    return Self(result, largest - result, relativeError: 4e-7 + 2.2e-8 * abs(clamped))
  }

  var logarithm: Self {
    Self(log(value), -log1p(-min(bound / value, 0.5)), relativeError: 4e-7)
  }

  /// log(1 + exp x).
  var softplus: Self {
    let result = max(value, 0) + log1p(exp(-abs(value)))
    return Self(result, bound, relativeError: 3e-6)
  }

  /// 1 / (1 + exp −x).
  var sigmoid: Self {
    let result = 1 / (1 + exp(-value))
    return Self(result, result * bound, relativeError: 3e-6)
  }

  /// Whether a number computed in Float is this one, for all that rounding can say.
  func matches(_ float: Float) -> Bool { abs(Double(float) - value) <= bound }
}

extension RoundedNumber: ExpressibleByFloatLiteral {
  /// A number that Float holds exactly, such as 0.5.
  init(floatLiteral value: Double) { self.init(Float(value)) }
}
