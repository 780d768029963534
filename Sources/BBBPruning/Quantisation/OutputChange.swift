import BBBNetwork
import CBBBLibc

/// How far two networks' outputs for the same inputs lie apart.
///
/// For classes it is the total variation ½ Σ |p − q| between the class probabilities, averaged over the
/// examples: by so much, on average, the probability of the right class can fall at most. For numbers it is the
/// root mean square of the differences as a fraction of the standard deviation of the first network's output over
/// the examples, or of ten times the noise where that is known and less; of several numbers the largest.
struct OutputChange {
  /// What the outputs are.
  var meaning: OutputMeaning
  /// The outputs of one example.
  var outputCount: Int

  /// Measures the change.
  ///
  /// - Parameters:
  ///   - outputs: Raw outputs of the first network: (examples, outputs), row-major; at least one example.
  ///   - others: Those of the second.
  /// - Returns: 0 for equal outputs; not a number where an output is none.
  func measure(from outputs: [Float], to others: [Float]) -> Double {
    if meaning.isClassification { return totalVariation(outputs, others) }
    return (0..<outputCount).map { relativeDeviation(outputs, others, column: $0) }.largest
  }

  private func totalVariation(_ outputs: [Float], _ others: [Float]) -> Double {
    var sum = 0.0
    for first in stride(from: 0, to: outputs.count, by: outputCount) {
      let range = first..<first + outputCount
      let (p, q) = (probabilities(outputs[range]), probabilities(others[range]))
      sum += zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }
    return sum / Double(outputs.count / outputCount)
  }

  /// How sure a classifier is of examples, and how much its outputs vary from one to the next.
  ///
  /// - Parameter outputs: Raw outputs: (examples, outputs), row-major; at least one example.
  /// - Returns: The mean of 1 − the largest probability, as a fraction of that of equal probabilities; and the mean total
  ///   variation between an example's probabilities and those of all.
  func certainty(of outputs: [Float]) -> (doubt: Double, variation: Double) {
    let examples = stride(from: 0, to: outputs.count, by: outputCount).map {
      probabilities(outputs[$0..<$0 + outputCount])
    }
    let count = Double(examples.count)
    let classCount = examples[0].count
    let doubt = examples.reduce(0) { $0 + (1 - $1.largest) } / count
    let mean = (0..<classCount).map { column in
      examples.reduce(0) { $0 + $1[column] } / count
    }
    let variation = examples.reduce(0.0) { sum, example in
      sum + zip(example, mean).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }
    return (doubt * Double(classCount) / Double(classCount - 1), variation / count)
  }

  /// The probability of each class; of a single logit, those of class 1 and class 0.
  private func probabilities(_ logits: ArraySlice<Float>) -> [Double] {
    let logits = logits.map(Double.init) + (meaning == .binary ? [0] : [])
    let largest = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  private func relativeDeviation(_ outputs: [Float], _ others: [Float], column: Int) -> Double {
    let places = stride(from: column, to: outputs.count, by: outputCount)
    let count = Double(outputs.count / outputCount)
    let mean = places.reduce(0) { $0 + Double(outputs[$1]) } / count
    var (spread, difference) = (0.0, 0.0)
    for place in places {
      spread += (Double(outputs[place]) - mean) * (Double(outputs[place]) - mean)
      let error = Double(others[place]) - Double(outputs[place])
      difference += error * error
    }
    guard difference != 0 else { return 0 }
    return (difference / count).squareRoot() / scale((spread / count).squareRoot(), column)
  }

  /// What a difference is a fraction of.
  private func scale(_ spread: Double, _ column: Int) -> Double {
    switch meaning {
    case .numbers(let noise?): min(spread, 10 * noise)
    // The logarithm of a variance may be nearly the same everywhere: a hundredth of it is little anyway.
    case .meanAndLogVariance where column >= outputCount / 2: max(spread, 1)
    case .classes, .binary, .numbers, .meanAndLogVariance: spread
    }
  }
}

extension [Double] {
  /// The largest element, none of which is negative; not a number if one is none.
  var largest: Double { reduce(0) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) } }
}
