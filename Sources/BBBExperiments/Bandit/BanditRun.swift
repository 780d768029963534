import BBBDatasets
import BBBKernels
import BBBTensors
import BBBTraining

/// One agent in one run: meets mushrooms, decides, and learns.
///
/// Not to be used from several threads at once.
final class BanditRun {
  let agent: BanditAgent
  /// The number of the run, counted from 1.
  let number: Int
  let settings: BanditSettings
  let table: MushroomTable
  private(set) var trace = BanditTrace()
  private(set) var buffer: InteractionBuffer
  let trainer: MinibatchTrainer
  private let bandit: MushroomBandit
  private let seeds: Seeds

  /// The seeds of what is random in a run, the same for all agents.
  private struct Seeds {
    let bandit: UInt64
    let exploration: UInt64
    let minibatches: UInt64
    let network: UInt64

    init(seed: UInt64, run: Int) {
      var numbers = SplitMix64(seed: seed, interaction: run)
      bandit = numbers.next()
      exploration = numbers.next()
      minibatches = numbers.next()
      network = numbers.next()
    }
  }

  /// Prepares a run.
  init(
    _ agent: BanditAgent, number: Int, settings: BanditSettings, table: MushroomTable
  ) throws(TrainingError) {
    try settings.check()
    self.agent = agent
    self.number = number
    self.settings = settings
    self.table = table
    seeds = Seeds(seed: settings.seed, run: number)
    bandit = MushroomBandit(table, seed: seeds.bandit)
    buffer = InteractionBuffer(capacity: settings.bufferCapacity)
    trainer = try MinibatchTrainer(
      try settings.configuration(
        for: agent, contextCount: table.columns.count, seed: seeds.network))
  }

  /// Goes on with a run that was saved.
  convenience init(
    resuming file: TensorFile, _ agent: BanditAgent, number: Int, settings: BanditSettings,
    table: MushroomTable
  ) throws(TrainingError) {
    let state = try BanditState(file)
    try state.check(agent, number: number, settings: settings, table: table, file: file)
    try self.init(agent, number: number, settings: settings, table: table)
    try trainer.restore(
      from: file, stepCount: state.trace.interactions * settings.stepsPerInteraction,
      checksum: state.tensorChecksum)
    trace = state.trace
    buffer = state.buffer
  }

  /// Meets one mushroom, and learns from it.
  func interact() throws(TrainingError) {
    let encounter = bandit.encounter(at: trace.interactions)
    let action = decide(encounter.mushroom)
    let reward = bandit.reward(for: action, encounter)
    buffer.add(.init(mushroom: encounter.mushroom, action: action, reward: reward))
    try learn()
    trace.add(
      action, isEdible: table.isEdible[encounter.mushroom],
      regret: bandit.oracleReward(encounter) - reward)
  }

  /// Chooses what promises the most, or now and then at random; nothing is eaten that promises nothing.
  private func decide(_ mushroom: Int) -> MushroomAction {
    var random = SplitMix64(seed: seeds.exploration, interaction: trace.interactions)
    if random.nextUniform() < agent.exploration {
      return MushroomAction.allCases.randomElement(using: &random) ?? .leave
    }
    let rewards = expectedRewards(ofMushroom: mushroom)
    return rewards[MushroomAction.eat.rawValue] > rewards[MushroomAction.leave.rawValue]
      ? .eat : .leave
  }

  /// What the network expects of each action: for Bayes by Backprop the average over some draws of the
  /// weights, each used for both actions.
  func expectedRewards(ofMushroom mushroom: Int) -> [Double] {
    let actions = MushroomAction.allCases
    for (row, action) in actions.enumerated() { write(mushroom, action, toRow: row) }
    var sums = [Double](repeating: 0, count: actions.count)
    let draws = agent == .bayesByBackprop ? settings.decisionDraws : 1
    for draw in 0..<draws {
      let outputs = trainer.predict(
        rows: actions.count, weights: agent == .bayesByBackprop ? .draw(draw) : .means)
      for row in sums.indices { sums[row] += Double(outputs[row]) / Double(draws) }
    }
    return sums
  }

  /// Writes the inputs of a row: the mushroom's columns, then one for each action.
  private func write(_ mushroom: Int, _ action: MushroomAction, toRow row: Int) {
    let contextCount = table.columns.count
    let width = contextCount + MushroomAction.allCases.count
    let inputs = trainer.inputs + row * width
    inputs.update(repeating: 0, count: width)
    for place in table.places(ofMushroom: mushroom) { inputs[Int(place)] = 1 }
    inputs[contextCount + action.rawValue] = 1
  }

  /// Takes the training steps of one interaction, on minibatches drawn from the buffer with
  /// replacement.
  private func learn() throws(TrainingError) {
    var random = SplitMix64(seed: seeds.minibatches, interaction: trace.interactions)
    let dataCount =
      switch settings.weighting {
      case .full: buffer.capacity
      case .held: buffer.count
      }
    let share =
      settings.bayes.temperature * Double(settings.minibatchSize) / Double(dataCount)
    let rate = settings.learningRate(of: agent).rate(at: trace.interactions)
    for _ in 0..<settings.stepsPerInteraction {
      for row in 0..<settings.minibatchSize {
        let interaction = buffer[Int(random.next(upperBound: UInt64(buffer.count)))]
        write(interaction.mushroom, interaction.action, toRow: row)
        trainer.targets[row] = Float(interaction.reward)
      }
      try trainer.step(
        rows: settings.minibatchSize, learningRate: rate, complexityShare: share)
    }
  }
}
