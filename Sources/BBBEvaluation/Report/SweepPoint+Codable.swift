extension SweepPoint: Codable {
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
  }

  /// A value as files hold it.
  enum Value: Equatable {
    case integer(Int)
    /// A finite number.
    case real(Double)
    case missing

    fileprivate init(_ value: Double?) {
      self = value.flatMap { $0.isFinite ? .real($0) : nil } ?? .missing
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
    }
  }

  /// Writes every value under its key, missing values as `null`.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for key in CodingKeys.allCases {
      switch self[key] {
      case .integer(let value): try container.encode(value, forKey: key)
      case .real(let value): try container.encode(value, forKey: key)
      case .missing: try container.encodeNil(forKey: key)
      }
    }
  }

  /// Reads every value from its key; a measurement that is `null` becomes NaN.
  ///
  /// - Parameter decoder: What to read from.
  /// - Throws: `DecodingError` if a count is missing or a value is of the wrong type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func integer(_ key: CodingKeys) throws -> Int {
      try container.decode(Int.self, forKey: key)
    }
    func real(_ key: CodingKeys) throws -> Double? {
      try container.decodeIfPresent(Double.self, forKey: key)
    }
    sparsity = try real(.sparsity) ?? .nan
    removed = try integer(.removed)
    kept = try integer(.kept)
    threshold = try real(.threshold)
    thresholdDecibels = try real(.thresholdDecibels)
    errors = try integer(.errors)
    images = try integer(.images)
    error = try real(.error) ?? .nan
    errorLow = try real(.errorLow) ?? .nan
    errorHigh = try real(.errorHigh) ?? .nan
    nll = try real(.nll) ?? .nan
    ece = try real(.ece) ?? .nan
    pValue = try real(.pValue)
    bytes = try integer(.bytes)
    ratio = try real(.ratio) ?? .nan
  }
}
