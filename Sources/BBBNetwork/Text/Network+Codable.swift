extension Network: Codable {
  /// Reads the network's text; see ``init(text:)``.
  ///
  /// - Parameter decoder: What holds the text.
  /// - Throws: `DecodingError` if there is no text, or it describes no network.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try Network(text: try container.decode(String.self))
    } catch let error as NetworkError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Writes ``textInOneLine``.
  ///
  /// - Parameter encoder: What takes the text.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(textInOneLine)
  }
}
