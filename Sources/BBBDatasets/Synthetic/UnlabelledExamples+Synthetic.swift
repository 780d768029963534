import BBBKernels
import BBBTensors

extension UnlabelledExamples {
  /// What reports call the built-in letters.
  public static let syntheticLettersName = "synthetic-letters"
  /// What reports call noise.
  public static let noiseName = "noise"

  /// Draws capital letters with the hand that draws the built-in digits: what a network for digits should
  /// be unsure of.
  ///
  /// The letters are those that look like no digit. The same bytes on every platform.
  ///
  /// - Parameter count: How many, 10,000 by default.
  /// - Returns: The letters, 28×28 bytes each, the same number of each kind, or nearly.
  public static func syntheticLetters(count: Int = 10_000) -> UnlabelledExamples {
    let side = InkImage.side
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * side * side)
    for index in 0..<count {
      // Behind all digits of the default seed, hashed as they are.
      let firstLetter = UInt64(
        Dataset.Split.allCases.reduce(0) { $0 + SyntheticDigit.count(in: $1) })
      var numbered = SplitMix64(
        seed: SyntheticDigit.defaultSeed, position: firstLetter + UInt64(index))
      var random = SplitMix64(seed: numbered.next())
      let templates = GlyphTemplate.letters[index % GlyphTemplate.letters.count]
      pixels += HandDrawing.pixels(templates, random: &random)
    }
    return UnlabelledExamples(
      name: syntheticLettersName, inputs: .bytes(pixels), exampleShape: [side, side])
  }

  /// Makes noise in the range of given examples: what no network knows.
  ///
  /// Every number is uniform between the least and the greatest of the examples' numbers, and independent.
  ///
  /// - Parameters:
  ///   - dataset: Examples of the shape, the number and the range wanted.
  ///   - seed: Another seed gives other noise.
  /// - Returns: As many examples as the dataset has.
  public static func noise(like dataset: Dataset, seed: UInt64 = 0) -> UnlabelledExamples {
    var random = SplitMix64(seed: seed)
    let inputs: Dataset.Inputs
    switch dataset.inputs {
    case .bytes(let bytes):
      let low = bytes.min() ?? 0
      let count = Double(bytes.max() ?? 0) - Double(low) + 1
      inputs = .bytes(bytes.map { _ in low + UInt8(random.nextUniform() * count) })
    case .floats(let floats):
      let (low, high) = (Double(floats.min() ?? 0), Double(floats.max() ?? 0))
      inputs = .floats(floats.map { _ in Float(low + random.nextUniform() * (high - low)) })
    }
    return UnlabelledExamples(
      name: noiseName, inputs: inputs, exampleShape: dataset.exampleShape)
  }
}
