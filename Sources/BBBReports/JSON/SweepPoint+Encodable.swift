import BBBEvaluation

extension SweepPoint: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes every value under the name of its column, missing values as `null`, and the layers if
  /// they were recorded.
  ///
  /// - Parameter encoder: What to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for column in SweepColumn.columns(for: [self]) {
      let key = Key(stringValue: column.name)
      switch column.value(self) {
      case .integer(let value): try container.encode(value, forKey: key)
      case .real(let value): try container.encode(value, forKey: key)
      case .flag(let value): try container.encode(value, forKey: key)
      case .missing: try container.encodeNil(forKey: key)
      }
    }
    if let structure { try container.encode(structure.layers, forKey: Key(stringValue: "layers")) }
  }
}
