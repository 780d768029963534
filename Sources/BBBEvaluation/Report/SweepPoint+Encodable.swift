extension SweepPoint: Encodable {
  /// The names of the values, in the order of the reports' columns.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case sparsity
    case removed
    case kept
    case threshold
    case thresholdDecibels = "threshold_db"
    case errors
    case images
    case error
    case errorLow = "error_low"
    case errorHigh = "error_high"
    case nll
    case ece
    case pValue = "p_value"
    case bytes
    case ratio
    case monteCarloErrors = "mc_errors"
    case monteCarloError = "mc_error"
    case monteCarloNLL = "mc_nll"
    case units

    /// Whether only a point with a Monte Carlo prediction has the value.
    private var isMonteCarlo: Bool {
      switch self {
      case .monteCarloErrors, .monteCarloError, .monteCarloNLL: true
      default: false
      }
    }

    /// The names of a report's values.
    ///
    /// - Parameters:
    ///   - hasMonteCarlo: Whether Monte Carlo predictions were made.
    ///   - hasUnits: Whether hidden units were removed as a whole.
    /// - Returns: The names, in order.
    static func keys(hasMonteCarlo: Bool, hasUnits: Bool = false) -> [CodingKeys] {
      allCases.filter { (hasMonteCarlo || !$0.isMonteCarlo) && (hasUnits || $0 != .units) }
    }
  }

  /// A value as files hold it.
  enum Value: Equatable {
    case integer(Int)
    /// A finite number.
    case real(Double)
    case missing

    fileprivate init(_ value: Double?) {
      self = value?.finite.map(Value.real) ?? .missing
    }
  }

  /// The value of one column.
  subscript(key: CodingKeys) -> Value {
    switch key {
    case .sparsity: Value(sparsity)
    case .removed: .integer(removed)
    case .kept: .integer(kept)
    case .threshold: Value(threshold)
    case .thresholdDecibels: Value(thresholdDecibels)
    case .errors: .integer(errors)
    case .images: .integer(images)
    case .error: Value(error)
    case .errorLow: Value(errorLow)
    case .errorHigh: Value(errorHigh)
    case .nll: Value(nll)
    case .ece: Value(ece)
    case .pValue: Value(pValue)
    case .bytes: .integer(bytes)
    case .ratio: Value(ratio)
    case .monteCarloErrors: monteCarlo.map { .integer($0.errors) } ?? .missing
    case .monteCarloError: Value(monteCarlo?.error)
    case .monteCarloNLL: Value(monteCarlo?.nll)
    case .units: units.map { .integer($0) } ?? .missing
    }
  }

  /// Writes every value under its key, missing values as `null`.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for key in CodingKeys.keys(hasMonteCarlo: monteCarlo != nil, hasUnits: units != nil) {
      switch self[key] {
      case .integer(let value): try container.encode(value, forKey: key)
      case .real(let value): try container.encode(value, forKey: key)
      case .missing: try container.encodeNil(forKey: key)
      }
    }
  }
}
