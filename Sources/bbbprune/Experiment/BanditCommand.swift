import ArgumentParser
import BBBDatasets
import BBBExperiments
import BBBReports
import Foundation

/// `bbbprune experiment bandit`.
struct BanditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bandit",
    abstract: "Learns which mushrooms to eat: Thompson sampling against epsilon-greedy agents.",
    discussion: """
      Section 5.3 and Figure 6 of Blundell et al. 2015: agents meet mushrooms, eat them or leave \
      them, and learn from what that brings. Writes regret.csv, regret.svg, bandit.json and the state \
      of every run into the folder. Ctrl-C saves all runs; the same command goes on with them as if \
      nothing had happened, and more runs or steps may be asked for.

      Examples:
        bbbprune data mushroom
        bbbprune experiment bandit -o bandit
        bbbprune experiment bandit -o bandit --runs 3 --threads 1
        bbbprune experiment bandit -o short --steps 2000 --agents bayes,greedy-5
      """)

  @OptionGroup var folder: ExperimentFolder

  @Option(
    help: ArgumentHelp(
      "Where datasets are: a folder that holds agaricus-lepiota.data, or a folder 'mushroom' that "
        + "does. Default: $BBBPRUNE_DATA, then the cache folder.", valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The agents, with commas: 'bayes', and 'greedy-PERCENT' with the share of random actions.",
      valueName: "names"))
  var agents = AgentList.paper

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of runs of each agent.", valueName: "count"))
  var runs = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of mushrooms met in each run.", valueName: "count"))
  var steps = 50_000

  @OptionGroup var threads: ThreadOption
  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Learning (changes need another folder)") var options: BanditOptions

  func validate() throws {
    guard (1...1000).contains(runs) else { throw ValidationError("Give '--runs' 1 to 1000.") }
    guard (1...BanditExperiment.mostInteractions).contains(steps) else {
      throw ValidationError("Give '--steps' 1 to \(BanditExperiment.mostInteractions).")
    }
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [])
    let table = try MushroomTable(locator: DatasetLocator(explicitFolder: data))
    try folder.prepare()
    let experiment = BanditExperiment(
      table: table, settings: options.settings, agents: agents.agents, runCount: runs,
      interactions: steps, folder: folder.path)
    let traces = try Interruption.deferred { try makeRuns(of: experiment) }
    let result = BanditResult(experiment, traces)
    try folder.write(result.csv, to: "regret.csv")
    try folder.write(BanditPlot.render(result), to: "regret.svg")
    try folder.write(JSONText.encode(result), to: "bandit.json")
    try json.write(result)
    guard !json.replacesText else { return }
    try StandardOutput.writeText(
      result.table(width: StandardOutput.width)
        + "\nregret after \(NumberText.grouped(steps)) mushrooms; the curves are in "
        + "\(folder.file("regret.csv")) and \(folder.file("regret.svg"))\n")
  }

  /// Makes the runs; on Ctrl-C, ends the process when they are saved.
  private func makeRuns(
    of experiment: BanditExperiment
  ) throws -> [BanditExperiment.RunName: BanditTrace] {
    let progress = ProgressLine("bandit")
    let traces = try experiment.run(
      threadCount: threads.count, isCancelled: { Interruption.received != nil },
      report: { event in
        switch event {
        case .progress(let fraction): progress.update(fraction)
        case .finished(let run, let trace, let seconds):
          progress.finish()
          StandardError.writeText(
            "\(run.agent.name), run \(run.number): regret "
              + "\(NumberText.grouped(Int(trace.regret))), \(DurationText.short(seconds))\n")
        }
      })
    progress.finish()
    if let traces { return traces }
    StandardError.writeText(
      "interrupted; all runs are saved in \(folder.path), the same command goes on with them\n")
    Interruption.end(by: Interruption.received ?? SIGINT)
  }
}

/// Agents as they are written on the command line.
struct AgentList: ExpressibleByArgument, CustomStringConvertible {
  let agents: [BanditAgent]

  static let paper = AgentList(agents: BanditAgent.paper)

  private init(agents: [BanditAgent]) { self.agents = agents }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    agents = names.compactMap { BanditAgent(name: String($0)) }
    // A run is known by the agent's name: no two may have the same.
    guard agents.count == names.count, Set(agents.map(\.name)).count == names.count else {
      return nil
    }
  }

  var description: String { agents.map(\.name).joined(separator: ",") }
  var defaultValueDescription: String { description }
}
