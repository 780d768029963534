import BBBEvaluation

extension HistogramBins {
  /// Where a row begins, or what it lies around, as text.
  func label(ofRow row: Int) -> String { rowStep.label(firstRow + row) }
}

extension DecimalStep {
  /// A multiple of the step as text, with as many decimals for one as for another.
  func label(_ multiple: Int) -> String {
    guard (-5...5).contains(exponent) else {
      return multiple == 0 ? "0" : "\(mantissa * multiple)e\(exponent)"
    }
    return NumberText.fixed(value(multiple), decimals: max(0, -exponent))
  }
}
