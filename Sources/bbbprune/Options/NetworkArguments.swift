import ArgumentParser
import BBBNetwork

extension Activation: ExpressibleByArgument {}

extension OutputMeaning {
  /// Reads what outputs are; anything else may have been meant as a file.
  init(argument: String) throws {
    guard let meaning = OutputMeaning(argument) else {
      throw ValidationError(
        "'--output \(argument)' says what the outputs are, and must be classes, binary, numbers, "
          + "numbers:DEVIATION or mean-and-log-variance; a file to write is named with '-o'.")
    }
    self = meaning
  }
}

/// Numbers with commas between.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite) else { return nil }
  }
}
