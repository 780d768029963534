import ArgumentParser
import BBBDatasets
import BBBExperiments
import BBBTraining
import Foundation

/// `bbbprune experiment bandit`.
struct BanditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bandit",
    abstract: "Learns which mushrooms to eat: Thompson sampling against epsilon-greedy agents.")

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder.", valueName: "folder"))
  var output: String

  @Option var data: String?
  @Option var agents: String = "bayes,greedy-0,greedy-1,greedy-5"
  @Option var runs = 5
  @Option var steps = 50_000
  @Option var seed: UInt64 = 0
  @Option var deviation = 1.0
  @Option var prior: PriorArgument?
  @Option(parsing: .unconditional) var initialRho: Double?
  @Option var rhoRate: Double?
  @Option var temperature: Double?
  @Option var weighting: String = "full"
  @Option var learningRate: Double = 1e-3
  @Option var plainLearningRate: Double = 1e-3
  @Flag var local = false
  @OptionGroup var threads: ThreadOption

  func run() throws {
    var bayes = BayesByBackprop()
    if let prior { bayes.prior = prior.prior }
    if let initialRho { bayes.initialRho = initialRho }
    if let rhoRate { bayes.rhoRate = rhoRate }
    if let temperature { bayes.temperature = temperature }
    if local { bayes.estimator = .localReparametrisation }
    let settings = BanditSettings(
      seed: seed, rewardDeviation: deviation, bayes: bayes,
      weighting: BanditSettings.Weighting(rawValue: weighting) ?? .full, learningRate: learningRate,
      plainLearningRate: plainLearningRate)
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let experiment = BanditExperiment(
      table: try MushroomTable(locator: DatasetLocator(explicitFolder: data)), settings: settings,
      agents: agents.split(separator: ",").compactMap { BanditAgent(name: String($0)) },
      runCount: runs, interactions: steps, folder: output)
    let progress = ProgressLine("bandit")
    let results = try experiment.run(
      threadCount: threads.count, isCancelled: { Interruption.received != nil },
      report: { event in
        switch event {
        case .progress(let fraction): progress.update(fraction)
        case .finished(let run, let trace, let seconds):
          StandardError.write(
            "\(run.agent.name) \(run.number) \(trace.regret) \(trace.poisonousEaten) \(trace.edible-trace.edibleEaten) \(Int(seconds)) s"
              + " \(trace.regrets.enumerated().filter { ($0.offset + 1) % 10 == 0 }.map { Int($0.element) })\n"
          )
        }
      })
    _ = results
  }
}
