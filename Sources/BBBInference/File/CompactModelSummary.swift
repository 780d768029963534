#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a `.bbbz` file holds and where its bytes go.
public struct CompactModelSummary: Sendable {
  /// One layer's sizes and codings.
  public struct Layer: Sendable {
    /// The number of inputs.
    public var inputCount: Int
    /// The number of outputs.
    public var outputCount: Int
    /// The number of weights kept.
    public var weightCount: Int
    /// How positions are written, such as `gapsByInput`.
    public var connectionCoding: String
    /// How weights and biases are written.
    public var valueEncoding: ValueEncoding
  }

  /// One section's size.
  public struct Section: Sendable {
    /// What it holds: `network`, `connections`, `values`, `biases`, or a number not known here.
    public var kind: String
    /// The layer it belongs to; `nil` for the network.
    public var layer: Int?
    /// Its bytes in the file.
    public var storedByteCount: Int
    /// Its bytes once inflated.
    public var byteCount: Int
    /// The entropy of what it holds, in bits, where one is defined.
    ///
    /// - For connections: that of positions drawn independently at the layer's density p, n·H(p) for n
    ///   possible weights. Coding that uses the density of each unit can go below.
    /// - For values and biases: the order-0 entropy of each byte plane.
    public var entropyBits: Double?
  }

  /// The model itself.
  public let model: CompactModel
  /// The layers, in order.
  public let layers: [Layer]
  /// The sections, in file order.
  public let sections: [Section]
  /// The size of the file in bytes.
  public let byteCount: Int

  /// The bytes of the preamble and the section table.
  public var headerByteCount: Int {
    byteCount - sections.reduce(0) { $0 + $1.storedByteCount }
  }

  /// Reads and checks a whole file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - path: The name to give in error messages.
  /// - Throws: ``CompactModelError`` as ``CompactModel/init(bytes:path:)`` does.
  public init(bytes: [UInt8], path: String = "") throws(CompactModelError) {
    let (file, model) = try CompactModelError.naming(path) { () throws(CompactModelError) in
      let file = try CompactModelFile(bytes: bytes)
      return (file, try file.model())
    }
    let description = file.description
    let layers = description.layers.enumerated().map { index, layer in
      Layer(
        inputCount: description.inputCount(ofLayer: index), outputCount: layer.outputCount,
        weightCount: layer.weightCount, connectionCoding: "\(layer.connectionCoding)",
        valueEncoding: layer.valueEncoding)
    }
    var sections: [Section] = []
    for section in file.sections {
      sections.append(
        Section(
          kind: SectionKind(rawValue: section.kind).map { "\($0)" } ?? "\(section.kind)",
          layer: section.kind == SectionKind.network.rawValue ? nil : section.layer,
          storedByteCount: section.stored.count, byteCount: section.byteCount,
          entropyBits: try Self.entropyBits(of: section, layers)))
    }
    self.model = model
    self.layers = layers
    self.sections = sections
    byteCount = bytes.count
  }

  private static func entropyBits(
    of section: CompactModelContainer.Section, _ layers: [Layer]
  ) throws(CompactModelError) -> Double? {
    switch SectionKind(rawValue: section.kind) {
    case .connections:
      let layer = layers[section.layer]
      let possible = Double(layer.inputCount * layer.outputCount)
      let density = possible == 0 ? 0 : Double(layer.weightCount) / possible
      return possible * (informationBits(density) + informationBits(1 - density))
    case .values, .biases:
      let planeCount = layers[section.layer].valueEncoding.byteCount
      let planes = try CompactModelContainer.inflated(section)
      let count = planes.count / planeCount
      return (0..<planeCount).reduce(0) { bits, plane in
        bits + orderZeroBits(planes[(plane * count)..<((plane + 1) * count)])
      }
    case .network, nil:
      return nil
    }
  }

  /// −p log₂ p.
  private static func informationBits(_ probability: Double) -> Double {
    probability > 0 ? -probability * log2(probability) : 0
  }

  private static func orderZeroBits(_ symbols: ArraySlice<UInt8>) -> Double {
    var counts = [Int](repeating: 0, count: 256)
    for symbol in symbols { counts[Int(symbol)] += 1 }
    let total = Double(symbols.count)
    return counts.reduce(0) { $0 + total * informationBits(Double($1) / max(total, 1)) }
  }
}
