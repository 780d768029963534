import ArgumentParser
import Foundation

/// The `--threads` option.
struct ThreadOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads to use; the result does not depend on it. Default: all cores.", valueName: "count"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("Give '--threads' a count of at least 1.") }
  }

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
