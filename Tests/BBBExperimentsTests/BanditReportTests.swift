import BBBReports
import Foundation
import TestSupport
import Testing

@testable import BBBExperiments

struct BanditReportTests {
  /// Two agents, two runs each, of 250 interactions with known regrets.
  private func result() throws -> BanditResult {
    let agents: [BanditAgent] = [.bayesByBackprop, .greedy(exploration: 0.05)]
    let experiment = BanditExperiment(
      table: try SmallMushrooms.table(), settings: BanditSettings(), agents: agents, runCount: 2,
      interactions: 250, folder: "")
    var traces: [BanditExperiment.RunName: BanditTrace] = [:]
    for (place, agent) in agents.enumerated() {
      for number in 1...2 {
        var trace = BanditTrace()
        // Every fourth is poisonous, and eaten every eighth time.
        for step in 0..<250 {
          let isEdible = step % 4 != 0
          let isEaten = isEdible || step % 8 == 0
          trace.add(
            isEaten ? .eat : .leave, isEdible: isEdible,
            regret: Double(5 * (place * 10 + number)))
        }
        traces[.init(agent: agent, number: number)] = trace
      }
    }
    return BanditResult(experiment, traces)
  }

  @Test func `the curves as rows`() throws {
    let lines = try result().csv.split(separator: "\n")
    #expect(lines.count == 1 + 2 * 2 * 3)
    #expect(lines[0] == "step,agent,run,regret")
    #expect(
      lines[1...6] == [
        "100,bayes,1,500", "200,bayes,1,1000", "250,bayes,1,1250", "100,bayes,2,1000",
        "200,bayes,2,2000", "250,bayes,2,2500",
      ])
    #expect(lines.last == "250,greedy-5,2,15000")
  }

  @Test func `the table has mean, least, most and late regret and what was eaten`() throws {
    let lines = try result().table(width: 120).split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    // 32 of 63 poisonous ones were eaten.
    #expect(lines[2] == "Bayes by Backprop 1,875 1,250 2,500 375 50.79 100.00 1,250 2,500")
    #expect(lines[3] == "ε-greedy 5 % 14,375 13,750 15,000 2,875 50.79 100.00 13,750 15,000")
  }

  @Test func `the table fits any width, and keeps agents and their regret`() throws {
    for width in [40, 60, 80, 120, 200] {
      let lines = try result().table(width: width).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width })
      #expect(lines[0].hasPrefix("agent") && lines[0].contains("regret"))
    }
    #expect(try result().table(width: 40).contains("and by bandit.json)"))
  }

  @Test func `JSON has the settings and the same numbers`() throws {
    let text = try JSONText.encode(try result())
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["interactions"] as? Int == 250 && json["mushrooms"] as? Int == 60)
    #expect((json["settings"] as? [String: Any])?["bufferCapacity"] as? Int == 4096)
    let agents = try #require(json["agents"] as? [[String: Any]])
    #expect(agents.map { $0["agent"] as? String } == ["bayes", "greedy-5"])
    #expect(agents[0]["meanRegret"] as? Double == 1875)
    #expect((agents[0]["runs"] as? [[String: Any]])?[1]["poisonousEaten"] as? Int == 32)
  }

  @Test func `the figure has a line and a band for each agent`() throws {
    let text = BanditPlot.render(try result())
    let picture = try XMLDocumentCounts(text)
    #expect(picture["polygon"] == 2)
    // The curves, and their samples in the legend.
    #expect(picture["polyline"] == 4)
    for part in ["Bayes by Backprop", "ε-greedy 5 %", "(log scale)", "mean of 2 runs"] {
      #expect(text.contains(part))
    }
    #expect(text == BanditPlot.render(try result()))
  }

  @Test func `agents without regret have a figure as well`() throws {
    let experiment = BanditExperiment(
      table: try SmallMushrooms.table(), settings: BanditSettings(), agents: [.bayesByBackprop],
      runCount: 1, interactions: 3, folder: "")
    var trace = BanditTrace()
    for _ in 0..<3 { trace.add(.leave, isEdible: false, regret: 0) }
    let result = BanditResult(
      experiment, [.init(agent: .bayesByBackprop, number: 1): trace])
    #expect(try XMLDocumentCounts(BanditPlot.render(result))["svg"] == 1)
    #expect(result.table().contains("–"))
  }
}
