import BBBNetwork

/// What files of both versions begin their description with: the outputs' meaning, the inputs' factor, the origin.
enum ModelHead {
  /// Writes it.
  static func write(
    _ output: OutputMeaning, inputFactor: Double, _ origin: CompactModel.Origin,
    to writer: inout ByteWriter
  ) {
    output.write(to: &writer)
    writer.append(inputFactor)
    writer.appendVariableLength(origin.denseWeightCount)
    writer.appendVariableLength(origin.denseBiasCount)
    writer.appendVariableLength(origin.removedCount)
    writer.append(UInt8(origin.criterion.utf8.count))
    writer.append(origin.criterion.utf8)
  }

  /// Reads what ``write(_:inputFactor:_:to:)`` wrote.
  ///
  /// - Throws: ``CompactModelError`` if a code is not known, or a number not possible.
  static func read(
    _ reader: inout ByteReader
  ) throws(CompactModelError) -> (
    output: OutputMeaning, inputFactor: Double, origin: CompactModel.Origin
  ) {
    let output = try OutputMeaning(&reader)
    let inputFactor = try reader.double()
    guard inputFactor > 0, inputFactor.isFinite else {
      throw CompactModelError(
        .malformed, "the input scale \(inputFactor) is not a positive number; the file is damaged")
    }
    let origin = CompactModel.Origin(
      denseWeightCount: try reader.variableLengthInteger(),
      denseBiasCount: try reader.variableLengthInteger(),
      removedCount: try reader.variableLengthInteger(),
      criterion: try text(&reader))
    return (output, inputFactor, origin)
  }

  private static func text(_ reader: inout ByteReader) throws(CompactModelError) -> String {
    guard let text = String(validating: try reader.take(Int(try reader.byte())), as: UTF8.self)
    else {
      throw CompactModelError(
        .malformed, "the criterion's name is not UTF-8; the file is damaged")
    }
    return text
  }
}

extension ByteReader {
  /// A code's meaning.
  ///
  /// - Parameters:
  ///   - lookUp: The meaning of a code; `nil` if it has none.
  ///   - what: What the code is of.
  /// - Returns: The meaning of the next byte.
  /// - Throws: ``CompactModelError`` naming the code if only later versions may know it.
  mutating func known<Meaning>(
    _ lookUp: (UInt8) -> Meaning?, _ what: String
  ) throws(CompactModelError) -> Meaning {
    let code = try byte()
    guard let meaning = lookUp(code) else { throw .unknownCode(code, of: what) }
    return meaning
  }

  /// A number within bounds.
  ///
  /// - Parameters:
  ///   - bounds: Those that are possible.
  ///   - what: What the number is, such as `units`.
  /// - Returns: The number.
  /// - Throws: ``CompactModelError`` if it lies outside.
  mutating func number(
    in bounds: ClosedRange<Int>, _ what: String
  ) throws(CompactModelError) -> Int {
    let number = try variableLengthInteger()
    guard bounds.contains(number) else {
      throw CompactModelError(
        .malformed,
        "\(number) \(what) are not possible (\(bounds.lowerBound) to \(bounds.upperBound)); the file is forged "
          + "or damaged")
    }
    return number
  }
}
