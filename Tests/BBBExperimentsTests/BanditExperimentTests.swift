import BBBDatasets
import BBBTraining
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BBBExperiments

/// Several agents and runs in a folder: how they go on, and that nothing else decides them.
struct BanditExperimentTests {
  private func experiment(
    _ folder: String, interactions: Int = 60, runs: Int = 2,
    settings: BanditSettings = BanditRunTests.settings, tableSeed: UInt64 = 1
  ) throws -> BanditExperiment {
    BanditExperiment(
      table: try SmallMushrooms.table(seed: tableSeed), settings: settings,
      agents: BanditRunTests.agents, runCount: runs, interactions: interactions, folder: folder)
  }

  private func finish(
    _ experiment: BanditExperiment, threads: Int = 1
  ) throws -> [BanditExperiment.RunName: BanditTrace] {
    try #require(
      try experiment.run(threadCount: threads, isCancelled: { false }, report: { _ in }))
  }

  /// The content of all files of a folder.
  private func files(_ folder: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(filePath: folder + "/" + $0)))
      })
  }

  @Test func `runs that go on are what they would have been, and threads do not matter`() throws {
    try withTemporaryFolder { whole in
      let traces = try finish(experiment(whole))
      let expected = try files(whole)
      #expect(
        Set(expected.keys) == [
          "bayes-run1.state", "bayes-run2.state", "greedy-5-run1.state", "greedy-5-run2.state",
        ])
      #expect(traces.values.allSatisfy { $0.interactions == 60 })
      try withTemporaryFolder { parts in
        // Fewer runs and interactions first, then a run that is broken off, then the rest.
        _ = try finish(experiment(parts, interactions: 23, runs: 1))
        let count = Mutex(0)
        let stopped = try experiment(parts).run(
          threadCount: 2,
          isCancelled: { count.withLock { $0 >= 30 } },
          report: { if case .progress = $0 { count.withLock { $0 += 1 } } })
        #expect(stopped == nil)
        #expect(try files(parts) != expected)
        #expect(try finish(experiment(parts), threads: 3) == traces)
        #expect(try files(parts) == expected)
        // Nothing is left to do.
        #expect(try finish(experiment(parts)) == traces)
      }
    }
  }

  @Test func `tells how far it is, and of each run that ends`() throws {
    try withTemporaryFolder { folder in
      let fractions = Mutex<[Double]>([])
      let names = Mutex<[String]>([])
      _ = try experiment(folder, interactions: 5).run(
        threadCount: 2, isCancelled: { false },
        report: { event in
          switch event {
          case .progress(let fraction): fractions.withLock { $0.append(fraction) }
          case .finished(let run, let trace, let seconds):
            names.withLock { $0.append("\(run.agent.name) \(run.number)") }
            #expect(trace.interactions == 5 && seconds > 0)
          }
        })
      let told = fractions.withLock { $0 }
      #expect(told.count == 20 && told == told.sorted() && told.last == 1)
      #expect(
        names.withLock { $0.sorted() } == ["bayes 1", "bayes 2", "greedy-5 1", "greedy-5 2"])
    }
  }

  @Test func `a folder keeps its settings, its mushrooms and what has been done`() throws {
    try withTemporaryFolder { folder in
      _ = try finish(experiment(folder, interactions: 8))
      let before = try files(folder)
      var other = BanditRunTests.settings
      other.rewardDeviation = 2
      let refused: [(BanditExperiment, String)] = [
        (try experiment(folder, interactions: 9, settings: other), "other settings"),
        (try experiment(folder, interactions: 9, tableSeed: 2), "other mushrooms"),
        (try experiment(folder, interactions: 7), "8 interactions already"),
      ]
      for (experiment, part) in refused {
        let error = try #require(throws: TrainingError.self) { try finish(experiment) }
        #expect(error.code == .notResumable)
        #expect("\(error)".contains(part) && "\(error)".contains(".state: "), "\(error)")
      }
      #expect(try files(folder) == before)
    }
  }

  @Test func `an agent goes on whatever the settings say of others`() throws {
    try withTemporaryFolder { folder in
      _ = try finish(experiment(folder, interactions: 8))
      var other = BanditRunTests.settings
      other.greedyLearningRate.start = 0.1
      let error = try #require(throws: TrainingError.self) {
        try finish(experiment(folder, interactions: 9, settings: other))
      }
      #expect("\(error)".contains("greedy-5-run1.state"), "\(error)")
      let bayes = BanditExperiment(
        table: try SmallMushrooms.table(), settings: other, agents: [.bayesByBackprop], runCount: 2,
        interactions: 9, folder: folder)
      #expect(try finish(bayes).values.allSatisfy { $0.interactions == 9 })
    }
  }

  @Test func `a damaged state is refused, wherever it is damaged`() throws {
    try withTemporaryFolder { folder in
      _ = try finish(experiment(folder, interactions: 8, runs: 1))
      let path = folder + "/bayes-run1.state"
      let good = [UInt8](try Data(contentsOf: URL(filePath: path)))
      var generator = SeededGenerator(seed: 6)
      var refusals = 0
      for trial in 0..<60 {
        var bad = good
        if trial < 10 {
          bad.removeLast(Int.random(in: 1..<bad.count, using: &generator))
        } else {
          // A damaged last tensor byte, or one anywhere.
          let place =
            trial < 20 ? bad.count - trial : Int.random(in: 0..<bad.count, using: &generator)
          bad[place] ^= UInt8.random(in: 1...255, using: &generator)
        }
        try Data(bad).write(to: URL(filePath: path))
        do {
          _ = try finish(experiment(folder, interactions: 9, runs: 1))
        } catch {
          refusals += 1
          #expect("\(error)".contains("bayes-run1.state"), "\(error)")
        }
        try Data(good).write(to: URL(filePath: path))
      }
      // Among the numbers of the trace and the buffer there are changes that cannot be noticed.
      #expect(refusals >= 40, "seed 6: \(refusals) of 60")
    }
  }
}
