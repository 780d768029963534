import BBBKernels
import BBBTensors
import Foundation

extension Dataset {
  /// Draws the built-in digits: a stand-in for MNIST that needs no files.
  ///
  /// They are drawn by the pen of a program, not by people, and every report says so by their name. The
  /// same seed gives the same bytes on every platform.
  ///
  /// - Parameters:
  ///   - split: 60,000 digits for training or 10,000 others for testing.
  ///   - seed: Another seed gives other digits.
  ///   - threadCount: How many threads draw; the result does not depend on it. All cores by default.
  /// - Returns: The digits, 28×28 bytes each, with labels from 0 to 9, the same number of each.
  public static func syntheticDigits(
    _ split: Split, seed: UInt64 = SyntheticDigit.defaultSeed,
    threadCount: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> Dataset {
    let count = SyntheticDigit.count(in: split)
    let partCount = 100
    let parts = parallelMap(count: partCount, threadCount: threadCount) { part in
      let size = count / partCount
      return (part * size..<(part + 1) * size).map {
        SyntheticDigit(index: $0, split: split, seed: seed)
      }
    }
    return Dataset(syntheticDigits: Array(parts.joined()))
  }

  private init(syntheticDigits digits: [SyntheticDigit]) {
    name = DatasetName.syntheticDigits.rawValue
    inputsPath = name
    targetsPath = name
    files = []
    exampleShape = [SyntheticDigit.side, SyntheticDigit.side]
    inputCount = SyntheticDigit.side * SyntheticDigit.side
    var pixels: [UInt8] = []
    pixels.reserveCapacity(digits.count * inputCount)
    for digit in digits { pixels += digit.pixels }
    inputs = .bytes(pixels)
    targets = .classes(digits.map(\.label))
    count = digits.count
  }
}
