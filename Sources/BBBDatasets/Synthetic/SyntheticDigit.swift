import BBBKernels

/// One digit drawn by a program, determined by a seed, a split and an index.
///
/// A pen follows one of a few templates of the digit with an unsteady hand; the result is bent, slanted,
/// turned, stretched, moved and inked, all at random. The randomness comes from SplitMix64, the
/// arithmetic is +, −, ×, ÷ and square root in double precision, which IEEE 754 rounds exactly: the
/// same digit has the same bytes on every platform.
public struct SyntheticDigit: Equatable, Sendable {
  /// The width and the height in pixels.
  public static let side = InkImage.side
  /// The seed of the digits that reports speak of.
  public static let defaultSeed: UInt64 = 1

  /// The digit, 0…9.
  public let label: Int
  /// The grey values, white ink (255) on black (0): 28×28 bytes, row-major.
  public let pixels: [UInt8]

  /// The number of digits in a split.
  ///
  /// - Parameter split: The split.
  /// - Returns: 60,000 or 10,000, as in MNIST.
  public static func count(in split: Dataset.Split) -> Int {
    switch split {
    case .train: 60000
    case .test: 10000
    }
  }

  /// Draws a digit.
  ///
  /// The label is the index modulo 10, so that the first n digits are as balanced as can be.
  ///
  /// - Parameters:
  ///   - index: Which digit of the split, from 0.
  ///   - split: The digits for training or those for testing.
  ///   - seed: Another seed gives other digits.
  /// - Precondition: `index` is less than the number of digits in the split.
  public init(index: Int, split: Dataset.Split, seed: UInt64 = defaultSeed) {
    precondition((0..<Self.count(in: split)).contains(index), "no such digit: \(index)")
    // The digits for testing are numbered on from those for training.
    let number = split == .train ? index : Self.count(in: .train) + index
    // Hashed, so that the sequences of two digits are not parts of one another.
    var numbered = SplitMix64(seed: seed, position: UInt64(number))
    var random = SplitMix64(seed: numbered.next())
    label = index % 10
    pixels = HandDrawing.pixels(GlyphTemplate.digits[label], random: &random)
  }
}
