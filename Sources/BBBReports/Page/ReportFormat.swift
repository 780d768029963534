/// How the page shows a value of the JSON.
struct ReportFormat {
  enum Kind {
    /// A fixed number of decimals.
    case fixed
    /// As many decimals as it needs, at most four.
    case trimmed
    /// A whole number, with commas between thousands.
    case grouped
    /// One decimal below 10, none above.
    case ratio
    /// How the file's size compares with another's, in words.
    case comparison
    /// Four decimals, and tiny ones as a bound.
    case probability
    /// One decimal, more of what is small.
    case duration
    /// Four digits.
    case significant
  }

  var kind = Kind.fixed
  /// The key of the value, where it is not the name of the format.
  var key: String?
  /// What the value is multiplied by.
  var factor = 1.0
  var decimals = 0
  /// What stands behind the number.
  var unit = ""

  static let percent = ReportFormat(factor: 100, decimals: 2, unit: " %")

  /// The number without its unit.
  func number(_ value: Double?) -> String {
    guard let value = value?.finite else { return NumberText.missing }
    return switch kind {
    case .fixed: NumberText.fixed(value * factor, decimals: decimals)
    case .trimmed: NumberText.trimmed(value * factor)
    case .grouped: NumberText.grouped(Int(value))
    case .ratio: NumberText.ratio(value)
    case .comparison: NumberText.sizeComparison(value)
    case .probability: value < 0.0001 ? "<0.0001" : NumberText.fixed(value, decimals: 4)
    case .duration: NumberText.duration(value)
    case .significant: NumberText.significant(value, digits: 4)
    }
  }

  /// The number and its unit.
  func text(_ value: Double?) -> String {
    value?.finite == nil ? NumberText.missing : number(value) + unit
  }
}
