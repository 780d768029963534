import BBBPosterior

/// One line on standard error that names what is taken for granted about a checkpoint's network.
enum AssumptionLine {
  /// Writes the line; nothing if the file, or the user, says all.
  static func write(_ posterior: Posterior) {
    let assumptions = posterior.assumptions.map(\.text)
    guard !assumptions.isEmpty else { return }
    StandardError.writeText(
      "assumed, since nothing in the file says so: \(assumptions.joined(separator: ", "))\n")
  }
}
