import CBBBLibc

/// Standard deviations on a logarithmic scale, a byte each: σ = 2^((lowest + code) / codes per octave).
///
/// A quarter of an octave rounds σ by 9 % at most, far less than a posterior of this kind is sure of it.
enum DeviationCoding {
  /// Codes per doubling of σ, unless the range needs fewer.
  private static let codesPerOctave = 4
  /// The code of a value without uncertainty, σ = 0.
  private static let certain: UInt8 = 255

  /// Writes a matrix's standard deviations.
  ///
  /// - Parameters:
  ///   - deviations: Those of the weights, in the matrix's order, and of the biases.
  ///   - payload: The matrix as it is written, which decides the order.
  /// - Returns: The stretches of the section.
  /// - Throws: ``CompactModelError`` if a deviation is negative or not finite.
  static func encode(
    _ deviations: SparseMatrix.StandardDeviations, _ payload: MatrixPayload
  ) throws(CompactModelError) -> [PayloadSegment] {
    let all = deviations.weights + deviations.biases
    guard all.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw CompactModelError(
        .notEncodable, "a standard deviation is negative or not finite; check the checkpoint")
    }
    let logarithms = all.lazy.filter { $0 > 0 }.map { log2(Double($0)) }
    let (least, most) = (logarithms.min() ?? 0, logarithms.max() ?? 0)
    var resolution = codesPerOctave
    while resolution > 1, (most - least) * Double(resolution) > 253 { resolution -= 1 }
    // 2^128 is no float: what rounds up to it stays one code below.
    let highest = 128 * resolution - 1
    let lowest = min(Int((least * Double(resolution)).rounded()), highest)
    func codes(_ deviations: [Float]) -> [UInt8] {
      deviations.map {
        guard $0 > 0 else { return certain }
        // 32-bit floats span 277 octaves: at one code an octave, the widest are cut off.
        let code = Int((log2(Double($0)) * Double(resolution)).rounded()) - lowest
        return UInt8(min(code, 254, highest - lowest))
      }
    }
    var header = ByteWriter()
    header.append(UInt8(resolution))
    header.append(lowest, byteCount: 2)
    let weights = payload.written.gathering(deviations.weights)
    return [
      PayloadSegment(content: .repetitive, bytes: header.bytes),
      PayloadSegment(
        content: .symbols, bytes: codes(weights),
        boundaries: Array(stride(from: 0, to: weights.count, by: 64))),
      PayloadSegment(content: .repetitive, bytes: codes(deviations.biases)),
    ]
  }

  /// Reads standard deviations.
  ///
  /// - Parameters:
  ///   - bytes: The inflated section.
  ///   - weightCount: The number of weights.
  ///   - biasCount: The number of biases.
  /// - Returns: Those of the weights, in the order of the values, and of the biases.
  /// - Throws: ``CompactModelError`` if the section does not fit the matrix.
  static func decode(
    _ bytes: [UInt8], weightCount: Int, biasCount: Int
  ) throws(CompactModelError) -> (weights: [Float], biases: [Float]) {
    var reader = ByteReader(bytes[...], subject: "section of standard deviations")
    let resolution = Int(try reader.byte())
    let lowest = Int(Int16(truncatingIfNeeded: try reader.integer(byteCount: 2)))
    let codes = try reader.take(weightCount + biasCount)
    guard resolution > 0, reader.remainingCount == 0 else {
      throw CompactModelError(
        .malformed, "the standard deviations do not fit their matrix; the file is damaged or forged"
      )
    }
    let table = (0..<255).map { Float(exp2(Double(lowest + $0) / Double(resolution))) } + [0]
    let deviations = codes.map { table[Int($0)] }
    guard deviations.allSatisfy(\.isFinite) else {
      throw CompactModelError(
        .malformed, "the standard deviations are not all finite; the file is damaged or forged")
    }
    return (Array(deviations[..<weightCount]), Array(deviations[weightCount...]))
  }
}
