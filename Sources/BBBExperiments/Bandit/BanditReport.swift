import BBBReports

extension BanditResult {
  /// A table for the terminal: one line for each agent.
  ///
  /// - Parameter width: How many characters a row may have, at least 40.
  /// - Returns: Lines of plain text.
  public func table(width: Int = 80) -> String {
    var table = TextTable([
      .name("agent"), .number("regret", unit: "mean"), .number("least", omission: 3),
      .number("most", omission: 2), .number("last fifth", unit: "mean", omission: 6),
      .number("poisonous", unit: "eaten, %", omission: 4),
      .number("edible", unit: "eaten, %", omission: 5), .text("runs", omission: 1),
    ])
    func whole(_ value: Double) -> String {
      abs(value) < 1e15 ? NumberText.grouped(Int(value.rounded())) : "\(value)"
    }
    for agent in agents {
      let regrets = agent.runs.map(\.regret)
      table.append([
        agent.agent.title, whole(agent.meanRegret), whole(regrets.min() ?? 0),
        whole(regrets.max() ?? 0), whole(agent.meanLateRegret),
        NumberText.fixed(agent.meanPoisonousShare.map { $0 * 100 }, decimals: 2),
        NumberText.fixed(agent.meanEdibleShare.map { $0 * 100 }, decimals: 2),
        regrets.map(whole).joined(separator: "  "),
      ])
    }
    return table.text(width: width, elsewhere: "bandit.json")
  }

  /// The curves as CSV: step, agent, run and cumulative regret, every 100 interactions and at the end.
  public var csv: String {
    var lines = ["step,agent,run,regret"]
    for agent in agents {
      for (number, run) in agent.runs.enumerated() {
        for point in run.points {
          let regret = NumberText.trimmed(point.regret)
          lines.append("\(point.interactions),\(agent.agent.name),\(number + 1),\(regret)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension BanditResult: Encodable {
  private struct Run: Encodable {
    var run: Int
    var regret: Double
    var lateRegret: Double
    var poisonousEaten: Int
    var edibleEaten: Int
    var edible: Int
    var interactions: Int
  }

  private struct AgentSummary: Encodable {
    var agent: String
    var meanRegret: Double
    var leastRegret: Double
    var mostRegret: Double
    var meanLateRegret: Double
    var poisonousShare: Double?
    var edibleShare: Double?
    var runs: [Run]
  }

  private enum Key: CodingKey {
    case agents, interactions, mushrooms, settings
  }

  /// Writes settings and summaries; the curves are in ``csv``.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(interactions, forKey: .interactions)
    try container.encode(mushroomCount, forKey: .mushrooms)
    try container.encode(settings, forKey: .settings)
    let summaries = agents.map { agent in
      let regrets = agent.runs.map(\.regret)
      return AgentSummary(
        agent: agent.agent.name, meanRegret: agent.meanRegret, leastRegret: regrets.min() ?? 0,
        mostRegret: regrets.max() ?? 0, meanLateRegret: agent.meanLateRegret,
        poisonousShare: agent.meanPoisonousShare, edibleShare: agent.meanEdibleShare,
        runs: agent.runs.enumerated().map { number, run in
          Run(
            run: number + 1, regret: run.regret,
            lateRegret: run.regret - run.regret(after: run.interactions / 5 * 4),
            poisonousEaten: run.poisonousEaten, edibleEaten: run.edibleEaten, edible: run.edible,
            interactions: run.interactions)
        })
    }
    try container.encode(summaries, forKey: .agents)
  }
}
