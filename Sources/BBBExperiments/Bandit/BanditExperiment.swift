import BBBDatasets
import BBBKernels
import BBBTensors
import BBBTraining
import Foundation
import Synchronization

/// Several agents in several runs each, in a folder of their own (Blundell and others 2015, section 5.3).
public struct BanditExperiment: Sendable {
  /// The mushrooms.
  public let table: MushroomTable
  /// What decides the runs.
  public let settings: BanditSettings
  /// The agents.
  public let agents: [BanditAgent]
  /// The number of runs of each.
  public let runCount: Int
  /// The number of interactions of each run.
  public let interactions: Int
  /// Where the runs are saved.
  public let folder: String

  /// The most interactions that a run may have.
  public static let mostInteractions = 100_000_000

  /// Plans an experiment.
  ///
  /// - Parameters:
  ///   - table: The mushrooms.
  ///   - settings: What decides the runs.
  ///   - agents: The agents.
  ///   - runCount: The number of runs of each.
  ///   - interactions: The number of interactions of each run.
  ///   - folder: Where the runs are saved; it is there.
  public init(
    table: MushroomTable, settings: BanditSettings, agents: [BanditAgent], runCount: Int,
    interactions: Int, folder: String
  ) {
    self.table = table
    self.settings = settings
    self.agents = agents
    self.runCount = runCount
    self.interactions = interactions
    self.folder = folder
  }

  /// One agent in one run.
  public struct RunName: Hashable, Sendable {
    /// The agent.
    public let agent: BanditAgent
    /// The number of the run, counted from 1.
    public let number: Int
  }

  /// What is told while the runs are made.
  public enum Event: Sendable {
    /// The share of all interactions still to be done that is done, 0…1.
    case progress(Double)
    /// A run has come to its end.
    case finished(RunName, BanditTrace, seconds: Double)
  }

  /// The runs, in the order in which they are begun: first runs of all agents first.
  private var runs: [RunName] {
    guard runCount > 0 else { return [] }
    return (1...runCount).flatMap { number in agents.map { RunName(agent: $0, number: number) } }
  }

  /// The path of a run's saved state.
  func statePath(_ run: RunName) -> String {
    "\(folder)/\(run.agent.name)-run\(run.number).state"
  }

  /// Makes the runs, or goes on with them; each is saved now and then, and at its end.
  ///
  /// - Parameters:
  ///   - threadCount: How many runs are made side by side; the results do not depend on it.
  ///   - isCancelled: Is asked between interactions; once it says so, all runs are saved and left.
  ///   - report: Is told how it goes, from any thread, one event at a time.
  /// - Returns: The traces, by agent and run; `nil` if it was cancelled.
  /// - Throws: What keeps a run from being made; the others have been saved.
  public func run(
    threadCount: Int, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Event) -> Void
  ) throws -> [RunName: BanditTrace]? {
    let runs = runs
    var results: [RunName: BanditTrace] = [:]
    var doneBefore = 0
    for run in runs {
      // Every file is read before hours of work.
      guard let trace = try savedTrace(of: run) else { continue }
      results[run] = trace
      doneBefore += trace.interactions
    }
    let open = runs.filter { results[$0]?.interactions != interactions }
    let work = Work(
      total: runs.count * interactions - doneBefore, isCancelled: isCancelled, report: report)
    let found = Mutex(results)
    let most = min(threadCount, open.count)
    let simultaneous = most > 1 ? try MinibatchTrainer.simultaneousTrainers(upTo: most) : most
    performConcurrently(pieceCount: open.count, threadCount: simultaneous) { place, _ in
      guard !work.isStopped else { return }
      do {
        let trace = try finish(open[place], work)
        found.withLock { $0[open[place]] = trace }
      } catch {
        work.fail(error)
      }
    }
    if let failure = work.failure { throw failure }
    return work.isStopped ? nil : found.withLock { $0 }
  }

  /// How far a run has come; `nil` if it has not begun.
  private func savedTrace(of run: RunName) throws -> BanditTrace? {
    guard FileManager.default.fileExists(atPath: statePath(run)) else { return nil }
    let file = try TensorFile(contentsOf: statePath(run))
    let state = try BanditState(file)
    try state.check(
      run.agent, number: run.number, settings: settings, table: table, file: file)
    guard state.trace.interactions <= interactions else {
      throw TrainingError(
        .notResumable, path: file.path,
        "the run has had \(state.trace.interactions) interactions already; ask for at"
          + " least as many, or choose another folder")
    }
    return state.trace
  }

  /// Takes one run to its end, or to where work stops.
  private func finish(_ name: RunName, _ work: Work) throws -> BanditTrace {
    let start = ContinuousClock.now
    let path = statePath(name)
    let run =
      FileManager.default.fileExists(atPath: path)
      ? try BanditRun(
        resuming: TensorFile(contentsOf: path), name.agent, number: name.number, settings: settings,
        table: table)
      : try BanditRun(name.agent, number: name.number, settings: settings, table: table)
    var lastSaved = start
    while run.trace.interactions < interactions, !work.isStopped {
      try run.interact()
      work.addInteraction()
      if ContinuousClock.now - lastSaved >= .seconds(30) {
        try OutputFile.write(run.savedState(), to: path)
        lastSaved = .now
      }
    }
    try OutputFile.write(run.savedState(), to: path)
    if run.trace.interactions == interactions {
      work.tell(
        .finished(name, run.trace, seconds: (ContinuousClock.now - start) / .seconds(1)))
    }
    return run.trace
  }
}
