import BBBNetwork

extension Activation {
  /// The activations by their codes in a `.bbbz` file, from 0 on; those behind softplus since version 2.0,
  /// all others but the first two since 1.2.
  private static let byCode: [Activation] = [
    .none, .relu, .leakyRelu, .elu, .selu, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus,
    .hardSwish, .relu6, .exponential, .logarithm, .squareRoot, .errorFunction, .absolute, .sign,
    .floor, .ceiling, .round, .sine, .cosine,
  ]

  /// The number that stands for the activation in a file.
  var code: UInt8 {
    guard let code = Self.byCode.firstIndex(of: self) else {
      preconditionFailure("every activation has a code")
    }
    return UInt8(code)
  }

  /// The activation that a number stands for; `nil` if none.
  init?(code: UInt8) {
    guard Self.byCode.indices.contains(Int(code)) else { return nil }
    self = Self.byCode[Int(code)]
  }
}

extension OutputMeaning {
  /// The number that stands for the meaning in a file; 2 and above since version 1.2.
  var code: UInt8 {
    switch self {
    case .numbers(noiseDeviation: nil): 0
    case .classes: 1
    case .binary: 2
    case .numbers: 3
    case .meanAndLogVariance: 4
    }
  }

  /// Writes the code, and the deviation of the noise behind it where there is one.
  func write(to writer: inout ByteWriter) {
    writer.append(code)
    if case .numbers(let deviation?) = self { writer.append(deviation) }
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``CompactModelError`` if the code is not known, or the deviation not positive and finite.
  init(_ reader: inout ByteReader) throws(CompactModelError) {
    let code = try reader.byte()
    switch code {
    case 0: self = .numbers(noiseDeviation: nil)
    case 1: self = .classes
    case 2: self = .binary
    case 3:
      let deviation = try reader.double()
      guard deviation > 0, deviation.isFinite else {
        throw CompactModelError(
          .malformed,
          "the noise deviation \(deviation) is not a positive number; the file is damaged")
      }
      self = .numbers(noiseDeviation: deviation)
    case 4: self = .meanAndLogVariance
    default: throw .unknownCode(code, of: "output kind")
    }
  }
}

extension CompactModelError {
  /// What a file says by a number that only later versions know.
  static func unknownCode(_ code: UInt8, of what: String) -> CompactModelError {
    CompactModelError(
      .unsupportedVersion,
      "the model uses \(what) \(code), which this program does not know; update bbbprune")
  }
}
