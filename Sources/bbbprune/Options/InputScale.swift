import ArgumentParser

/// The factor that turns a byte of input into a number: "0.00392", "1/255".
struct InputScale: ExpressibleByArgument, Sendable {
  let factor: Double

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, (1...2).contains(parts.count) else { return nil }
    let factor = numbers.count == 2 ? numbers[0] / numbers[1] : numbers[0]
    guard factor.isFinite, factor != 0 else { return nil }
    self.factor = factor
  }
}
