import CBBBLibc

/// What a `.bbbz` file holds and where its bytes go.
public struct CompactModelSummary: Sendable {
  /// One layer's sizes, codings and quantisation.
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
    /// The number of different values among the weights.
    public var levelCount: Int
    /// What quantisation costs in expectation, in nats; `nil` if the file does not say.
    public var expectedCost: Double?
    /// The static entropy of the symbols that stand for connections, values and biases, in bits.
    public var entropy: Entropy
  }

  /// The order-0 entropy of a layer's symbols, stretch by stretch, in bits: what Huffman codes made for
  /// each stretch could reach if they were free of rounding and needed no description.
  public struct Entropy: Sendable {
    /// Counts and gaps, or bits.
    public var connections: Double
    /// Weights.
    public var values: Double
    /// Biases.
    public var biases: Double
    /// All of them.
    public var total: Double { connections + values + biases }
  }

  /// One section's size.
  public struct Section: Sendable {
    /// What it holds: `graph`, `inputScaling`, `parameter`, `deviations`, …, or a number not known here.
    public var kind: String
    /// The parameter it belongs to; `nil` for what belongs to the network.
    public var parameter: Int?
    /// Its bytes in the file.
    public var storedByteCount: Int
    /// Its bytes once inflated.
    public var byteCount: Int
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
    let costs = model.origin.parameterCosts
    var layers: [Layer] = []
    for (index, matrix) in model.matrices.enumerated() {
      let description = file.description.matrices[index]
      let payload = try file.payload(ofParameter: index)
      layers.append(
        Layer(
          inputCount: matrix.columnCount, outputCount: matrix.rowCount,
          weightCount: matrix.weightCount, connectionCoding: "\(description.connectionCoding)",
          valueEncoding: description.valueEncoding, levelCount: Set(matrix.values).count,
          expectedCost: index < costs.count && costs[index].isFinite ? Double(costs[index]) : nil,
          entropy: Self.entropy(
            of: matrix, taps: file.description.extents(ofParameter: index).taps, description,
            payload)))
    }
    self.layers = layers
    sections = file.sections.map { section in
      Section(
        kind: SectionKind(rawValue: section.kind).map { "\($0)" } ?? "\(section.kind)",
        parameter: SectionKind.isOfParameter(section.kind) ? section.parameter : nil,
        storedByteCount: section.stored.count, byteCount: section.byteCount)
    }
    self.model = model
    byteCount = bytes.count
  }

  /// Writes a matrix once more, as its payload holds it, and measures what its symbols say.
  private static func entropy(
    of matrix: SparseMatrix, taps: Int, _ description: ModelDescription.Matrix, _ payload: [UInt8]
  ) -> Entropy {
    func bits(_ segments: [PayloadSegment]) -> Double {
      segments.reduce(0) { $0 + orderZeroBits($1.bytes) }
    }
    let coding = description.connectionCoding
    let groups = coding.groups(ArrangedPattern(matrix.pattern), taps: taps).pattern
    let connections =
      coding.style == .orderedGaps
      ? OrderedGaps.encode(groups, GapSymbols(escape: Int(payload[MatrixCost.byteCount])))
      : coding.variants(groups)[0]
    return Entropy(
      connections: bits(connections),
      values: bits(description.valueEncoding.encode(matrix.values)),
      biases: bits(description.valueEncoding.encode(matrix.biases)))
  }

  /// −p log₂ p.
  private static func informationBits(_ probability: Double) -> Double {
    probability > 0 ? -probability * log2(probability) : 0
  }

  private static func orderZeroBits(_ symbols: [UInt8]) -> Double {
    let counts = CountingSort.occurrences(of: symbols, bound: 256)
    let total = Double(symbols.count)
    return counts.reduce(0) { $0 + total * informationBits(Double($1) / max(total, 1)) }
  }
}
