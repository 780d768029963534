import Foundation
import Testing

/// What the package carries: `bbbprune sweep` without a checkpoint.
@Suite final class IncludedCheckpointTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
  }

  deinit { commandLine.removeFolder() }

  @Test func `sweep without arguments measures the network for the synthetic digits`() throws {
    let outcome = try commandLine.run("sweep", "--sparsity", "0,0.95", "--json", "-")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("synthetic-digits"))
    let data = Data(outcome.output.utf8)
    let curve = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let points = try #require(curve["points"] as? [[String: Any]])
    let errors = points.compactMap { $0["error"] as? Double }
    // The paper's claim: 95 % of the weights go at no cost. (Plain SGD errs 1.5 to 2.5 %.)
    #expect(errors.count == 2 && errors.allSatisfy { $0 < 0.02 }, "\(errors)")
    #expect(abs(errors[0] - errors[1]) < 0.001, "\(errors)")
  }

  @Test func `images of one's own need a checkpoint of one's own`() throws {
    let outcome = try commandLine.run("sweep", "--images", "x.npz")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("Say which network to measure on these images"))
  }
}
