import ArgumentParser

/// `bbbprune experiment`.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Repeats an experiment of the Bayes by Backprop paper.",
    discussion: """
      Those of Blundell et al. 2015, sections 5.2 and 5.3; section 5.1, classification and pruning, is \
      what 'train' and 'sweep' do. Each writes numbers and a figure into a folder.

      Examples:
        bbbprune experiment regression -o regression
        bbbprune experiment bandit -o bandit
      """,
    subcommands: [RegressionCommand.self, BanditCommand.self])
}
