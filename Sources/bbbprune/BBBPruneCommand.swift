import ArgumentParser
import BBBInference
import Foundation

/// The root of the command line.
@main
struct BBBPruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bbbprune",
    abstract: "Turns a trained Bayesian neural network into a small, fast model.",
    discussion: """
      A Bayesian network knows a mean μ and a standard deviation σ for every weight. bbbprune \
      removes the weights with the lowest signal-to-noise ratio |μ|/σ (Blundell et al. 2015) and \
      writes what is left to a small file that runs.

      Examples:
        bbbprune data mnist
        bbbprune inspect model.pt
        bbbprune sweep model.pt --dataset mnist --plot curve.svg
        bbbprune export model.pt --sparsity 0.95 -o model.bbbz
        bbbprune evaluate model.bbbz --dataset mnist
        bbbprune predict model.bbbz --input images.npy

      Shell completions: bbbprune --generate-completion-script zsh|bash|fish
      """,
    version: version,
    subcommands: [
      InspectCommand.self, SweepCommand.self, ExportCommand.self, EvaluateCommand.self,
      PredictCommand.self, TrainCommand.self, DataCommand.self, ExperimentCommand.self,
    ])

  static let version = "0.1.0"

  static func main() {
    // A file that may not grow is then an error like any other, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    let interruption = Interruption.handle()
    defer { withExtendedLifetime(interruption) {} }
    do {
      if let problem = InstructionSet.unmetRequest { throw ValidationError(problem) }
      var command = try parseAsRoot()
      do {
        try command.run()
      } catch {
        Failure(error, of: type(of: command)).exit()
      }
    } catch {
      Failure(error).exit()
    }
  }
}
