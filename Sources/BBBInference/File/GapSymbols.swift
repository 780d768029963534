/// Gaps as bytes: the escape stands for as many skipped positions and is followed by the rest.
///
/// Gaps of weights that lie at random fall off geometrically, so what follows an escape is distributed like
/// the whole: a smaller escape costs next to nothing, and takes a smaller table of Huffman codes.
struct GapSymbols {
  let escape: Int

  /// The escape of codings that do not state theirs.
  static let bytes = GapSymbols(escape: 255)
  /// What is tried where a coding states its escape: nothing that few gaps come near.
  static func candidates(meanGap: Double) -> [GapSymbols] {
    [255, 127, 63, 31].map(GapSymbols.init(escape:)).filter {
      $0.escape == 255 || Double($0.escape) < 4 * meanGap
    }
  }

  func append(_ gap: Int, to bytes: inout [UInt8]) {
    var rest = gap
    while rest >= escape {
      bytes.append(UInt8(escape))
      rest -= escape
    }
    bytes.append(UInt8(rest))
  }

  /// Reads one gap; `nil` if the bytes end within it, or hold a symbol beyond the escape.
  func next(_ bytes: ArraySlice<UInt8>, _ index: inout Int) -> Int? {
    var gap = 0
    while index < bytes.endIndex {
      let byte = Int(bytes[index])
      index += 1
      guard byte <= escape else { return nil }
      gap += byte
      if byte != escape { return gap }
    }
    return nil
  }
}
