/// What the agents of an experiment have brought upon themselves.
public struct BanditResult: Sendable {
  /// The runs of one agent.
  public struct Agent: Sendable {
    /// The agent.
    public let agent: BanditAgent
    /// Its runs, by number; at least one.
    public let runs: [BanditTrace]

    /// The mean over the runs of their regrets at the end.
    public var meanRegret: Double { Self.mean(runs.map(\.regret)) }

    /// The mean regret of the last fifth of the interactions alone: how much is still to be learned.
    public var meanLateRegret: Double {
      Self.mean(runs.map { $0.regret - $0.regret(after: $0.interactions / 5 * 4) })
    }

    /// The mean over the runs of the share of poisonous mushrooms that was eaten.
    public var meanPoisonousShare: Double? { Self.mean(runs.map(\.poisonousShare)) }

    /// The mean over the runs of the share of edible mushrooms that was eaten.
    public var meanEdibleShare: Double? { Self.mean(runs.map(\.edibleShare)) }

    /// The curve of the runs: their mean, the least and the most.
    var curve: [(interactions: Int, mean: Double, least: Double, most: Double)] {
      guard let first = runs.first else { return [] }
      let points = runs.map(\.points)
      return first.points.indices.map { place in
        let regrets = points.map { $0[place].regret }
        return (
          first.points[place].interactions, Self.mean(regrets), regrets.min() ?? 0,
          regrets.max() ?? 0
        )
      }
    }

    private static func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(values.count)
    }

    private static func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap(\.self)
      return known.isEmpty ? nil : mean(known)
    }
  }

  /// The agents, in the order in which they were asked for.
  public let agents: [Agent]
  /// The number of interactions of each run.
  public let interactions: Int
  /// What decided the runs.
  public let settings: BanditSettings
  /// The number of mushrooms in the table.
  public let mushroomCount: Int

  /// Puts the runs of a finished experiment together.
  ///
  /// - Parameters:
  ///   - experiment: The experiment.
  ///   - traces: What ``BanditExperiment/run(threadCount:isCancelled:report:)`` gave.
  public init(_ experiment: BanditExperiment, _ traces: [BanditExperiment.RunName: BanditTrace]) {
    agents = experiment.agents.map { agent in
      Agent(
        agent: agent,
        runs: traces.filter { $0.key.agent == agent }
          .sorted { $0.key.number < $1.key.number }.map(\.value))
    }
    interactions = experiment.interactions
    settings = experiment.settings
    mushroomCount = experiment.table.count
  }
}

extension BanditTrace {
  /// The regret after a number of interactions, rounded down to where it is known.
  func regret(after interactions: Int) -> Double {
    let entry = min(interactions / Self.spacing, regrets.count)
    return entry > 0 ? regrets[entry - 1] : 0
  }
}
