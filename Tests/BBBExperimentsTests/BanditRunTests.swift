import BBBDatasets
import BBBPosterior
import BBBTraining
import Testing

@testable import BBBExperiments

/// One agent among mushrooms.
struct BanditRunTests {
  static let agents: [BanditAgent] = [.bayesByBackprop, .greedy(exploration: 0.05)]

  static let settings = BanditSettings(
    seed: 3, hiddenSizes: [12], bufferCapacity: 256, minibatchSize: 16, stepsPerInteraction: 8,
    rewardDeviation: 1, bayes: BayesByBackprop(prior: .gaussian(deviation: 1)),
    learningRate: .init(start: 3e-3, halving: 500), greedyLearningRate: .init(start: 3e-3))

  private func run(_ agent: BanditAgent, _ table: MushroomTable) throws -> BanditRun {
    try BanditRun(agent, number: 1, settings: Self.settings, table: table)
  }

  @Test func `an input is the mushroom's columns and then the action's`() throws {
    // Two values of the first attribute and one of each other: 23 columns, then eat and leave.
    let rest = String(repeating: ",w", count: 21)
    let table = try MushroomTable([UInt8]("e,a\(rest)\np,b\(rest)".utf8), path: "two.data")
    let run = try run(.bayesByBackprop, table)
    for (mushroom, first) in [[1, 0], [0, 1]].enumerated() {
      _ = run.expectedRewards(ofMushroom: mushroom)
      let context = first + [Int](repeating: 1, count: 21)
      let inputs = (0..<50).map { Int(run.trainer.inputs[$0]) }
      #expect(inputs == context + [1, 0] + context + [0, 1])
    }
  }

  @Test func `a decision averages the outputs of two draws, each used for both actions`() throws {
    let table = try SmallMushrooms.table()
    let run = try run(.bayesByBackprop, table)
    for _ in 0..<5 { try run.interact() }
    let rewards = run.expectedRewards(ofMushroom: 7)
    let inputs = (0..<2 * run.trainer.configuration.network.inputCount).map {
      run.trainer.inputs[$0]
    }
    let first = run.trainer.predict(inputs, weights: .draw(0))
    let second = run.trainer.predict(inputs, weights: .draw(1))
    for action in 0..<2 {
      let average = (Double(first[action]) + Double(second[action])) / 2
      #expect(abs(rewards[action] - average) < 1e-6)
    }
    #expect(first != second)
    let greedy = try self.run(.greedy(exploration: 0), table)
    let weights = greedy.expectedRewards(ofMushroom: 7)
    #expect(weights == greedy.expectedRewards(ofMushroom: 7))
  }

  @Test(arguments: agents)
  func `an agent learns what not to eat`(agent: BanditAgent) throws {
    var settings = Self.settings
    // Unsure enough at the start to go on eating after the first harm.
    settings.bayes.initialRho = -1.5
    settings.rewardDeviation = 3
    let run = try BanditRun(
      agent, number: 1, settings: settings, table: SmallMushrooms.table())
    for _ in 0..<600 { try run.interact() }
    // Who decides by tossing a coin has an expected regret of 5 each time: half of the edible are
    // left, at 5 each, and half of the poisonous are eaten, at 15.
    let late = run.trace.regret - run.trace.regret(after: 400)
    // How much less depends on luck, and so on how a processor rounds.
    #expect(late < 0.6 * 5 * 200, "regret of the last 200: \(late), seed 3")
    #expect(run.buffer.count == 256)
    #expect(run.trainer.stepCount == 600 * 8)
  }

  @Test func `exploration is as frequent as it is said to be`() throws {
    // Nothing is learned, and an untrained network never changes its mind about a mushroom.
    var settings = Self.settings
    settings.stepsPerInteraction = 0
    let table = try SmallMushrooms.table(count: 2)
    func trace(_ exploration: Double) throws -> BanditTrace {
      let run = try BanditRun(
        .greedy(exploration: exploration), number: 2, settings: settings, table: table)
      for _ in 0..<4000 { try run.interact() }
      return run.trace
    }
    let never = try trace(0)
    let half = try trace(0.5)
    let poisonous = never.interactions - never.edible
    #expect([0, poisonous].contains(never.poisonousEaten), "without exploration it is of one mind")
    // Half of the actions are random, and half of those differ from what the network wants.
    let changed = abs(half.poisonousEaten - never.poisonousEaten)
    let expected = Double(poisonous) / 4
    let deviation = (expected * 0.75).squareRoot()
    #expect(abs(Double(changed) - expected) < 5 * deviation, "\(changed) of \(poisonous)")
  }

  @Test func `all agents of a run meet the same mushrooms`() throws {
    let table = try SmallMushrooms.table()
    let edible = try Self.agents.map { agent in
      let run = try run(agent, table)
      for _ in 0..<50 { try run.interact() }
      return run.trace.edible
    }
    #expect(Set(edible).count == 1)
    let other = try BanditRun(.bayesByBackprop, number: 2, settings: Self.settings, table: table)
    let first = try run(.bayesByBackprop, table)
    for _ in 0..<50 {
      try other.interact()
      try first.interact()
    }
    let met = [first, other].map { run in (0..<50).map { run.buffer[$0].mushroom } }
    #expect(met[0] != met[1])
  }

  @Test func `a learning rate is half when it should be, and then falls on`() {
    let rate = BanditLearningRate(start: 0.5, halving: 300)
    #expect([0, 300, 900, 4500].map(rate.rate) == [0.5, 0.25, 0.125, 0.03125])
    #expect(BanditLearningRate(start: 0.5).rate(at: 1_000_000) == 0.5)
  }

  @Test(arguments: ["bayes", "greedy-0", "greedy-1", "greedy-5", "greedy-2.5"])
  func `agents are known by their names`(name: String) throws {
    let agent = try #require(BanditAgent(name: name))
    #expect(agent.name == name)
  }

  @Test(arguments: [
    "", "greedy", "greedy-", "greedy-x", "greedy-101", "greedy--1", "Bayes", "greedy-nan",
  ])
  func `what is no name of an agent`(name: String) { #expect(BanditAgent(name: name) == nil) }

  @Test(arguments: [
    BanditSettings(bufferCapacity: 0), BanditSettings(minibatchSize: 1),
    BanditSettings(stepsPerInteraction: -1), BanditSettings(decisionDraws: 0),
    BanditSettings(learningRate: .init(start: 1, halving: 0)),
    BanditSettings(greedyLearningRate: .init(start: 1, halving: -2)),
    BanditSettings(rewardDeviation: 0), BanditSettings(hiddenSizes: [0]),
  ])
  func `settings that make no sense are refused`(settings: BanditSettings) throws {
    let error = try #require(throws: TrainingError.self) {
      _ = try BanditRun(
        .bayesByBackprop, number: 1, settings: settings, table: SmallMushrooms.table())
    }
    #expect(error.code == .invalidConfiguration)
  }

  @Test func `the paper's agents, buffer and training are the defaults`() throws {
    let settings = BanditSettings()
    #expect(BanditAgent.paper.map(\.name) == ["bayes", "greedy-0", "greedy-1", "greedy-5"])
    #expect(settings.bufferCapacity == 4096)
    #expect(settings.minibatchSize == 64 && settings.stepsPerInteraction == 64)
    #expect(settings.decisionDraws == 2)
    let configuration = try settings.configuration(
      for: .bayesByBackprop, contextCount: 117, seed: 1)
    #expect(configuration.network.layerSizes?.sizes == [119, 100, 100, 1])
  }
}
