import ArgumentParser
import BBBTraining

/// A likelihood as it is written on the command line.
struct LikelihoodArgument: ExpressibleByArgument {
  let likelihood: Likelihood

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts[0], parts.count) {
    case ("categorical", 1): likelihood = .categorical
    case ("binary", 1): likelihood = .binary
    case ("gaussian", 2):
      guard let deviation = Double(parts[1]) else { return nil }
      likelihood = .gaussian(deviation: deviation)
    default: return nil
    }
  }
}
