import ArgumentParser
import BBBErrors
import BBBInference
import BBBKernels
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
      PredictCommand.self, ConvertCommand.self, TrainCommand.self, MomentsCommand.self,
      DataCommand.self, ExperimentCommand.self,
    ])

  static let version = "0.1.0"

  static func main() {
    // A file that may not grow is then an error like any other, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.handle()
    // The threads of training are ours; those that OpenBLAS makes when it is loaded would only take memory.
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    do {
      try checkArguments()
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

  private static var argumentPointers: [UnsafeMutablePointer<CChar>] {
    (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
  }

  /// Checks that every argument is text, which names are taken for.
  private static func checkArguments() throws {
    for (number, argument) in argumentPointers.enumerated()
    where String(validatingCString: argument) == nil {
      throw ValidationError(
        "Argument \(number), '\(String(cString: argument).withoutControlCharacters)', is not UTF-8: give the "
          + "file a name that is.")
    }
  }
}
