import BBBNetwork

/// The section of the means and deviations that inputs are normalised by; absent where there are none.
enum InputScalingSection {
  /// The content of the section.
  static func encode(_ scaling: InputScaling) -> [UInt8] {
    var writer = ByteWriter()
    for numbers in [scaling.means, scaling.deviations] {
      writer.appendVariableLength(numbers.count)
      for number in numbers { writer.append(number) }
    }
    return writer.bytes
  }

  /// Reads the section.
  ///
  /// - Parameters:
  ///   - bytes: The section once inflated.
  ///   - factor: The factor that the description names; positive and finite.
  ///   - inputCount: The inputs of the first layer.
  /// - Returns: The whole scaling.
  /// - Throws: ``CompactModelError`` if the numbers are not possible together.
  static func decode(
    _ bytes: [UInt8], factor: Double, inputCount: Int
  ) throws(CompactModelError) -> InputScaling {
    var reader = ByteReader(bytes[...], subject: "input scaling")
    let means = try numbers(&reader)
    let deviations = try numbers(&reader)
    guard reader.remainingCount == 0,
      let scaling = InputScaling(factor: factor, means: means, deviations: deviations),
      !scaling.isFactorOnly, inputCount.isMultiple(of: scaling.channelCount)
    else {
      throw CompactModelError(
        .malformed,
        "the means and deviations of the inputs are not possible for \(inputCount) inputs; "
          + "the file is damaged or forged")
    }
    return scaling
  }

  private static func numbers(
    _ reader: inout ByteReader
  ) throws(CompactModelError) -> [Double] {
    let count = try reader.variableLengthInteger()
    guard count <= reader.remainingCount / 8 else {
      throw CompactModelError(
        .malformed, "the input scaling ends too early; the file is damaged or forged")
    }
    var numbers: [Double] = []
    for _ in 0..<count { numbers.append(try reader.double()) }
    return numbers
  }
}
