import BBBInference
import Foundation

/// How far two networks' outputs for the same inputs lie apart.
///
/// For classes it is the total variation ½ Σ |p − q| between the class probabilities, averaged over the examples:
/// by so much the probability of being right, and with it the error that calibrated probabilities
/// expect, can rise at most. For numbers it is the root mean square of the differences, as a fraction of the standard deviation of
/// the first network's output over the examples.
enum OutputChange {
  /// Measures the change.
  ///
  /// - Parameters:
  ///   - outputs: Raw outputs of the first network: (examples, outputs), row-major.
  ///   - others: Those of the second.
  ///   - outputCount: The outputs of one example.
  /// - Returns: 0 for equal outputs; not a number where an output is none.
  static func measure(from outputs: [Float], to others: [Float], outputCount: Int) -> Double {
    outputCount > 1
      ? totalVariation(outputs, others, outputCount)
      : (0..<outputCount).map { relativeDeviation(outputs, others, column: $0, outputCount) }
        .reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
  }

  private static func totalVariation(
    _ outputs: [Float], _ others: [Float], _ outputCount: Int
  ) -> Double {
    var sum = 0.0
    for first in stride(from: 0, to: outputs.count, by: outputCount) {
      let range = first..<first + outputCount
      let (p, q) = (probabilities(outputs[range]), probabilities(others[range]))
      sum += zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }
    return sum / Double(outputs.count / outputCount)
  }

  private static func probabilities(_ logits: ArraySlice<Float>) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let exponentials = logits.map { exp(Double($0) - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  private static func relativeDeviation(
    _ outputs: [Float], _ others: [Float], column: Int, _ outputCount: Int
  ) -> Double {
    let places = stride(from: column, to: outputs.count, by: outputCount)
    let count = Double(outputs.count / outputCount)
    let mean = places.reduce(0) { $0 + Double(outputs[$1]) } / count
    var (spread, difference) = (0.0, 0.0)
    for place in places {
      spread += (Double(outputs[place]) - mean) * (Double(outputs[place]) - mean)
      let error = Double(others[place]) - Double(outputs[place])
      difference += error * error
    }
    return difference == 0 ? 0 : (difference / spread).squareRoot()
  }
}
