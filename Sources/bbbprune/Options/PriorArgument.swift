import ArgumentParser
import BBBPosterior
import Foundation

/// A prior as it is written on the command line.
struct PriorArgument: ExpressibleByArgument {
  let prior: Prior

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let words = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap(Self.number)
    guard numbers.count == words.count else { return nil }
    switch (parts[0], numbers.count) {
    case ("mixture", 3):
      prior = .scaleMixture(
        wideShare: numbers[0], wideDeviation: numbers[1], narrowDeviation: numbers[2])
    case ("gaussian", 1): prior = .gaussian(deviation: numbers[0])
    case ("closed", 1): prior = .closedFormGaussian(deviation: numbers[0])
    default: return nil
    }
  }

  /// Reads "0.5", "1/4" or "e^-6".
  private static func number(_ text: Substring) -> Double? {
    if text.hasPrefix("e^") { return Double(text.dropFirst(2)).map { exp($0) } }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    switch parts.count {
    case 1: return parts[0]
    case 2: return parts[0].flatMap { numerator in parts[1].map { numerator / $0 } }
    default: return nil
    }
  }
}
