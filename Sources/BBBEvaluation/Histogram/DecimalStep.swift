import CBBBLibc

/// A distance between places on an axis that is a round decimal number.
package struct DecimalStep: Equatable {
  /// A small whole number.
  package let mantissa: Int
  /// The power of ten that it is multiplied by.
  package let exponent: Int

  init(mantissa: Int, exponent: Int) {
    let isTenfold = mantissa.isMultiple(of: 10)
    self.mantissa = isTenfold ? mantissa / 10 : mantissa
    self.exponent = isTenfold ? exponent + 1 : exponent
  }

  /// The steps of 1, 2 and 5 times a power of ten, ascending.
  ///
  /// - Parameter magnitude: A positive number that the first steps are below.
  /// - Returns: Steps up to a hundred times the number.
  static func candidates(around magnitude: Double) -> [DecimalStep] {
    let exponent = Int(log10(magnitude).rounded(.down))
    return (exponent - 1...exponent + 1).flatMap { exponent in
      [1, 2, 5].map { DecimalStep(mantissa: $0, exponent: exponent) }
    }
  }

  /// A fifth of the step.
  package var fifth: DecimalStep { DecimalStep(mantissa: 2 * mantissa, exponent: exponent - 1) }
  /// Half of the step.
  var half: DecimalStep { DecimalStep(mantissa: 5 * mantissa, exponent: exponent - 1) }

  /// A multiple of the step: the number next to the decimal one, so that 3 steps of 0.1 are 0.3.
  package func value(_ multiple: Int) -> Double {
    let digits = Double(mantissa * multiple)
    return exponent < 0 ? digits / pow(10, Double(-exponent)) : digits * pow(10, Double(exponent))
  }
}
