/// What storing a matrix as it is costs in expectation, in nats: the first number of a matrix's section.
enum MatrixCost {
  static let byteCount = 4

  /// As a segment; NaN stands for a cost that is not known.
  static func segment(_ cost: Float) -> PayloadSegment {
    var writer = ByteWriter()
    writer.append(cost)
    return PayloadSegment(content: .repetitive, bytes: writer.bytes)
  }

  /// Reads a cost; NaN stands for one that is not known.
  static func read(_ reader: inout ByteReader) throws(CompactModelError) -> Float {
    let cost = try reader.float()
    guard cost.isNaN || cost >= 0 && cost.isFinite else {
      throw CompactModelError(
        .malformed, "the cost of a matrix is \(cost), which none can have; the file is damaged")
    }
    return cost
  }
}
